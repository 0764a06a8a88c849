#include "engine/pipeline/shortage_report.h"

#include "engine/api/request_fields.h"
#include "engine/memory/device_meter.h"
#include "engine/pipeline/device_room.h"
#include "engine/pipeline/machine_times.h"
#include "engine/pipeline/model_profile.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::size_t kMostPrograms = 3, kMostFixes = 8, kMostNotEnough = 4;

std::int64_t wholeMebibytes(Bytes bytes) { return (bytes.count + (1 << 20) - 1) >> 20; }

MemoryHolder holderOf(const std::string& name, const Residency& residency) {
  return {MemoryHolder::Kind::Weights,
          name,
          {residency.residentBytes()},
          static_cast<int>(residency.table().blocks().size()),
          residency.residentBlocks()};
}

std::vector<MemoryHolder> networkHolders(const ShortageScene& scene) {
  std::vector<MemoryHolder> holders;
  for (const Conditioner::Encoder& encoder : scene.model.conditioner().encoders())
    holders.push_back(holderOf(networkName(encoder), *encoder.residency));
  holders.push_back(holderOf("unet", *scene.model.unet().residency));
  holders.push_back(holderOf("vae", *scene.model.vae().residency));
  if (scene.model.previewDecoder()) holders.push_back(holderOf("preview", *scene.model.previewDecoder().residency));
  if (scene.refiner != nullptr) holders.push_back(holderOf("refiner", *scene.refiner->unet().residency));
  std::erase_if(holders, [](const MemoryHolder& holder) { return holder.bytes.count <= 0; });
  return holders;
}

/// What the machine, or the card, has for the engine.
Bytes roomFor(const LoadedModel& model, bool host) { return freeMemoryOf(host ? at::kCPU : model.recipe().device); }

MemoryFix optionsFix(const char* what, const OptionsPatch& options, PictureEffect effect = PictureEffect::Identical) {
  return {.what = sentence(what), .peak = {}, .effect = effect, .seconds = {}, .patch = {}, .options = options};
}

MemoryFix requestFix(const Sentence& what, const GenerationRequest& values, std::vector<std::string> present,
                     PictureEffect effect) {
  return {
      .what = what, .peak = {}, .effect = effect, .seconds = {}, .patch = {values, std::move(present)}, .options = {}};
}

/// More of what the person has set as the most.
void addLargerBudget(const ShortageScene& scene, const MemoryReport& report, std::vector<MemoryFix>& fixes) {
  const Bytes budget = scene.options.deviceBudget;
  if (budget.count <= 0 || report.host) return;
  EngineOptions unlimited = scene.options;
  unlimited.deviceBudget = {};
  const Bytes peak =
      planFor(scene.model, scene.refiner, scene.request, unlimited, executionOf(unlimited), scene.first).peak();
  const std::int64_t needed = wholeMebibytes(peak);
  if (peak <= budget || roomFor(scene.model, false) < peak) return;
  MemoryFix fix = optionsFix(
      "", {.memoryMode = {}, .decode = {}, .oomPolicy = {}, .preview = {}, .deviceBudget = Bytes{needed << 20}});
  fix.what = sentence("Allow %1 MiB of device memory, not %2.", needed, wholeMebibytes(budget));
  fixes.push_back(std::move(fix));
}

