#include "engine/device/back_end.h"

namespace studio::engine {

BackEnd builtBackEnd() { return BackEnd::Rocm; }

}  // namespace studio::engine
