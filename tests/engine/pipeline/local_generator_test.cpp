#include "engine/api/image_io.h"
#include "engine/weights/safetensors_reader.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <set>
#include <stdexcept>

namespace studio::engine {
namespace {

class LocalGeneratorTest : public PipelineTest {};

/// Short words for events, without steps' numbers and times.
std::vector<std::string> storyOf(const std::vector<EngineEvent>& events) {
  std::vector<std::string> story;
  for (const EngineEvent& event : events) {
    std::visit(Visitor{[&](const JobStarted&) { story.emplace_back("started"); },
                       [&](const ModelLoaded&) { story.emplace_back("loaded"); }, [](const JobPlanned&) {},
                       [&](const RungTaken&) { story.emplace_back("rung"); },
                       [&](const ConsentAsked&) { story.emplace_back("question"); },
                       [&](const JobGaveWay&) { story.emplace_back("gave way"); },
                       [&](const JobPaused&) { story.emplace_back("paused"); },
                       [&](const PhaseStarted& e) { story.push_back(std::string("+") + phaseName(e.phase)); },
                       [&](const PhaseFinished& e) { story.push_back(std::string("-") + phaseName(e.phase)); },
                       [&](const StepFinished& e) {
                         story.push_back("step " + std::to_string(e.step) + "/" + std::to_string(e.of));
                       },
                       [&](const PreviewReady&) {},
                       [&](const ImageFinished& e) { story.push_back("image " + std::to_string(e.index)); },
                       [&](const Notice&) { story.emplace_back("notice"); },
                       [&](const JobFailed& e) { story.push_back("failed: " + e.error.message); },
                       [&](const JobCancelled&) { story.emplace_back("cancelled"); },
                       [&](const JobFinished&) { story.emplace_back("finished"); }},
               event);
  }
  return story;
}

TEST_F(LocalGeneratorTest, tellsAJobsStoryInOrder) {
  GenerationRequest request = appleRequest();
  request.steps = 2;
  EXPECT_EQ(storyOf(run(request)),
            (std::vector<std::string>{"started", "+load", "loaded", "-load", "+encode", "-encode", "+denoise",
                                      "step 1/2", "step 2/2", "-denoise", "+decode", "-decode", "+write", "image 0",
                                      "-write", "finished"}));
}

TEST_F(LocalGeneratorTest, reportsWhatItReallyUsed) {
  const auto events = run(appleRequest());
  const ModelLoaded loaded = only<ModelLoaded>(events).at(0);
  EXPECT_EQ(loaded.model, model());
  EXPECT_EQ(loaded.family, "SD 1.x");
  EXPECT_EQ(loaded.precision, Precision::Float32);
  EXPECT_GE(loaded.threads, 1);
  EXPECT_FALSE(loaded.reason.pattern.empty());
  const JobFinished finished = only<JobFinished>(events).at(0);
  EXPECT_EQ(finished.images, 1);
  EXPECT_GT(finished.seconds.count(), 0);
  EXPECT_GT(finished.peakHostBytes.count, 0);
  EXPECT_GT(finished.peakDeviceBytes.count, 0);
  EXPECT_LT(finished.peakDeviceBytes, finished.peakHostBytes);
}

TEST_F(LocalGeneratorTest, numbersPicturesAndSeedsThroughBatches) {
  GenerationRequest request = appleRequest();
  request.steps = 2;
  request.batchSize = 2;
  request.batchCount = 2;
  const auto events = run(request);
  EXPECT_EQ(only<JobStarted>(events).at(0).pictures, 4);
  const auto images = only<ImageFinished>(events);
  ASSERT_EQ(images.size(), 4U);
  std::set<std::filesystem::path> paths;
  for (std::size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(images[i].index, static_cast<int>(i));
    EXPECT_EQ(images[i].seed.value, 11 + i);
    EXPECT_TRUE(std::filesystem::exists(images[i].path));
    paths.insert(images[i].path);
  }
  EXPECT_EQ(paths.size(), 4U);
  EXPECT_EQ(only<StepFinished>(events).back().batch, 1);
}

TEST_F(LocalGeneratorTest, makesTheSamePictureInALaterBatch) {
  GenerationRequest request = appleRequest();
  request.batchCount = 2;
  const at::Tensor both = pictures(request);
  request.batchCount = 1;
  request.seed = Seed{12};
  EXPECT_EQ(distance(pictures(request).select(0, 0), both.select(0, 1)), 0);
}

TEST_F(LocalGeneratorTest, walksEverySamplerAndEverySchedule) {
  GenerationRequest request = appleRequest();
  request.steps = 3;
  const auto expectAPicture = [&](std::string_view what) {
    const auto events = run(request);
    EXPECT_EQ(only<JobFinished>(events).size(), 1U) << what;
    const auto steps = only<StepFinished>(events);
    ASSERT_FALSE(steps.empty()) << what;
    EXPECT_EQ(steps.back().step, steps.back().of) << what;
  };
  for (const auto& sampler : kSamplers) {
    request.sampler = sampler.value;
    expectAPicture(sampler.id);
  }
  for (const auto& schedule : kSchedules) {
    request.schedule = schedule.value;
    request.sampler = Sampler::DpmPlusPlus2M;
    expectAPicture(schedule.id);
  }
}

TEST_F(LocalGeneratorTest, writesFilesThatCarryTheirRequest) {
  const auto events = run(appleRequest());
  const auto info = readPictureInfo(only<ImageFinished>(events).at(0).path);
  ASSERT_TRUE(info);
  EXPECT_EQ(info.value().request.values.prompt, appleRequest().prompt);
  EXPECT_EQ(info.value().request.values.seed, Seed{11});
  EXPECT_EQ(info.value().modelName, "tiny");
  EXPECT_EQ(info.value().modelHash.size(), 10U);
  EXPECT_EQ(info.value().size, (PixelSize{64, 64}));
}

TEST_F(LocalGeneratorTest, keepsLatentsBesideThePicturesOnlyWhenAsked) {
  run(appleRequest());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "0-11.latent.safetensors"));
  eventsOf(generator_->submit(appleRequest(), {(folder_ / "kept-{index}.png").string(), 92, true}));
  const SafetensorsReader file(folder_ / "kept-0.latent.safetensors");
  const TensorInfo& latent = file.header().tensors.at("latent");
  EXPECT_EQ(latent.type, ElementType::F32);
  EXPECT_EQ(latent.shape, (std::vector<std::int64_t>{1, 4, 16, 16}));
  EXPECT_NE(file.header().metadata.at("studio").find(appleRequest().prompt), std::string::npos);
}

