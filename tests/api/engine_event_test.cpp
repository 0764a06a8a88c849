#include "engine/api/engine_event.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace studio::engine {
namespace {

/// One event of every kind, all of job 7.
std::vector<EngineEvent> oneOfEach() {
  const JobId job{7};
  return {JobStarted{job},    ModelLoaded{job},   JobPlanned{job},   RungTaken{job},
          PhaseStarted{job},  PhaseFinished{job}, StepFinished{job}, PreviewReady{job},
          ImageFinished{job}, Notice{job},        JobFailed{job},    JobCancelled{job},
          JobFinished{job},   ConsentAsked{job},  JobGaveWay{job},   JobPaused{job}};
}

TEST(EngineEvent, allKnowTheirJob) {
  EXPECT_EQ(oneOfEach().size(), std::variant_size_v<EngineEvent>);
  for (const EngineEvent& event : oneOfEach()) EXPECT_EQ(jobOf(event), JobId{7});
}

TEST(EngineEvent, fourAreOutcomes) {
  int outcomes = 0;
  for (const EngineEvent& event : oneOfEach()) outcomes += isOutcome(event) ? 1 : 0;
  EXPECT_EQ(outcomes, 4);
  EXPECT_TRUE(isOutcome(JobCancelled{}));
  EXPECT_FALSE(isOutcome(ImageFinished{}));
}

TEST(EngineEvent, phasesAndErrorsHaveDifferentStableWords) {
  std::set<std::string> words;
  for (const Phase phase : {Phase::Load, Phase::Encode, Phase::Denoise, Phase::Decode, Phase::Write})
    words.insert(phaseName(phase));
  EXPECT_EQ(words.size(), 5U);
  EXPECT_TRUE(words.contains("denoise"));
  words.clear();
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::Internal); ++kind)
    words.insert(errorKindName(static_cast<ErrorKind>(kind)));
  EXPECT_EQ(words.size(), 9U);
  EXPECT_TRUE(words.contains("out_of_memory"));
}

}  // namespace
}  // namespace studio::engine
