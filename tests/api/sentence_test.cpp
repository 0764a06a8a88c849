#include "engine/api/sentence.h"
#include "engine/api/engine_error.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(Sentence, putsValuesIntoItsGapsInAnyOrder) {
  EXPECT_EQ(sentence("%2 has %1 layers, %2 %%.", 12, std::string("unet")).text(), "unet has 12 layers, unet %%.");
}

TEST(Sentence, takesNoGapFromAValueAndLeavesAGapWithoutOne) {
  EXPECT_EQ(sentence("%1 and %2 and %3", "%2", "b").text(), "%2 and b and %3");
  EXPECT_EQ(Sentence{"100 %"}.text(), "100 %");
}

TEST(EngineException, carriesTheSentenceAndItsEnglishText) {
  const EngineException failure(ErrorKind::BadFile, sentence("%1 is broken.", "a.png"), "at byte 7");
  EXPECT_EQ(failure.error().message, "a.png is broken.");
  EXPECT_STREQ(failure.what(), "a.png is broken.");
  EXPECT_EQ(failure.error().wording, sentence("%1 is broken.", "a.png"));
  EXPECT_EQ(failure.error().detail, "at byte 7");
}

TEST(EngineException, withAFixedTextIsItsOwnPattern) {
  const EngineException failure(ErrorKind::BadFile, "The file has no layers.");
  EXPECT_EQ(failure.error().wording, Sentence{"The file has no layers."});
}

}  // namespace
}  // namespace studio::engine
