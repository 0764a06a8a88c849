#include "engine/api/phase.h"

namespace studio::engine {

const char* phaseName(Phase phase) {
  switch (phase) {
    case Phase::Load:
      return "load";
    case Phase::Encode:
      return "encode";
    case Phase::Denoise:
      return "denoise";
    case Phase::Decode:
      return "decode";
    case Phase::Write:
      return "write";
  }
  return "load";
}

}  // namespace studio::engine
