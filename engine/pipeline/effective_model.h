#pragma once

#include "engine/adapters/effective_weights.h"
#include "engine/api/engine_error.h"
#include "engine/api/generation_request.h"
#include "engine/api/inspector.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace studio::engine {

/// A LoRA of the request that is not used, and why.
struct SkippedLora {
  LoraUse use;
  EngineError reason;
};

/// What became of a request's LoRAs.
struct LoraReport {
  std::vector<SkippedLora> skipped;
  std::vector<Sentence> partial;  ///< of those in use that fit the model only in part
};

/// All networks of a model that LoRAs may change, with a request's LoRAs applied. Nothing is read but headers.
class EffectiveModel {
 public:
  using Sources = std::map<Part, std::shared_ptr<const TensorSource>>;

  EffectiveModel(Sources sources, ModelFamily family);

  /// Applies a LoRA to all networks, or to none when it throws EngineException: MissingFile, BadFile (also block
  /// weights that nobody understands), WrongFamily when it was made for another kind of model.
  /// Answers with a sentence when some of its layers are not in this model.
  std::optional<Sentence> add(const LoraUse& use);

  /// The same for a whole list; those that cannot be used are left out and reported. When `strict`, the first of them
  /// throws. A file that is not there always throws.
  LoraReport addAll(const std::vector<LoraUse>& uses, bool strict);

  std::shared_ptr<EffectiveWeights> weights(Part part) const { return networks_.at(part); }

 private:
  void checkFamily(const LoraFile& file) const;
  ModelFamily family_;
  LayerNames names_;
  std::map<Part, std::shared_ptr<EffectiveWeights>> networks_;
};

}  // namespace studio::engine
