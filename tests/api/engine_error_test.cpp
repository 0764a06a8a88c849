#include "engine/api/engine_error.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(EngineError, keepsADetailOfUsualLength) {
  const std::string path = "/home/somebody/" + std::string(200, 'x') + "/model.safetensors";
  EXPECT_EQ(EngineException(ErrorKind::BadFile, "Broken.", path).error().detail, path);
}

TEST(EngineError, showsTheEndsOfAHugeName) {
  const std::string name = "begin" + std::string(3'000'000, 'x') + "end";
  const Sentence wording{"The file is broken.", {}};
  for (const EngineError& error :
       {EngineException(ErrorKind::BadFile, "The file is broken.", name).error(),
        EngineException(ErrorKind::BadFile, wording, name).error(), makeError(ErrorKind::BadFile, wording, name)}) {
    EXPECT_LT(error.detail.size(), 300U);
    EXPECT_TRUE(error.detail.starts_with("beginx"));
    EXPECT_TRUE(error.detail.ends_with("xend"));
    EXPECT_NE(error.detail.find("…"), std::string::npos);
  }
}

TEST(EngineError, cutsBetweenCharacters) {
  for (int shift = 0; shift < 3; ++shift) {
    std::string name(static_cast<std::size_t>(shift), 'x');
    for (int i = 0; i < 1000; ++i) name += "あ";  // three bytes
    const std::string shown = shortDetail(name);
    EXPECT_EQ((shown.size() - static_cast<std::size_t>(shift)) % 3, 0U);
    std::string cut = name.substr(0, shown.find("…"));
    EXPECT_EQ((cut.size() - static_cast<std::size_t>(shift)) % 3, 0U);
  }
}

}  // namespace
}  // namespace studio::engine
