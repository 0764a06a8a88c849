#include "app/commands/progress_line.h"

#include <gtest/gtest.h>

#include <sstream>

namespace studio::app {
namespace {

using engine::Seconds;
using engine::StepFinished;

TEST(ProgressLine, showsStepRateAndWhatIsLeftOfAllBatches) {
  EXPECT_EQ(progressText(StepFinished{{}, 0, 10, 20, {}}, 1, 0.5),
            "[############------------]  10/20  2.00 it/s  0:05 left");
  EXPECT_EQ(progressText(StepFinished{{}, 1, 20, 20, {}}, 4, 3),
            "Batch 2/4  [########################]  20/20  3.00 s/it  2:00 left");
  EXPECT_EQ(progressText(StepFinished{{}, 0, 0, 0, {}}, 1, 0), "[------------------------]  0/1");
}

TEST(ProgressLine, writesLongTimesWithHours) {
  EXPECT_EQ(clockText(5), "0:05");
  EXPECT_EQ(clockText(605), "10:05");
  EXPECT_EQ(clockText(3725), "1:02:05");
  EXPECT_EQ(clockText(-3), "0:00");
}

TEST(ProgressLine, rewritesItsLineAndTakesItAway) {
  std::ostringstream out;
  ProgressLine line(out, true);
  line.phase({{}, engine::Phase::Decode});
  line.phase({{}, engine::Phase::Write});
  line.clear();
  line.clear();
  EXPECT_EQ(out.str(), "\rDecoding …\rWriting … \r           \r");
}

TEST(ProgressLine, saysAtOnceTheStepThatAJobGoesOnFrom) {
  std::ostringstream out;
  ProgressLine line(out, true);
  line.begin(2);
  line.phase({{}, engine::Phase::Denoise, {1, 10, 20}});
  EXPECT_EQ(out.str(), "\rBatch 2/2  [############------------]  10/20");
}

TEST(ProgressLine, drawsNothingWhereThereIsNoTerminal) {
  std::ostringstream out;
  ProgressLine line(out, false);
  line.phase({{}, engine::Phase::Decode});
  line.step(StepFinished{{}, 0, 1, 2, Seconds(1)});
  line.clear();
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace studio::app
