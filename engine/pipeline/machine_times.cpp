#include "engine/pipeline/machine_times.h"

#include "engine/api/model_catalog.h"
#include "engine/device/local_device_catalog.h"
#include "engine/ops/precision_probe.h"

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

}  // namespace

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
    const double seconds = ops::measureCpuSecondsPerMultiplication(recipe.format);
    file.add({{trial, {{kTrialWork, 0, seconds * kTrialWork}}}});
  }
  return {file.table(), familyName(model.recognition().family), setting};
}

void MachineTimes::add(const std::filesystem::path& cacheFolder,
                       const std::vector<std::pair<CalibrationKey, Measurement>>& measurements) {
  fileIn(cacheFolder).add(measurements);
}

std::optional<Sentence> patienceFor(const std::optional<PredictedTime>& time, const std::vector<DeviceInfo>& devices) {
  if (!takesLong(time)) return std::nullopt;
  const std::int64_t minutes = std::llround(time->likely.count() / 60);
  for (const DeviceInfo& device : devices) {
    if (device.kind == "gpu" && !device.usable)
      return sentence(
          "On the processor this takes about %1 minutes. There is a GPU, %2, which this version of the "
          "program cannot use.",
          minutes, device.name);
  }
  return sentence("On the processor this takes about %1 minutes.", minutes);
}

std::optional<Sentence> patienceFor(const std::optional<PredictedTime>& time, const NumericRecipe& recipe,
                                    const MemoryPlan& plan) {
  const NetworkPlacement* unet = plan.placementOf("unet");
  const bool onProcessor = recipe.device.is_cpu() || (unet != nullptr && unet->place == WorkPlace::Host);
  if (!onProcessor || !takesLong(time)) return std::nullopt;
  return patienceFor(time, LocalDeviceCatalog().devices());
}

}  // namespace studio::engine
