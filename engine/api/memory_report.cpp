#include "engine/api/memory_report.h"

namespace studio::engine {

const char* pictureEffectName(PictureEffect effect) {
  switch (effect) {
    case PictureEffect::Identical:
      return "identical";
    case PictureEffect::SameToTheEye:
      return "same_to_the_eye";
    case PictureEffect::Different:
      return "different";
  }
  return "";
}

const char* holderKindName(MemoryHolder::Kind kind) {
  switch (kind) {
    case MemoryHolder::Kind::Weights:
      return "weights";
    case MemoryHolder::Kind::Activations:
      return "activations";
    case MemoryHolder::Kind::Cache:
      return "cache";
    case MemoryHolder::Kind::OtherProgram:
      return "other_program";
  }
  return "";
}

}  // namespace studio::engine
