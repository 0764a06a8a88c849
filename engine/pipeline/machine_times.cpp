#include "engine/pipeline/machine_times.h"

#include "engine/api/model_catalog.h"
#include "engine/device/local_device_catalog.h"
#include "engine/device/weight_copies.h"
#include "engine/ops/precision_probe.h"
#include "engine/ops/speed_probe.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>

namespace studio::engine {
namespace {

constexpr Seconds kLong{30 * 60};
constexpr double kTrialWork = 1e9;  ///< a trial is kept as the time of so many multiplications

/// The GPU that computes, as far as this program can tell them apart.
std::string deviceName(const NumericRecipe& recipe) {
  if (recipe.device.is_cpu()) return "cpu";
  for (const DeviceInfo& device : LocalDeviceCatalog().devices()) {
    if (device.kind == "gpu" && device.usable) return device.name;
  }
  return "gpu";
}

std::string settingOf(const NumericRecipe& recipe) {
  return std::string(idOf(precisionOf(recipe.format))) + " " + deviceName(recipe) + " " + machineName(recipe.threads);
}

bool takesLong(const std::optional<PredictedTime>& time) { return time && time->likely > kLong; }

constexpr double kTrialBytes = 1e9;                           ///< and of so many bytes
constexpr std::int64_t kUsualRing = std::int64_t{256} << 20;  ///< two or three of the largest blocks of SD and SDXL
constexpr StreamRates kUsualRates{12e9, 10e12, kUsualRing};   ///< of a card of the middle
// A network's operators are smaller than the trial's, and not all of them multiply.
constexpr double kProductToNetwork = 1.5;

}  // namespace

StreamRates MachineTimes::streamRatesFor(const NumericRecipe& recipe, const EngineOptions& options, bool mayTry) {
  if (recipe.device.is_cpu()) return {};
  const std::string setting = settingOf(recipe);
  CalibrationFile& file = fileIn(options.cacheFolder);
  const auto trial = [&](const char* what, TimeSample one, const auto& measure) -> std::optional<double> {
    const CalibrationKey key{"", setting + " " + what};
    auto known = file.table().samplesOf(key);
    if (known.empty() && mayTry) {
      try {
        one.seconds = measure();
      } catch (const c10::OutOfMemoryError&) {  // another time
      }
      if (one.seconds > 0) file.add({{key, {one}}});
      known = {one};
    }
    if (known.empty() || known.back().seconds <= 0) return std::nullopt;
    return (one.work + one.bytes) / known.back().seconds;
  };
  const bool pinned = options.pinned != PinnedMemory::Off;
  const auto copied = trial(pinned ? "pinned copy" : "copy", {0, kTrialBytes, 0}, [&] {
    const double rate = measureCopyRate(recipe.device, pinned);
    return rate > 0 ? kTrialBytes / rate : 0;
  });
  const auto worked = trial("product", {kTrialWork, 0, 0}, [&] {
    return kTrialWork * kProductToNetwork * ops::measureGpuSecondsPerMultiplication(recipe.format, recipe.device);
  });
  return {copied.value_or(kUsualRates.bytesPerSecond), worked.value_or(kUsualRates.workPerSecond), kUsualRing};
}

CalibrationFile& MachineTimes::fileIn(const std::filesystem::path& cacheFolder) {
  if (!file_.isIn(cacheFolder)) file_ = CalibrationFile(cacheFolder);
  return file_;
}

TimePredictor MachineTimes::predictorFor(const LoadedModel& model, const std::filesystem::path& cacheFolder,
                                         bool mayTry) {
  const NumericRecipe& recipe = model.recipe();
  const std::string setting = settingOf(recipe);
  CalibrationFile& file = fileIn(cacheFolder);
  const CalibrationKey trial = TimePredictor::trialKey(setting);
  if (mayTry && recipe.device.is_cpu() && file.table().samplesOf(trial).empty()) {
    const ops::CpuSpeed speed = ops::measureCpuSpeed(recipe.format);
    file.add({{trial, {{kTrialWork, 0, speed.secondsPerMultiplication * kTrialWork}}},
              {TimePredictor::blockKey(setting), {{1, 0, speed.secondsPerBlock}}}});
  }
  return {file.table(), familyName(model.recognition().family), setting};
}

void MachineTimes::add(const std::filesystem::path& cacheFolder,
                       const std::vector<std::pair<CalibrationKey, Measurement>>& measurements) {
  fileIn(cacheFolder).add(measurements);
}

std::vector<Sentence> patienceFor(const std::optional<PredictedTime>& time, const std::vector<DeviceInfo>& devices) {
  if (!takesLong(time)) return {};
  const std::int64_t minutes = std::llround(time->likely.count() / 60);
  const auto gpu = std::find_if(devices.begin(), devices.end(),
                                [](const DeviceInfo& device) { return device.kind == "gpu" && !device.usable; });
  if (gpu == devices.end()) return {sentence("On the processor this takes about %1 minutes.", minutes)};
  std::vector<Sentence> all{sentence(
      "On the processor this takes about %1 minutes. There is a GPU, %2, which is not used.", minutes, gpu->name)};
  if (!gpu->reason.pattern.empty()) all.push_back(gpu->reason);
  return all;
}

std::vector<Sentence> patienceFor(const std::optional<PredictedTime>& time, const NumericRecipe& recipe,
                                  const MemoryPlan& plan) {
  const NetworkPlacement* unet = plan.placementOf("unet");
  const bool onProcessor = recipe.device.is_cpu() || (unet != nullptr && unet->place == WorkPlace::Host);
  if (!onProcessor || !takesLong(time)) return {};
  return patienceFor(time, LocalDeviceCatalog().devices());
}

}  // namespace studio::engine
