#include "engine/api/inspector.h"

namespace studio::engine {

const char* familyName(ModelFamily family) {
  switch (family) {
    case ModelFamily::StableDiffusion1:
      return "SD 1.x";
    case ModelFamily::StableDiffusion2:
      return "SD 2.x";
    case ModelFamily::StableDiffusionXl:
      return "SDXL";
    case ModelFamily::Unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace studio::engine
