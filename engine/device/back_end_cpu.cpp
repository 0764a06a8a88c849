#include "engine/device/back_end.h"

namespace studio::engine {

BackEnd builtBackEnd() { return BackEnd::Cpu; }

}  // namespace studio::engine
