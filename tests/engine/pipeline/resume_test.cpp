#include "engine/memory/budget_allocator.h"
#include "tests/engine/pipeline/resume_fixture.h"

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

struct Border {
  std::string name;
  int step = 0;
  int picturesDone = 0;
};

class EverySamplerResumes : public ResumeTest, public testing::WithParamInterface<Sampler> {};

TEST_P(EverySamplerResumes, withTheSameFilesFromEveryBorder) {
  GenerationRequest request = appleRequest();
  request.sampler = GetParam();
  request.schedule = Schedule::Automatic;
  request.steps = 3;
  request.batchSize = 2;
  request.batchCount = 2;
  keepLatents = true;
  restart();
  std::vector<Border> borders;
  const auto remember = [&](const Border& border) {
    takeSnapshot(border.name);
    borders.push_back(border);
  };
  int last = 0;
  runWatched(request, [&](const EngineEvent& event) {
    const auto* step = std::get_if<StepFinished>(&event);
    if (step != nullptr) last = step->step;
    if (step != nullptr && step->step <= request.steps) {  // dpm_adaptive takes hundreds
      waitForStep(step->batch, step->step);
      remember({"step " + std::to_string(step->batch) + "." + std::to_string(step->step), step->step, 2 * step->batch});
    }
    // Written, but the checkpoint does not know it yet.
    if (const auto* image = std::get_if<ImageFinished>(&event)) {
      waitForPictures(image->index);
      remember({"picture " + std::to_string(image->index), last, image->index});
    }
  });
  EXPECT_TRUE(jobs().empty());
  const auto whole = contentsOf(out());
  ASSERT_EQ(whole.size(), 8U) << "four pictures and their latents";
  ASSERT_GE(borders.size(), 10U);
  for (const Border& border : borders) {
    goBackTo(border.name);
    restart();
    const auto events = eventsOf(generator_->resume(onlyJob()));
    const auto finished = only<JobFinished>(events);
    ASSERT_EQ(finished.size(), 1U) << border.name;
    EXPECT_EQ(finished[0].resumedFromStep, border.step) << border.name;
    EXPECT_EQ(finished[0].images, 4) << border.name;
    EXPECT_EQ(finished[0].earlier, border.picturesDone) << border.name;
    EXPECT_EQ(only<JobStarted>(events).at(0).from.step, border.step) << border.name;
    EXPECT_EQ(only<JobStarted>(events)[0].from.batch, border.picturesDone / 2) << border.name;
    EXPECT_TRUE(contentsOf(out()) == whole) << border.name;
    EXPECT_TRUE(jobs().empty()) << border.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Samplers, EverySamplerResumes,
                         testing::Values(Sampler::EulerAncestral, Sampler::DpmPlusPlus2M, Sampler::DpmPlusPlusSde,
                                         Sampler::DpmPlusPlus3MSde, Sampler::UniPC, Sampler::Restart),
                         [](const auto& tested) {
                           std::string name;
                           for (const char c : idOf(tested.param)) name += std::isalnum(c) != 0 ? c : '_';
                           return name;
                         });

TEST_F(ResumeTest, goesOnInTheSmallerWayThatWasTakenWhenMemoryRanOut) {
  GenerationRequest request = appleRequest();
  request.batchSize = 2;
  request.steps = 5;
  keepLatents = true;
  restart();
  eventsOf(begin(request));  // from here on the text encoder has done its part
  fs::remove_all(out());
  EngineOptions failing = options();
  failing.failAllocation = {.number = deviceAllocations() / 3, .stickyPercent = 60};
  generator_->setOptions(failing);
  const auto whole = makeWithSnapshotAtStep3(request);
  const std::vector<Sentence> rungs = only<JobFinished>(events_).at(0).rungs;
  const auto rows = [](const Sentence& rung) { return rung.pattern.find("one after another") != std::string::npos; };
  ASSERT_TRUE(std::any_of(rungs.begin(), rungs.end(), rows)) << "the batch is not split";
  goBackTo("border");
  restart();
  const auto events = eventsOf(generator_->resume(onlyJob()));
  ASSERT_EQ(only<JobFinished>(events).size(), 1U);
  EXPECT_EQ(only<JobFinished>(events)[0].resumedFromStep, 3);
  EXPECT_EQ(only<JobFinished>(events)[0].rungs, rungs);
  EXPECT_TRUE(only<RungTaken>(events).empty()) << "memory did not run out in this process";
  EXPECT_TRUE(contentsOf(out()) == whole);
}

TEST_F(ResumeTest, goesOnWithTheRefinerThatHadTakenOver) {
  GenerationRequest request = appleRequest();
  request.steps = 5;
  request.sampler = Sampler::Heun;
  request.refiner = model(), request.refinerSwitchAt = 0.3;
  restart();
  const auto whole = makeWithSnapshotAtStep3(request);
  goBackTo("border");
  const auto checkpoint = checkpointSummary(JobStore(state()).list().at(0).checkpointStart);
  ASSERT_TRUE(checkpoint);
  EXPECT_TRUE(checkpoint->refines);
  restart();
  EXPECT_EQ(only<JobFinished>(eventsOf(generator_->resume(onlyJob()))).at(0).resumedFromStep, 3);
  EXPECT_TRUE(contentsOf(out()) == whole);
}

TEST_F(ResumeTest, goesOnWithAJobThatTheStudioQuit) {
  restart();
  const GenerationRequest request = appleRequest();
  eventsOf(begin(request));
  const auto whole = contentsOf(out());
  fs::remove_all(out());
  begin(request);
  begin(request);  // waits in line
  while (only<StepFinished>(generator_->events().drain()).empty())
    generator_->events().waitFor(std::chrono::seconds(1));
  generator_.reset();
  const auto left = jobs();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0].request.prompt, request.prompt);
  EXPECT_EQ(left[0].crashes, 0);
  EXPECT_GE(left[0].step, 1);
  EXPECT_EQ(left[1].step, 0);
  EXPECT_FALSE(left[0].running || left[1].running);
  restart();
  eventsOf(generator_->resume(left[0].id));
  EXPECT_TRUE(contentsOf(out()) == whole);
}

