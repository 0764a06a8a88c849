#include "engine/pipeline/job_meter.h"

#include "engine/device/compute_device.h"
#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/job_journal.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

// Less is over before a trial would be.
constexpr double kWorthATrial = 1e11;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void JobMeter::begin(const JobJournal& journal) {
  journal_ = &journal;
  device_ = DeviceMeter(computeDevice());
  plan_ = firstPlan_ = {};
  predictor_.reset();
  predicted_.clear();
  asPlanned_ = true;
  refined_ = false;
  refines_ = false;
  steps_.clear();
  refinedSteps_.clear();
  measured_.clear();
}

void JobMeter::note(const EngineEvent& event) {
  if (const auto* planned = std::get_if<JobPlanned>(&event)) plan_ = planned->plan;
  if (std::holds_alternative<RungTaken>(event)) asPlanned_ = false;
  if (std::holds_alternative<PhaseStarted>(event)) {
    device_.beginPhase();
    before_ = device_.current();
    firstStep_ = true;
  }
  if (const auto* step = std::get_if<StepFinished>(&event)) take(*step);
  if (const auto* finished = std::get_if<PhaseFinished>(&event)) finish(*finished);
}

void JobMeter::take(const StepFinished& step) {
  const bool refines = refined_ && journal_->refines();
  if (refines != refines_) firstStep_ = true;
  refines_ = refines;
  if (!firstStep_) (refines ? refinedSteps_ : steps_).push_back(step.seconds.count());
  firstStep_ = false;  // which brings in what is to stay
  stepsOfBatch_ = step.of;
}

void JobMeter::finish(const PhaseFinished& event) {
  Measured& measured = measured_[event.phase];
  measured.seconds += event.seconds;
  measured.peak = std::max(measured.peak, device_.phasePeak());
  const double brought = static_cast<double>(device_.current().count - before_.count);
  measured.runs.push_back({0, std::max(0.0, brought), event.seconds.count()});
}

std::vector<Sentence> JobMeter::predict(const LoadedModel& model, const GenerationRequest& request,
                                        const EngineOptions& options) {
  double work = 0;
  for (const PhaseMemory& phase : plan_.phases) work += phase.work;
  predictor_ = machine_.predictorFor(model, options.cacheFolder, work >= kWorthATrial);
  predicted_ = predictor_->times(plan_);
  firstPlan_ = plan_;
  batches_ = request.batchCount;
  refined_ = !request.refiner.empty() && request.refinerSwitchAt < 1;
  before_ = device_.current();  // what an earlier job had has left by now
  return patienceFor(sumOf(predicted_), model.recipe(), plan_);
}

Bytes JobMeter::peak() const {
  Bytes most = devicePool().peak;  // on the processor also between phases
  for (const auto& [phase, measured] : measured_) most = std::max(most, measured.peak);
  return most;
}

std::vector<PhaseReport> JobMeter::reports() const {
  std::vector<PhaseReport> reports;
  for (std::size_t i = 0; i < predicted_.size(); ++i) {
    const PhaseMemory& phase = firstPlan_.phases[i];
    const auto measured = measured_.find(phase.phase);
    if (measured == measured_.end()) continue;
    const auto same = std::find_if(reports.begin(), reports.end(),
                                   [&phase](const PhaseReport& report) { return report.phase == phase.phase; });
    if (same == reports.end()) {
      reports.push_back({phase.phase, phase.peak(), measured->second.peak, predicted_[i], measured->second.seconds});
    } else {  // two networks share the phase
      same->predictedPeak = std::max(same->predictedPeak, phase.peak());
      same->predicted = sumOf({same->predicted, predicted_[i]});
    }
  }
  return reports;
}

TimeSample JobMeter::stepPass(const PhaseMemory& phase, std::vector<double> seconds) const {
  double passes = 0;  // of all networks that take steps
  for (const PhaseMemory& one : plan_.phases) passes += one.phase == Phase::Denoise ? one.passes : 0;
  const double passesPerStep = passes / (static_cast<double>(stepsOfBatch_) * batches_);
  return {phase.work / phase.passes, streamedBytes(plan_, phase), median(std::move(seconds)) / passesPerStep};
}

std::vector<TimeSample> JobMeter::passesOf(const PhaseMemory& phase) const {
  const auto measured = measured_.find(phase.phase);
  if (measured == measured_.end()) return {};
  if (phase.phase == Phase::Denoise) {
    const std::vector<double>& steps = phase.networks.front() == "refiner" ? refinedSteps_ : steps_;
    return steps.empty() || phase.passes <= 0 ? std::vector<TimeSample>() : std::vector{stepPass(phase, steps)};
  }
  std::vector<TimeSample> passes = measured->second.runs;
  if (phase.phase == Phase::Encode && refined_ && passes.size() == 2) passes.pop_back();  // the refiner's encoder
  if (phase.phase == Phase::Encode && passes.size() != 1) return {};
  const double passesPerRun = phase.passes / static_cast<double>(passes.size());
  for (TimeSample& pass : passes) {
    pass.work = phase.work / phase.passes;
    pass.bytes = pass.bytes / passesPerRun + streamedBytes(plan_, phase);
    pass.seconds /= passesPerRun;
  }
  return passes;
}

void JobMeter::keep(const EngineOptions& options) {
  const bool undisturbed = asPlanned_ && predictor_ && options.failAllocation == AllocationFailure();
  if (!undisturbed) return;
  std::vector<std::pair<CalibrationKey, Measurement>> found;
  for (const PhaseMemory& phase : plan_.phases) {
    const auto measured = measured_.find(phase.phase);
    for (const TimeSample& pass : passesOf(phase)) {
      found.emplace_back(
          predictor_->keyOf(plan_, phase),
          Measurement{pass, static_cast<double>(phase.peak().count), static_cast<double>(measured->second.peak.count)});
    }
  }
  const auto loading = measured_.find(Phase::Load);
  if (loading != measured_.end() && loading->second.runs.size() == 1 && loading->second.runs.front().bytes > 0)
    found.emplace_back(predictor_->loadingKey(plan_), Measurement{loading->second.runs.front()});
  machine_.add(options.cacheFolder, found);
}

}  // namespace studio::engine
