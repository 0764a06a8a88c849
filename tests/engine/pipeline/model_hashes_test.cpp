#include "engine/pipeline/model_hashes.h"

#include <gtest/gtest.h>

#include <fstream>

namespace studio::engine {
namespace {

// SHA-256 of "abc" and of "abd" (FIPS 180-4 and coreutils).
const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kAbd = "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

class ModelHashesTest : public testing::Test {
 protected:
  ModelHashesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "kiln-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ModelHashesTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path add(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    files_.push_back(folder_ / name);
    return folder_ / name;
  }
  static std::string safetensors(const std::string& header, const std::string& data) {
    return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + data;
  }
  std::filesystem::path find(const std::string& hash) const {
    return ModelHashes(folder_ / "cache").find(hash, files_, {});
  }

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(ModelHashesTest, findsFilesByTheirShaInEveryLength) {
  add("other.ckpt", "xyz");
  const auto wanted = add("wanted.ckpt", "abc");
  EXPECT_EQ(find(kAbc), wanted);
  EXPECT_EQ(find(kAbc.substr(0, 10)), wanted);
  EXPECT_EQ(find("sha256:BA7816BF8F"), wanted);
  EXPECT_EQ(find(kAbd), "");
}

TEST_F(ModelHashesTest, findsSafetensorsByTheHashOfTheirData) {
  add("other.safetensors", safetensors("{}", "abd"));
  const auto wanted = add("wanted.safetensors", safetensors("{ }", "abc"));
  EXPECT_EQ(find(kAbc.substr(0, 12)), wanted);
  EXPECT_EQ(find("0x" + kAbc), wanted);
}

TEST_F(ModelHashesTest, believesTheHashInAHeaderWithoutReadingTheRest) {
  const auto wanted =
      add("a.safetensors", safetensors("{\"__metadata__\":{\"sshs_model_hash\": \"" + kAbd + "\"}}", "no"));
  EXPECT_EQ(find(kAbd.substr(0, 12)), wanted);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "cache"));
}

TEST_F(ModelHashesTest, findsFilesByTheOldShortHash) {
  add("small.ckpt", "abc");
  const auto wanted = add("large.ckpt", std::string(0x100000, 'x') + "abc");
  EXPECT_EQ(find(kAbc.substr(0, 8)), wanted);
}

TEST_F(ModelHashesTest, readsEachFileOnceUntilItChanges) {
  const auto file = add("a.ckpt", "abc");
  EXPECT_EQ(find("0123456789"), "");
  const auto time = std::filesystem::last_write_time(file);
  std::ofstream(file, std::ios::binary) << "abd";
  std::filesystem::last_write_time(file, time);
  EXPECT_EQ(find(kAbc), file) << "same size and time: the kept hash counts";
  std::filesystem::last_write_time(file, time + std::chrono::seconds(5));
  EXPECT_EQ(find(kAbc), "");
  EXPECT_EQ(find(kAbd), file);
}

TEST_F(ModelHashesTest, understandsNoHashOfAnotherKind) {
  add("a.ckpt", "abc");
  for (const char* hash : {"", "ba78", "None", "blake3:ba7816bf8f", "ba7816bf8g"}) EXPECT_EQ(find(hash), "") << hash;
}

}  // namespace
}  // namespace studio::engine
