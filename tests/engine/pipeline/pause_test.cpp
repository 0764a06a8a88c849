#include "tests/engine/pipeline/resume_fixture.h"

/// Jobs that rest and go on in one process.
namespace studio::engine {
namespace {

class PauseTest : public ResumeTest {
 protected:
  static GenerationRequest longRequest() {
    GenerationRequest request = appleRequest();
    request.steps = 40;
    return request;
  }
  /// What a long job writes when nothing stops it; the folder is empty again.
  std::map<std::string, std::string> filesOfAWholeRun() {
    restart();
    eventsOf(begin(longRequest()));
    auto files = contentsOf(out());
    std::filesystem::remove_all(out());
    return files;
  }
  void waitForAStep() {
    while (only<StepFinished>(generator_->events().drain()).empty())
      generator_->events().waitFor(std::chrono::seconds(1));
  }
};

TEST_F(PauseTest, restsWhereItIsAndGoesOnWithTheSameFiles) {
  const auto whole = filesOfAWholeRun();
  const JobId job = begin(longRequest());
  waitForAStep();
  generator_->pause(job);
  const auto paused = only<JobPaused>(eventsOf(job));
  ASSERT_EQ(paused.size(), 1U);
  EXPECT_GE(paused[0].kept.step, 1);
  EXPECT_EQ(paused[0].kept.of, 40);
  EXPECT_EQ(onlyJob(), paused[0].kept.id);
  EXPECT_FALSE(jobs()[0].running);
  EXPECT_EQ(jobs()[0].crashes, 0);
  const auto events = eventsOf(generator_->resume(paused[0].kept.id));
  const auto finished = only<JobFinished>(events);
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(only<JobStarted>(events).at(0).from.step, paused[0].kept.step);
  EXPECT_EQ(only<JobStarted>(events)[0].from.of, 40);
  for (const PhaseStarted& phase : only<PhaseStarted>(events))
    EXPECT_EQ(phase.from.step, phase.phase == Phase::Denoise ? paused[0].kept.step : 0);
  EXPECT_EQ(finished[0].resumedFromStep, paused[0].kept.step);
  EXPECT_TRUE(contentsOf(out()) == whole);
  EXPECT_TRUE(jobs().empty());
}

TEST_F(PauseTest, givesWayToTheJobThatComesFirstAndGoesOnBehindIt) {
  const auto whole = filesOfAWholeRun();
  const JobId patient = begin(longRequest());
  waitForAStep();
  const JobId urgent = generator_->submitFirst(appleRequest(), {(folder_ / "urgent.png").string(), 92});
  std::vector<EngineEvent> events;
  while (only<JobFinished>(events).size() < 2) {
    ASSERT_TRUE(generator_->events().waitFor(std::chrono::seconds(60)));
    for (EngineEvent& event : generator_->events().drain()) events.push_back(std::move(event));
    ASSERT_TRUE(only<JobFailed>(events).empty() && only<JobCancelled>(events).empty());
  }
  ASSERT_EQ(only<JobGaveWay>(events).size(), 1U);
  EXPECT_EQ(only<JobGaveWay>(events)[0].job, patient);
  EXPECT_EQ(only<JobFinished>(events)[0].job, urgent);
  EXPECT_EQ(only<JobFinished>(events)[1].job, patient);
  EXPECT_GE(only<JobFinished>(events)[1].resumedFromStep, 1);
  EXPECT_TRUE(contentsOf(out()) == whole);
  generator_.reset();
  EXPECT_TRUE(jobs().empty());
}

TEST_F(PauseTest, showsWhatItHasAndStaysKept) {
  const auto whole = filesOfAWholeRun();
  const JobId job = begin(longRequest());
  waitForAStep();
  generator_->pause(job);
  const KeptJob kept = only<JobPaused>(eventsOf(job)).at(0).kept;
  const auto events = eventsOf(generator_->keepPartial(kept.id, {}));
  ASSERT_EQ(only<JobPaused>(events).size(), 1U);
  EXPECT_EQ(only<JobPaused>(events)[0].kept.step, kept.step) << "it is where it was";
  ASSERT_EQ(only<ImageFinished>(events).size(), 1U);
  const std::filesystem::path partial = only<ImageFinished>(events)[0].path;
  EXPECT_NE(partial.filename().string().find("-partial.png"), std::string::npos);
  const std::string words = "made after step " + std::to_string(kept.step) + " of 40";
  EXPECT_NE(bytesOfFile(partial).find(words), std::string::npos) << "the picture says so";
  EXPECT_FALSE(bytesOfFile(partial) == whole.begin()->second);
  std::filesystem::remove(partial);
  eventsOf(generator_->resume(kept.id));
  EXPECT_TRUE(contentsOf(out()) == whole);
}

TEST_F(PauseTest, keepsAJobThatWasStoppedWhileItWasShown) {
  restart();
  const JobId job = begin(longRequest());
  waitForAStep();
  generator_->pause(job);
  const KeptJob kept = only<JobPaused>(eventsOf(job)).at(0).kept;
  const JobId shown = generator_->keepPartial(kept.id, {});
  const auto events = eventsOf(shown, [&](const EngineEvent& event) {
    if (std::holds_alternative<JobStarted>(event)) generator_->cancel(shown);
  });
  EXPECT_TRUE(only<JobFinished>(events).empty());
  EXPECT_EQ(onlyJob(), kept.id);
}

TEST_F(PauseTest, leavesAJobAloneThatIsNotKept) {
  EngineOptions unkept = options();
  unkept.checkpoint = false;
  restart(unkept);
  const JobId job = begin(appleRequest());
  waitForAStep();
  generator_->pause(job);
  EXPECT_EQ(only<JobFinished>(eventsOf(job)).size(), 1U);
}

}  // namespace
}  // namespace studio::engine
