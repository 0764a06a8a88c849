#pragma once

#include "engine/api/estimator.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/machine_times.h"

#include <memory>

namespace studio::engine {

/// Keeps the model it was asked about last: sizes change more often than files. Its networks stay without weights.
class LocalEstimator final : public Estimator {
 public:
  Result<MemoryEstimate> estimate(const GenerationRequest& request, const EngineOptions& options) override;

 private:
  MemoryEstimate estimated(const GenerationRequest& request, const EngineOptions& options);
  /// Without times but those of changes.
  MemoryEstimate memoryOf(LoadedModel& model, const GenerationRequest& request, const EngineOptions& options,
                          const TimePredictor& predictor);
  LoadedModel& modelFor(const GenerationRequest& request, const NumericRecipe& recipe);

  RecipeResolver recipes_;
  MachineTimes machine_;
  std::unique_ptr<LoadedModel> model_, refiner_;
};

}  // namespace studio::engine
