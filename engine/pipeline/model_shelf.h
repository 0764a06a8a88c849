#pragma once

#include "engine/pipeline/loaded_model.h"

#include <list>
#include <memory>
#include <optional>

namespace studio::engine {

/// What its networks have on the host to be copied to a device.
Bytes hostBytesOf(const LoadedModel& model);

/// Models that no job uses now and a later one may: on the CPU with their weights in main memory, where they count as
/// idle. The one used longest ago leaves first, whole. Engine thread only.
class ModelShelf {
 public:
  /// The model that serves the request, awake; null when it is not here.
  std::unique_ptr<LoadedModel> take(const GenerationRequest& request, const NumericRecipe& recipe);
  /// It rests from now on. Null is nothing.
  void put(std::unique_ptr<LoadedModel> model);

  /// Models leave until there are at most so many (nothing: any number) and they hold at most `most`.
  void shrinkTo(std::optional<int> models, Bytes most);
  void clear();
  /// All that they have in memory; and of that what waits on the host to be copied to a device.
  Bytes bytes() const;
  Bytes hostBytes() const;
  bool isEmpty() const { return models_.empty(); }

 private:
  std::list<std::unique_ptr<LoadedModel>> models_;  ///< used last first
};

}  // namespace studio::engine
