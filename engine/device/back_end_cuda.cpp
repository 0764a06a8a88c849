#include "engine/device/back_end.h"

namespace studio::engine {

BackEnd builtBackEnd() { return BackEnd::Cuda; }

}  // namespace studio::engine
