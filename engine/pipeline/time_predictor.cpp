#include "engine/pipeline/time_predictor.h"

#include <algorithm>

namespace studio::engine {
namespace {

// A trial's two blocks run out of a warm cache.
constexpr double kNetworkToTrial = 1.2;

/// The phase's own network, not one that is only there.
bool isOwn(const PhaseMemory& phase, const std::string& network) {
  switch (phase.phase) {
    case Phase::Encode:
      return network.starts_with("text_encoder");
    case Phase::Denoise:
      return network == phase.networks.front();
    case Phase::Decode:
      return network == "vae";
    case Phase::Load:
    case Phase::Write:
      break;
  }
  return false;
}

std::vector<const NetworkPlacement*> ownNetworks(const MemoryPlan& plan, const PhaseMemory& phase) {
  std::vector<const NetworkPlacement*> own;
  for (const NetworkPlacement& network : plan.networks) {
    const bool there = std::find(phase.networks.begin(), phase.networks.end(), network.network) != phase.networks.end();
    if (there && isOwn(phase, network.network)) own.push_back(&network);
  }
  return own;
}

double blocksOf(const MemoryPlan& plan, const PhaseMemory& phase) {
  double blocks = 0;
  for (const NetworkPlacement* network : ownNetworks(plan, phase)) blocks += static_cast<double>(network->stays.size());
  return blocks;
}

double sizeOf(const NetworkPlacement& network) {
  return static_cast<double>(network.resident.count + network.streamed.count + network.once.count);
}

/// Bytes that are brought once and that no earlier phase has brought.
double lastingBytes(const MemoryPlan& plan, const PhaseMemory& phase) {
  double bytes = 0;
  for (const NetworkPlacement* network : ownNetworks(plan, phase)) {
    const bool before = std::any_of(plan.phases.data(), &phase, [network](const PhaseMemory& earlier) {
      return std::find(earlier.networks.begin(), earlier.networks.end(), network->network) != earlier.networks.end();
    });
    bytes += static_cast<double>(network->once.count + (before ? 0 : network->resident.count));
  }
  return bytes;
}

bool worksOnHost(const NetworkPlacement* network) { return network->place == WorkPlace::Host; }

const NetworkPlacement* denoisingNetwork(const MemoryPlan& plan) { return plan.placementOf("unet"); }

}  // namespace

double streamedBytes(const MemoryPlan& plan, const PhaseMemory& phase) {
  double bytes = 0;
  for (const NetworkPlacement* network : ownNetworks(plan, phase))
    bytes += static_cast<double>(network->streamed.count);
  return bytes;
}

CalibrationKey TimePredictor::keyOf(const MemoryPlan& plan, const PhaseMemory& phase) const {
  const auto own = ownNetworks(plan, phase);
  double bytes = 0;
  for (const NetworkPlacement* network : own) bytes += sizeOf(*network);
  const bool onHost = std::any_of(own.begin(), own.end(), worksOnHost);
  const bool parts = phase.phase == Phase::Decode && plan.decode.mode != DecodeMode::Whole;
  return {family_ + " " + std::to_string(static_cast<std::int64_t>(bytes)),
          setting_ + " " + phaseName(phase.phase) + (onHost ? " host" : "") +
              (parts ? " " + std::string(idOf(plan.decode.mode)) : "")};
}

CalibrationKey TimePredictor::loadingKey(const MemoryPlan& plan) const {
  const NetworkPlacement* network = denoisingNetwork(plan);
  const auto bytes = static_cast<std::int64_t>(network == nullptr ? 0 : sizeOf(*network));
  return {family_ + " " + std::to_string(bytes), setting_ + " " + phaseName(Phase::Load)};
}

TimeRates TimePredictor::guess() const {
  const std::vector<TimeSample> trials = table_.samplesOf(trialKey(setting_));
  if (trials.empty()) return {0, kUsualSecondsPerByte};
  return {trials.back().seconds / trials.back().work * kNetworkToTrial, kUsualSecondsPerByte};
}

double TimePredictor::secondsPerBlock() const {
  const std::vector<TimeSample> trials = table_.samplesOf(blockKey(setting_));
  return trials.empty() ? 0 : trials.back().seconds;
}

std::optional<PredictedTime> TimePredictor::timeOfPass(const CalibrationKey& key, double work, double bytes,
                                                       double blocks) const {
  const TimeRates guessed = guess();
  if (const auto own = table_.samplesOf(key); !own.empty()) return predictTime(own, guessed, work, bytes);
  const auto others = table_.samplesIn(key.setting);
  if (!others.empty()) return guessTime(fitRates(others, guessed, work), work, bytes);
  if (guessed.perWork > 0 && work > 0) {
    const double more = blocks * secondsPerBlock() / guessed.perWork;  // as if it were work
    return guessTime(guessed, work + more, bytes);
  }
  return std::nullopt;
}

std::vector<std::optional<PredictedTime>> TimePredictor::times(const MemoryPlan& plan) const {
  std::vector<std::optional<PredictedTime>> times;
  for (const PhaseMemory& phase : plan.phases) {
    if (phase.passes <= 0) {  // another network takes all the steps
      times.emplace_back(PredictedTime());
      continue;
    }
    const CalibrationKey key = keyOf(plan, phase);
    const double work = phase.work / phase.passes, always = streamedBytes(plan, phase);
    const double blocks = blocksOf(plan, phase);
    auto time = timeOfPass(key, work, always + lastingBytes(plan, phase) / phase.passes, blocks);
    if (time) {
      time->low = std::min(time->low, timeOfPass(key, work, always, blocks)->low);  // what lasts may be there already
      time->likely *= phase.passes, time->low *= phase.passes, time->high *= phase.passes;
    }
    times.push_back(time);
  }
  return times;
}

std::optional<PredictedTime> TimePredictor::loading(const MemoryPlan& plan) const {
  const NetworkPlacement* network = denoisingNetwork(plan);
  if (network == nullptr || network->resident.count == 0) return std::nullopt;
  return timeOfPass(loadingKey(plan), 0, static_cast<double>(network->resident.count), 0);
}

double TimePredictor::peakFactor(const MemoryPlan& plan) const {
  double most = 1;
  for (const PhaseMemory& phase : plan.phases) most = std::max(most, table_.peakFactor(keyOf(plan, phase)));
  return most;
}

}  // namespace studio::engine