TEST_F(LocalGeneratorTest, choosesASeedAndReportsIt) {
  GenerationRequest request = appleRequest();
  request.steps = 1;
  request.seed.reset();
  const auto first = run(request), second = run(request);
  EXPECT_EQ(only<JobStarted>(first).at(0).seed, only<ImageFinished>(first).at(0).seed);
  EXPECT_NE(only<JobStarted>(first).at(0).seed, only<JobStarted>(second).at(0).seed);
}

TEST_F(LocalGeneratorTest, showsPreviewsWhileItWorks) {
  std::vector<PreviewReady> previews;
  const JobId job = submit(appleRequest());
  eventsOf(job, [&](const EngineEvent& event) {
    if (const auto* preview = std::get_if<PreviewReady>(&event)) previews.push_back(*preview);
  });
  ASSERT_FALSE(previews.empty());
  for (const PreviewReady& preview : previews) {
    EXPECT_LT(preview.step, 8);
    ASSERT_EQ(preview.images.size(), 1U);
    EXPECT_FALSE(preview.images.front().empty());
    EXPECT_EQ(preview.images.front().size.width, preview.images.front().size.height);
  }
}

TEST_F(LocalGeneratorTest, showsNoPreviewsWhenTheyAreOff) {
  generator_->setOptions({.precision = Precision::Float32, .preview = PreviewMode::Off});
  EXPECT_TRUE(only<PreviewReady>(run(appleRequest())).empty());
}