TEST_F(ResumeTest, keepsNothingOfJobsThatEndedOrWereCancelled) {
  restart();
  GenerationRequest request = appleRequest();
  eventsOf(begin(request));
  request.steps = 500;
  const JobId running = begin(request), waiting = begin(request);
  generator_->cancel(waiting);
  bool asked = false;
  eventsOf(running, [&](const EngineEvent& event) {
    if (!asked && std::holds_alternative<StepFinished>(event)) generator_->cancel(running), asked = true;
  });
  generator_.reset();
  EXPECT_TRUE(jobs().empty());
}

TEST_F(ResumeTest, keepsNothingWhenItIsNotWanted) {
  EngineOptions off = options();
  off.checkpoint = false;
  restart(off);
  GenerationRequest request = appleRequest();
  request.steps = 2;
  eventsOf(begin(request), [this](const EngineEvent&) { EXPECT_FALSE(fs::exists(state() / "jobs")); });
}

TEST_F(ResumeTest, keepsTheSeedThatNobodyChose) {
  restart();
  GenerationRequest request = appleRequest();
  request.seed.reset();
  Seed seed;
  runWatched(request, [&](const EngineEvent& event) {
    if (const auto* started = std::get_if<JobStarted>(&event)) {
      seed = started->seed;
      takeSnapshot("start");
    }
  });
  const auto whole = contentsOf(out());
  goBackTo("start");
  EXPECT_EQ(jobs().at(0).request.seed, seed);
  restart();
  eventsOf(generator_->resume(onlyJob()));
  EXPECT_TRUE(contentsOf(out()) == whole);
}

TEST_F(ResumeTest, replaysPrecisionAndThreadsWhateverIsAskedForNow) {
  EngineOptions half = options();
  half.precision = Precision::BFloat16;
  restart(half);
  const auto whole = makeWithSnapshotAtStep3();
  goBackTo("border");
  restart();  // fp32
  const auto events = eventsOf(generator_->resume(onlyJob()));
  EXPECT_EQ(only<ModelLoaded>(events).at(0).precision, Precision::BFloat16);
  EXPECT_TRUE(only<Notice>(events).empty());
  EXPECT_TRUE(contentsOf(out()) == whole);
}

/// Changes the checkpoint at step 3 of a job, resumes it, and expects the same picture with all steps made again.
class SpoiltCheckpointTest : public ResumeTest {
 protected:
  void resumeWith(const std::function<std::string(std::string)>& spoil, std::size_t notices = 1) {
    restart();
    const auto whole = makeWithSnapshotAtStep3();
    goBackTo("border");
    const std::string id = onlyJob();
    const fs::path file = state() / "jobs" / id / "checkpoint";
    const std::string bytes = spoil(bytesOfFile(file));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    restart();
    const auto events = eventsOf(generator_->resume(id));
    ASSERT_EQ(only<JobFinished>(events).size(), 1U);
    EXPECT_EQ(only<JobFinished>(events)[0].resumedFromStep, 0);
    EXPECT_EQ(only<Notice>(events).size(), notices);
    EXPECT_TRUE(contentsOf(out()) == whole);
  }
};

