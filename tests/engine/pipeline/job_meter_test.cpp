#include "engine/memory/calibration_file.h"
#include "engine/pipeline/machine_times.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <algorithm>
#include <sstream>

/// What is measured of a job, what is kept of it, and what is said of the next one.
namespace studio::engine {
namespace {

class JobMeterTest : public PipelineTest {
 protected:
  EngineOptions options() const {
    return {.precision = Precision::Float32,
            .threads = 1,
            .preview = PreviewMode::Off,
            .cacheFolder = folder_ / "cache",
            .checkpoint = false};
  }
  JobFinished finished(const EngineOptions& options, const GenerationRequest& request = appleRequest()) {
    generator_ = makeGenerator(options, {});
    return only<JobFinished>(run(request)).at(0);
  }
  std::size_t keysKept() const { return CalibrationFile(folder_ / "cache").table().keys(); }
  MemoryEstimate estimate(const GenerationRequest& request = appleRequest()) const {
    const auto answer = makeEstimator()->estimate(request, options());
    if (!answer) throw EngineException(answer.error());
    return answer.value();
  }
};

TEST_F(JobMeterTest, reportsEachPhaseOfThePlan) {
  const JobFinished job = finished(options());
  ASSERT_EQ(job.phases.size(), 3U);
  Bytes most;
  for (const PhaseReport& phase : job.phases) {
    const std::string name = phaseName(phase.phase);
    const double ratio = static_cast<double>(phase.peak.count) / static_cast<double>(phase.predictedPeak.count);
    EXPECT_GE(ratio, 0.97) << name;
    EXPECT_LE(ratio, 1.01) << name;
    EXPECT_GT(phase.seconds.count(), 0) << name;
    most.count = std::max(most.count, phase.peak.count);
  }
  EXPECT_EQ(most, job.peakDeviceBytes) << "a phase's peak hides none of the job's";
  EXPECT_NE(job.phases[0].peak, job.phases[2].peak);
}

TEST_F(JobMeterTest, predictsTheSecondJobFromTheFirst) {
  GenerationRequest request = appleRequest();
  request.steps = 12;
  for (const PhaseReport& phase : finished(options(), request).phases) EXPECT_FALSE(phase.predicted);
  const JobFinished second = finished(options(), request);
  for (const PhaseReport& phase : second.phases) {
    ASSERT_TRUE(phase.predicted) << phaseName(phase.phase);
    EXPECT_GT(phase.predicted->likely.count(), 0) << phaseName(phase.phase);
    EXPECT_LT(phase.predicted->low, phase.predicted->high);
  }
  const Seconds predicted = second.phases[1].predicted->likely, measured = second.phases[1].seconds;
  EXPECT_GT(predicted, measured / 10) << "of the same order, on a busy machine too";
  EXPECT_LT(predicted, measured * 10);
}

TEST_F(JobMeterTest, anEstimateUsesWhatJobsHaveShown) {
  finished(options());
  const MemoryEstimate once = estimate();
  ASSERT_EQ(once.times.size(), once.plan.phases.size());
  ASSERT_TRUE(once.time());
  GenerationRequest longer = appleRequest();
  longer.steps *= 10;
  EXPECT_NEAR(estimate(longer).times[1]->likely / once.times[1]->likely, 10, 0.5);
}

TEST_F(JobMeterTest, anEstimateBeforeAnyJobGuessesFromATrial) {
  const MemoryEstimate first = estimate();
  ASSERT_TRUE(first.time());
  EXPECT_GT(first.time()->high / first.time()->low, 4) << "little is known";
  EXPECT_EQ(keysKept(), 2U) << "the trial, for the next start";
}

TEST_F(JobMeterTest, workIsTheSameInOnePartAndInMany) {
  GenerationRequest request = appleRequest();
  request.batchSize = 8, request.size = {256, 256};  // work that takes more than any text encoder
  EngineOptions tight = options();
  const auto estimated = [&] { return makeEstimator()->estimate(request, tight).value().plan; };
  const MemoryPlan whole = estimated();
  const PhaseMemory& denoise = *whole.phaseOf(Phase::Denoise);
  tight.memoryMode = MemoryMode::Streaming;
  tight.deviceBudget = {estimated().peak().count * 4 / 5};  // less than the batch takes at its smallest
  const MemoryPlan parts = estimated();
  EXPECT_GT(parts.phaseOf(Phase::Denoise)->passes, denoise.passes);
  EXPECT_NEAR(parts.phaseOf(Phase::Denoise)->work / denoise.work, 1, 0.01);
}

TEST_F(JobMeterTest, oneNetworkIsMeasuredUnderOneNameWhereverItIs) {
  finished(options());
  EngineOptions streaming = options();
  streaming.memoryMode = MemoryMode::Streaming;
  const std::size_t before = keysKept();
  for (const PhaseReport& phase : finished(streaming).phases) EXPECT_TRUE(phase.predicted);
  EXPECT_EQ(keysKept(), before);
}

TEST_F(JobMeterTest, aRefinerTakesItsShareOfTheWork) {
  GenerationRequest request = appleRequest();
  const double alone = estimate(request).plan.phaseOf(Phase::Denoise)->work;
  request.refiner = model();
  request.refinerSwitchAt = 0.75;
  const MemoryPlan plan = estimate(request).plan;
  ASSERT_EQ(plan.phases.size(), 4U);
  EXPECT_NEAR(plan.phases[1].work / alone, 0.75, 0.01);
  EXPECT_NEAR(plan.phases[3].work / alone, 0.25, 0.01);
}

TEST_F(JobMeterTest, eachOfTwoNetworksIsLearntFromItsOwnSteps) {
  GenerationRequest request = appleRequest();
  request.refiner = model();
  request.refinerSwitchAt = 0.5;
  const auto learntOf = [&](int steps) {
    const auto kept = [this] {
      const std::string text = CalibrationFile(folder_ / "cache").table().text();
      return std::count(text.begin(), text.end(), '\n');
    };
    request.steps = steps;
    const auto before = kept();
    finished(options(), request);
    return kept() - before;
  };
  learntOf(12);  // the keys
  const auto many = learntOf(12), two = learntOf(2);
  EXPECT_GE(many, 4) << "encode, denoise, denoise, decode";
  EXPECT_EQ(two, many - 2) << "the step that brings a network in tells nothing";
}

TEST_F(JobMeterTest, disturbedJobsAreNotLearntFrom) {
  EngineOptions failing = options();
  failing.failAllocation.number = 40;
  const JobFinished job = finished(failing);
  ASSERT_FALSE(job.rungs.empty());
  EXPECT_EQ(job.phases.size(), 3U);
  EXPECT_EQ(keysKept(), 0U);
  failing.failAllocation.number = 1 << 30;  // never comes
  finished(failing);
  EXPECT_EQ(keysKept(), 0U);

  generator_ = makeGenerator(options(), {});
  const JobId id = submit(appleRequest());
  const auto events = eventsOf(id, [&](const EngineEvent& event) {
    if (std::holds_alternative<StepFinished>(event)) generator_->cancel(id);
  });
  ASSERT_FALSE(only<JobCancelled>(events).empty());
  EXPECT_EQ(keysKept(), 0U);
}

TEST_F(JobMeterTest, aLongJobOnTheProcessorSaysSo) {
  const std::vector<DeviceInfo> processor = {{.id = "cpu", .name = "A processor", .kind = "cpu", .usable = true}};
  std::vector<DeviceInfo> both = processor;
  both.push_back({.id = "cuda:0", .name = "A card", .kind = "gpu", .usable = false});
  const auto time = [](double minutes) {
    return PredictedTime{Seconds(60 * minutes), Seconds(30 * minutes), Seconds(90 * minutes)};
  };
  EXPECT_TRUE(patienceFor(time(29), both).empty());
  EXPECT_TRUE(patienceFor(std::nullopt, both).empty());
  EXPECT_EQ(patienceFor(time(44.7), processor).at(0).text(), "On the processor this takes about 45 minutes.");
  const std::string withGpu = patienceFor(time(31), both).at(0).text();
  EXPECT_NE(withGpu.find("about 31 minutes. There is a GPU, A card,"), std::string::npos) << withGpu;
  both[1].reason = sentence("Its driver is version %1.", 470);
  EXPECT_EQ(patienceFor(time(31), both).at(1).text(), "Its driver is version 470.") << "and why";
  both[1].usable = true;
  EXPECT_EQ(patienceFor(time(31), both).at(0).values.size(), 1U) << "that it was not chosen is no fault of the program";
}

TEST_F(JobMeterTest, theLongJobSaysSoBeforeItsFirstStep) {
  finished(options());
  {  // the machine has become ten thousand times slower
    CalibrationFile file(folder_ / "cache");
    const MemoryPlan plan = estimate().plan;
    std::string text = file.table().text();
    CalibrationTable slow;
    std::vector<std::pair<CalibrationKey, Measurement>> added;
    std::istringstream lines(text);
    CalibrationKey key;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("for\t")) continue;
      const std::size_t tab = line.find('\t', 4);
      key = {line.substr(4, tab - 4), line.substr(tab + 1)};
      if (!key.setting.ends_with("denoise")) continue;
      TimeSample sample = file.table().samplesOf(key).at(0);
      sample.seconds = 3600;
      for (std::size_t i = 0; i < CalibrationTable::kMostMeasurements; ++i) added.push_back({key, {sample}});
    }
    ASSERT_FALSE(added.empty());
    file.add(added);
  }
  generator_ = makeGenerator(options(), {});
  const auto events = run(appleRequest());
  std::size_t notice = events.size(), step = events.size();
  for (std::size_t i = events.size(); i-- > 0;) {
    const auto* note = std::get_if<Notice>(&events[i]);
    if (note != nullptr && note->message.starts_with("On the processor this takes about")) notice = i;
    if (std::holds_alternative<StepFinished>(events[i])) step = i;
  }
  EXPECT_LT(notice, step);
  EXPECT_TRUE(estimate().patience);
}

}  // namespace
}  // namespace studio::engine