TEST_F(LocalGeneratorTest, previewsThroughADecoderBesideTheModel) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "p.safetensors");
  tests::writeSingleFile(folder_ / "p-preview.safetensors", {.networks = {"tiny_vae"}});
  generator_->setOptions({.precision = Precision::Float32, .preview = PreviewMode::Decoder});
  std::vector<Image> previews;
  eventsOf(submit(request), [&](const EngineEvent& event) {
    if (const auto* preview = std::get_if<PreviewReady>(&event)) previews.push_back(preview->images.at(0));
  });
  ASSERT_FALSE(previews.empty());
  EXPECT_EQ(previews.front().size, (PixelSize{64, 64}));
}

TEST_F(LocalGeneratorTest, previewsTakeNoMoreThanTheStepsBetweenWhichTheyAreMade) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "p.safetensors");
  request.batchSize = 3;
  tests::writeSingleFile(folder_ / "p-preview.safetensors", {.networks = {"tiny_vae"}});
  const auto activationsWith = [&](PreviewMode preview) {
    generator_->setOptions({.precision = Precision::Float32, .threads = 1, .preview = preview});
    const auto events = run(request);
    for (const PreviewReady& ready : only<PreviewReady>(events)) EXPECT_EQ(ready.images.size(), 3U);
    const PhaseMemory* denoise = only<JobPlanned>(events).at(0).plan.phaseOf(Phase::Denoise);
    return denoise->activations.count + denoise->workspace.count;
  };
  EXPECT_EQ(activationsWith(PreviewMode::Decoder), activationsWith(PreviewMode::Off));
}

TEST_F(LocalGeneratorTest, stopsARunningJobSoon) {
  GenerationRequest request = appleRequest();
  request.steps = 1000;
  const JobId job = submit(request);
  bool asked = false;
  int stepsAfter = 0;
  const auto events = eventsOf(job, [&](const EngineEvent& event) {
    if (!std::holds_alternative<StepFinished>(event)) return;
    if (asked) ++stepsAfter;
    if (!asked) generator_->cancel(job), asked = true;
  });
  EXPECT_TRUE(std::holds_alternative<JobCancelled>(events.back()));
  // The step under way, and those that ended before this thread came to ask.
  EXPECT_LE(stepsAfter, 20);
  EXPECT_TRUE(only<ImageFinished>(events).empty());
}

TEST_F(LocalGeneratorTest, keepsTheModelWhenAutomaticBecomesTheSamePrecisionByHand) {
  GenerationRequest request = appleRequest();
  request.steps = 1;
  request.model = tests::writeSingleFile(folder_ / "p.safetensors");
  folder_.write("p-preview.safetensors", "broken");  // said whenever the model is loaded
  generator_->setOptions({.precision = Precision::Automatic, .threads = 1});
  const auto automatic = run(request);
  EXPECT_EQ(only<Notice>(automatic).size(), 1U);
  generator_->setOptions({.precision = only<ModelLoaded>(automatic).at(0).precision, .threads = 1});
  const auto byHand = run(request);
  EXPECT_NE(only<ModelLoaded>(byHand).at(0).reason, only<ModelLoaded>(automatic).at(0).reason);
  EXPECT_TRUE(only<Notice>(byHand).empty());
}

TEST_F(LocalGeneratorTest, survivesALogThatThrows) {
  generator_ =
      makeGenerator({.precision = Precision::Float32, .threads = 1},
                    [](LogLevel, const std::string&, const std::string&) { throw std::runtime_error("full"); });
  GenerationRequest bad = appleRequest();
  bad.model = folder_ / "gone.safetensors";
  EXPECT_EQ(failure(bad).kind, ErrorKind::MissingFile);
  EXPECT_EQ(storyOf(run(appleRequest())).back(), "finished");
}