TEST_F(SpoiltCheckpointTest, makesTheStepsAgainWhenTheCheckpointIsTorn) {
  resumeWith([](std::string bytes) { return bytes.substr(0, bytes.size() / 2); });
}

TEST_F(SpoiltCheckpointTest, makesTheStepsAgainWhenABitIsWrong) {
  resumeWith([](std::string bytes) {
    bytes[bytes.size() - 100] ^= 1;
    return bytes;
  });
}

TEST_F(SpoiltCheckpointTest, makesTheStepsAgainAfterAnotherEngine) {
  resumeWith([](const std::string& bytes) {
    JobCheckpoint checkpoint = checkpointFrom(bytes);
    checkpoint.recipe.engineVersion = "0.0.1";
    return engine::bytesOf(checkpoint);
  });
}

TEST_F(SpoiltCheckpointTest, makesTheStepsAgainForAStateOfAnotherKind) {
  resumeWith([](const std::string& bytes) {
    JobCheckpoint checkpoint = checkpointFrom(bytes);
    checkpoint.state = "no state";
    return engine::bytesOf(checkpoint);
  });
}

TEST_F(ResumeTest, staysWithAJobWhoseModelIsMissing) {
  restart();
  const fs::path moved = folder_ / "moved.safetensors";
  fs::copy_file(model(), moved);
  GenerationRequest request = appleRequest();
  request.model = moved;
  begin(request);
  while (only<StepFinished>(generator_->events().drain()).empty())
    generator_->events().waitFor(std::chrono::seconds(1));
  generator_.reset();
  const std::string id = onlyJob();
  fs::remove(moved);
  restart();
  const auto events = eventsOf(generator_->resume(id));
  EXPECT_EQ(only<JobFailed>(events).at(0).error.kind, ErrorKind::MissingFile);
  generator_.reset();
  EXPECT_EQ(onlyJob(), id);
  EXPECT_EQ(makeUnfinishedJobs(state())->discard(id), std::nullopt);
  EXPECT_TRUE(jobs().empty());
}

TEST_F(ResumeTest, refusesAJobThatIsNotThereOrCannotBeRead) {
  fs::create_directories(state() / "jobs" / "broken");
  std::ofstream(state() / "jobs" / "broken" / "request.json") << "{\"version\":1,\"request\":";
  restart();
  EXPECT_EQ(only<JobFailed>(eventsOf(generator_->resume("nothing"))).at(0).error.kind, ErrorKind::MissingFile);
  EXPECT_EQ(only<JobFailed>(eventsOf(generator_->resume("broken"))).at(0).error.kind, ErrorKind::BadFile);
  generator_.reset();
  EXPECT_FALSE(jobs().at(0).readable);
  EXPECT_EQ(makeUnfinishedJobs(state())->discard("broken"), std::nullopt);
}

TEST_F(ResumeTest, goesOnWithoutBeingKeptWhenThereIsNoPlaceForIt) {
  std::ofstream(state()) << "a file";
  restart();
  const auto events = eventsOf(begin(appleRequest()));
  EXPECT_EQ(only<JobFinished>(events).size(), 1U);
  EXPECT_EQ(only<Notice>(events).size(), 1U);
}

TEST_F(ResumeTest, leavesJobsOfAnotherStudioAlone) {
  restart();
  GenerationRequest request = appleRequest();
  request.steps = 500;
  begin(request);
  while (only<StepFinished>(generator_->events().drain()).empty())
    generator_->events().waitFor(std::chrono::seconds(1));
  const auto running = jobs();
  ASSERT_EQ(running.size(), 1U);
  EXPECT_TRUE(running[0].running);
  EXPECT_EQ(running[0].crashes, 0);
  EXPECT_EQ(makeUnfinishedJobs(state())->discard(running[0].id)->kind, ErrorKind::BadRequest);
  const auto other = makeGenerator(options(), {});
  other->resume(running[0].id);
  while (!other->events().waitFor(std::chrono::seconds(1))) {
  }
  EXPECT_EQ(only<JobFailed>(other->events().drain()).at(0).error.kind, ErrorKind::BadRequest);
}

}  // namespace
}  // namespace studio::engine
