#include "engine/pipeline/local_estimator.h"

#include "engine/api/request_fields.h"
#include "engine/pipeline/device_room.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/model_profile.h"
#include "engine/pipeline/refiner_handover.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace studio::engine {
namespace {

/// Everything stays, nothing is brought in twice, and the picture is that of a large device.
bool isUndisturbed(const MemoryPlan& plan) {
  return plan.decode.mode != DecodeMode::Tiles &&
         std::all_of(plan.networks.begin(), plan.networks.end(),
                     [](const NetworkPlacement& network) { return network.streamed.count == 0; });
}

struct Candidate {
  Sentence what;
  RequestPatch patch;  ///< its values are the whole request
  std::optional<MemoryMode> mode;
};

/// What people would try, the cheapest for the picture first.
std::vector<Candidate> candidates(const GenerationRequest& request) {
  std::vector<Candidate> found;
  const auto addMode = [&](MemoryMode mode, const char* what) {
    found.push_back({sentence(what), {request, {}}, mode});
  };
  addMode(MemoryMode::MediumVram, "One network at a time (medvram): the same picture, a little slower.");
  addMode(MemoryMode::Streaming, "Bring every part in when it is needed (streaming): the same picture, slower.");
  addMode(MemoryMode::Hybrid,
          "Text encoders and VAE on the processor (hybrid): the same picture, slower to begin and end.");
  if (request.batchSize > 1) {
    RequestPatch patch{request, {"batch_size", "batch_count"}};
    patch.values.batchSize = 1;
    patch.values.batchCount = request.batchCount * request.batchSize;
    found.push_back({sentence("A batch size of 1 and a larger batch count: the same number of pictures."), patch, {}});
  }
  for (const int side : {1024, 768, 512}) {
    const int longer = std::max(request.size.width, request.size.height);
    if (longer <= side) continue;
    const auto scaled = [&](int from) { return std::max(kSideMultiple, from * side / longer / 64 * 64); };
    const PixelSize size{scaled(request.size.width), scaled(request.size.height)};
    RequestPatch patch{request, {"width", "height"}};
    patch.values.size = size;
    found.push_back({sentence("A size of %1 × %2.", size.width, size.height), patch, {}});
  }
  addMode(MemoryMode::Cpu, "Everything on the processor (cpu): the same picture, far slower than a GPU makes it.");
  return found;
}

}  // namespace

Result<MemoryEstimate> LocalEstimator::estimate(const GenerationRequest& request, const EngineOptions& options) {
  const c10::InferenceMode inference;
  try {
    return estimated(request, options);
  } catch (...) {
    return translateCurrentException();
  }
}

LoadedModel& LocalEstimator::modelFor(const GenerationRequest& request, const NumericRecipe& recipe) {
  if (model_ == nullptr || !model_->serves(request, recipe)) {
    model_.reset();
    model_ = std::make_unique<LoadedModel>(request, recipe);
  }
  if (request.refiner.empty() || request.refinerSwitchAt >= 1) {
    refiner_.reset();
  } else if (refiner_ == nullptr || !refiner_->serves(refinerRequest(request), recipe)) {
    refiner_.reset();
    refiner_ = std::make_unique<LoadedModel>(refinerRequest(request), recipe);
  }
  return *model_;
}

MemoryEstimate LocalEstimator::estimated(const GenerationRequest& request, const EngineOptions& options) {
  if (auto wrong = checkRequest(request)) throw EngineException(std::move(*wrong));
  const NumericRecipe recipe = recipes_.resolve(options);
  LoadedModel& model = modelFor(request, recipe);
  model.setStreamRates(machine_.streamRatesFor(recipe, options, /*mayTry=*/false));
  const TimePredictor predictor = machine_.predictorFor(model, options.cacheFolder);
  MemoryEstimate estimate = memoryOf(model, request, options, predictor);
  const double factor = recipe.device.is_cpu() ? 1 : predictor.peakFactor(estimate.plan);
  if (factor > 1) {  // judged as if there were less
    const Bytes available = estimate.available;
    EngineOptions less = options;
    less.deviceBudget = {static_cast<std::int64_t>(static_cast<double>(available.count) / factor)};
    estimate = memoryOf(model, request, less, predictor);
    estimate.available = available;
  }
  estimate.times = predictor.times(estimate.plan);
  estimate.loading = predictor.loading(estimate.plan);
  const std::vector<Sentence> patience = patienceFor(estimate.time(), recipe, estimate.plan);
  if (!patience.empty()) estimate.patience = patience.front();
  return estimate;
}

MemoryEstimate LocalEstimator::memoryOf(LoadedModel& model, const GenerationRequest& request,
                                        const EngineOptions& options, const TimePredictor& predictor) {
  const auto planOf = [&](const GenerationRequest& r, EngineOptions o, Bytes budget) {
    o.deviceBudget = budget;
    return planFor(model, refiner_.get(), r, o, executionOf(o));
  };
  MemoryEstimate estimate;
  estimate.available = usableBudget(options, model.recipe().device);
  if (estimate.available.count <= 0) estimate.available = freeMemoryOf(model.recipe().device);
  estimate.plan = planOf(request, options, estimate.available);
  if (estimate.plan.fits() && isUndisturbed(estimate.plan)) return estimate;
  const MemoryShortage shortage = withHostRoom(shortageOf(estimate.plan), model.recipe().device);
  if (!estimate.plan.fits()) {
    // As the job would begin.
    EngineOptions bounded = options;
    bounded.deviceBudget = estimate.available;
    const PlanOf plans = [&](const Execution& e) { return planFor(model, refiner_.get(), request, bounded, e); };
    const std::vector<Rung> rungs = descend(executionOf(bounded), shortage, byPolicy(options.oomPolicy), plans);
    if (!rungs.empty()) estimate.plan = plans(rungs.back().execution);
  }
  estimate.verdict = estimate.plan.fits() ? Verdict::FitsWith : Verdict::DoesNotFit;
  for (const Candidate& candidate : candidates(request)) {
    EngineOptions changed = options;
    changed.memoryMode = candidate.mode.value_or(options.memoryMode);
    const MemoryPlan plan = planOf(candidate.patch.values, changed, estimate.available);
    const bool changesPicture = !candidate.patch.present.empty();
    if (!plan.fits() || !hasHostRoom(plan, shortage)) continue;
    estimate.changes.push_back(
        {candidate.what, plan.peak(), changesPicture, candidate.patch, candidate.mode, sumOf(predictor.times(plan))});
  }
  return estimate;
}

}  // namespace studio::engine