TEST_F(LocalGeneratorTest, goesOnWithoutABrokenFileForPreviews) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "p.safetensors");
  const auto previews = folder_.write("p-preview.safetensors", "broken");
  const auto events = run(request);
  EXPECT_EQ(storyOf(events).back(), "finished");
  ASSERT_EQ(only<Notice>(events).size(), 1U);
  EXPECT_NE(only<Notice>(events)[0].message.find("p-preview.safetensors"), std::string::npos);
  EXPECT_TRUE(only<Notice>(run(request)).empty()) << "said once";
  // A better file is noticed.
  generator_->setOptions({.precision = Precision::Float32, .threads = 1, .preview = PreviewMode::Decoder});
  tests::writeSingleFile(previews, {.networks = {"tiny_vae"}});
  bool seen = false;
  const auto second = eventsOf(submit(request), [&](const EngineEvent& event) {
    if (const auto* preview = std::get_if<PreviewReady>(&event))
      seen |= preview->images.at(0).size == PixelSize{64, 64};
  });
  EXPECT_TRUE(only<Notice>(second).empty());
  EXPECT_TRUE(seen);
}

TEST_F(LocalGeneratorTest, cancelsAWaitingJobAtOnceAndOnlyThatOne) {
  GenerationRequest slow = appleRequest();
  slow.steps = 1000;
  const JobId running = submit(slow), waiting = submit(appleRequest()), last = submit(appleRequest());
  generator_->cancel(waiting);
  const auto story = storyOf(eventsOf(waiting, [&](const EngineEvent&) { generator_->cancel(running); }));
  EXPECT_EQ(story, std::vector<std::string>{"cancelled"});
  EXPECT_EQ(storyOf(eventsOf(last)).back(), "finished");
}

TEST_F(LocalGeneratorTest, ignoresACancelForNobody) {
  generator_->cancel(JobId{12345});
  const JobId job = submit(appleRequest());
  EXPECT_EQ(storyOf(eventsOf(job)).back(), "finished");
  generator_->cancel(job);
  EXPECT_EQ(storyOf(run(appleRequest())).back(), "finished");
}

TEST_F(LocalGeneratorTest, givesEveryJobExactlyOneOutcome) {
  GenerationRequest good = appleRequest(), bad = appleRequest();
  good.steps = 1;
  bad.model = folder_ / "gone.safetensors";
  std::set<std::uint64_t> open;
  for (int i = 0; i < 6; ++i) open.insert(submit(i % 2 == 0 ? good : bad).value);
  generator_->cancel(JobId{*open.rbegin()});
  std::map<std::uint64_t, int> outcomes;
  const std::uint64_t last = submit(good).value;
  while (outcomes[last] == 0 && generator_->events().waitFor(std::chrono::seconds(60))) {
    for (const EngineEvent& event : generator_->events().drain()) {
      if (isOutcome(event)) ++outcomes[jobOf(event).value];
    }
  }
  for (const std::uint64_t job : open) EXPECT_EQ(outcomes[job], 1) << job;
  EXPECT_EQ(outcomes.size(), open.size() + 1);
}

TEST_F(LocalGeneratorTest, noticesThatTheModelFileWasReplaced) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "m.safetensors");
  const at::Tensor before = pictures(request);
  tests::writeSingleFile(request.model, {.metadata = {{"modelspec.prediction_type", "v"}}});
  EXPECT_GT(distance(pictures(request), before), kPictureTolerance);
}

TEST_F(LocalGeneratorTest, endsWhatRunsWhenItIsDestroyed) {
  GenerationRequest request = appleRequest();
  request.steps = 1000;
  submit(request);
  submit(request);
  generator_.reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace studio::engine