void addOptionFixes(const ShortageScene& scene, std::vector<MemoryFix>& fixes) {
  const EngineOptions& options = scene.options;
  OptionsPatch patch;
  if (options.oomPolicy == OomPolicy::Off) {
    patch.oomPolicy = OomPolicy::Lossless;
    fixes.push_back(optionsFix("Let the studio take smaller ways to the same picture by itself.", patch));
  }
  const bool decodesPreviews = options.preview == PreviewMode::Decoder || options.preview == PreviewMode::Automatic;
  if (decodesPreviews && scene.model.previewDecoder()) {
    patch = {};
    patch.preview = PreviewMode::LatentRgb;
    fixes.push_back(optionsFix("Previews as coloured cells, without a decoder.", patch));
  }
  if (scene.plan.decode.mode == DecodeMode::Whole) {
    patch = {};
    patch.decode = DecodeMode::Strips;
    fixes.push_back(optionsFix("Decode the picture in strips.", patch));
  }
  static constexpr std::array<std::pair<MemoryMode, const char*>, 3> kModes{{
      {MemoryMode::MediumVram, "Only one network at a time in memory (medvram)."},
      {MemoryMode::LowVram, "Only half of the network in memory (lowvram)."},
      {MemoryMode::Streaming, "Every part in memory only while it works (streaming)."},
  }};
  const auto rank = [](MemoryMode mode) {
    if (mode == MemoryMode::MediumVram) return 1;
    if (mode == MemoryMode::LowVram) return 2;
    return mode == MemoryMode::Automatic || mode == MemoryMode::HighVram ? 0 : 3;
  };
  for (const auto& [mode, what] : kModes) {
    if (rank(mode) <= rank(options.memoryMode)) continue;
    patch = {};
    patch.memoryMode = mode;
    fixes.push_back(optionsFix(what, patch));
  }
}

/// What changes the request, and tiles.
void addLastFixes(const ShortageScene& scene, std::vector<MemoryFix>& fixes) {
  const GenerationRequest& request = scene.request;
  if (request.batchSize > 1) {
    GenerationRequest one = request;
    one.batchCount = request.batchCount * request.batchSize;
    one.batchSize = 1;
    fixes.push_back(requestFix(sentence("A batch size of 1 and a larger batch count: the same number of pictures."),
                               one, {"batch_size", "batch_count"}, PictureEffect::Identical));
  }
  if (scene.plan.decode.mode != DecodeMode::Tiles) {
    OptionsPatch patch;
    patch.decode = DecodeMode::Tiles;
    fixes.push_back(optionsFix("Decode the picture in tiles.", patch, PictureEffect::SameToTheEye));
  }
  const int longer = std::max(request.size.width, request.size.height);
  for (const int side : {1024, 768, 512}) {
    if (longer <= side) continue;
    const auto scaled = [&](int from) { return std::max(kSideMultiple, from * side / longer / 64 * 64); };
    GenerationRequest smaller = request;
    smaller.size = {scaled(request.size.width), scaled(request.size.height)};
    fixes.push_back(requestFix(sentence("A size of %1 × %2.", smaller.size.width, smaller.size.height), smaller,
                               {"width", "height"}, PictureEffect::Different));
  }
}

/// What a plan takes longer than another, where both are known.
std::optional<Seconds> longerBy(const MemoryPlan& plan, const MemoryPlan& other, const TimePredictor& predictor) {
  const auto time = sumOf(predictor.times(plan)), before = sumOf(predictor.times(other));
  if (!time || !before) return std::nullopt;
  return time->likely - before->likely;
}

/// Tells whether the job has room with the fix, and puts its peak, its time and what else it does to the picture into
/// it.
bool isEnough(const ShortageScene& scene, const MemoryReport& report, const TimePredictor& predictor, MemoryFix& fix) {
  EngineOptions options = scene.options;
  if (report.limit.count > 0) options.deviceBudget = report.limit;
  applyPatch(fix.options, options);
  const GenerationRequest& request = fix.patch.present.empty() ? scene.request : fix.patch.values;
  const PlanOf plans = [&](const Execution& execution) {
    return planFor(scene.model, scene.refiner, request, options, execution, scene.first);
  };
  const MemoryShortage before = withHostRoom({.phase = scene.shortage.phase,
                                              .ran = false,
                                              .pool = scene.shortage.pool,
                                              .missing = scene.shortage.missing,
                                              .available = options.deviceBudget},
                                             scene.model.recipe().device);
  MemoryPlan plan = plans(executionOf(options));
  if (!plan.fits() || fix.options.oomPolicy) {
    const std::vector<Rung> rungs = descend(executionOf(options), before, byPolicy(options.oomPolicy), plans);
    if (!rungs.empty()) plan = plans(rungs.back().execution);
  }
  fix.peak = plan.peak();
  fix.seconds = longerBy(plan, scene.plan, predictor);
  if (plan.decode.mode == DecodeMode::Tiles) fix.effect = std::max(fix.effect, PictureEffect::SameToTheEye);
  if (!plan.fits()) return false;
  if (!scene.shortage.ran) return true;
  const PhaseMemory* now = plan.phaseOf(scene.shortage.phase);
  const PhaseMemory* then = scene.plan.phaseOf(scene.shortage.phase);
  return now != nullptr && then != nullptr && now->peak() < then->peak();
}

}  // namespace

