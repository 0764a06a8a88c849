#include "tests/architecture/source_tree.h"
#include "tests/architecture/string_literals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace studio::architecture {
namespace {

using testing::ElementsAre;

TEST(StringLiterals, joinNeighboursAndLeaveOutComments) {
  EXPECT_THAT(stringLiterals(R"(f("a \"b\" "
    // "no"
    "c", 'x', '"', "d" /* "no" */ "e"); g("f" + "g");)"),
              ElementsAre("a \"b\" c", "de", "f", "g"));
}

TEST(Sentences, areToldFromNamesAndFragments) {
  EXPECT_TRUE(isSentence("The file has no layers."));
  EXPECT_TRUE(isSentence("%1 is longer than %2 bytes."));
  for (const char* other :
       {"model.diffusion_model.", "A short one", " has no layers.", "Unet.", "%s: took %d ms in all."})
    EXPECT_FALSE(isSentence(other)) << other;
}

/// The window translates what engine and presets say by a list of its own, because they know no Qt.
TEST(Sentences, ofTheEngineAreInTheWindowsListAndNoOthers) {
  const SourceTree tree = readTree(".");
  const std::string list = "ui/bridge/engine_sentences.cpp";
  std::set<std::string> said, listed;
  for (const auto& [path, file] : tree) {
    if (path != list && !path.starts_with("engine/") && !path.starts_with("presets/")) continue;
    for (const std::string& text : stringLiterals(file.text)) {
      if (isSentence(text)) (path == list ? listed : said).insert(text);
    }
  }
  for (const std::string& text : said) EXPECT_TRUE(listed.contains(text)) << "missing in " << list << ": " << text;
  for (const std::string& text : listed) EXPECT_TRUE(said.contains(text)) << "no longer said: " << text;
  EXPECT_GT(said.size(), 50U);
}

}  // namespace
}  // namespace studio::architecture