bool isOwnLimit(Bytes limit, Bytes room) { return limit.count > 0 && limit.count < room.count / 10 * 9; }

MemoryReport reportOf(const ShortageScene& scene) {
  const Refusal refusal = lastRefusal();
  MemoryReport report{.phase = scene.shortage.phase, .step = scene.step, .ran = scene.shortage.ran};
  report.host = report.ran && scene.shortage.pool == MemoryPool::Host;
  report.asked = scene.shortage.missing;
  const DeviceMeter meter(scene.model.recipe().device);
  const bool isCounted = report.host || scene.model.recipe().device.is_cpu();  // by the allocator that knows refusals
  report.inUse = report.ran && isCounted ? refusal.inUse : meter.current();
  if (!report.host) report.limit = scene.shortage.available;
  const Bytes room = roomFor(scene.model, report.host);
  const std::int64_t left =
      report.limit.count > 0 ? report.limit.count - report.inUse.count : room.count - meter.current().count;
  report.free = {std::max<std::int64_t>(0, left)};
  if (report.ran && !report.host && refusal.pieces)
    report.free = refusal.pieces->total, report.largestPiece = refusal.pieces->largest;
  report.predictedPeak = scene.plan.peak();
  report.measuredPeak = meter.peak();
  report.streamedPerStep = scene.plan.streamedPerStep;
  report.rungs = scene.rungs;
  report.holders = networkHolders(scene);
  std::int64_t rest = report.host ? 0 : report.inUse.count;
  for (const MemoryHolder& holder : report.holders) rest -= holder.bytes.count;
  if (rest > 0) report.holders.push_back({MemoryHolder::Kind::Activations, {}, {rest}});
  if (cachedBytes().count > 0) report.holders.push_back({MemoryHolder::Kind::Cache, {}, cachedBytes()});
  if (isOwnLimit(report.limit, room)) return report;
  for (const ProgramMemory& program : programsOn(report.host ? at::kCPU : scene.model.recipe().device, kMostPrograms))
    report.holders.push_back({MemoryHolder::Kind::OtherProgram, program.name, program.bytes});
  return report;
}

void addFixes(const ShortageScene& scene, MemoryReport& report) {
  for (Residency* residency : scene.model.residencies()) residency->dropAll();
  PromptCache prompts = std::exchange(scene.model.prompts(), {});  // the next job knows none
  std::vector<MemoryFix> candidates;
  addOptionFixes(scene, candidates);
  addLargerBudget(scene, report, candidates);
  addLastFixes(scene, candidates);
  const TimePredictor predictor = MachineTimes().predictorFor(scene.model, scene.options.cacheFolder, false);
  for (MemoryFix& fix : candidates) {
    std::vector<MemoryFix>& list = isEnough(scene, report, predictor, fix) ? report.fixes : report.notEnough;
    const std::size_t most = &list == &report.fixes ? kMostFixes : kMostNotEnough;
    if (list.size() < most) list.push_back(std::move(fix));
  }
  std::stable_sort(report.fixes.begin(), report.fixes.end(),
                   [](const MemoryFix& a, const MemoryFix& b) { return a.effect < b.effect; });
  scene.model.prompts() = std::move(prompts);
}

}  // namespace studio::engine
