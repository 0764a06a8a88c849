#include "engine/ops/operator_table.h"

namespace studio::engine::ops {

const OperatorTable* gpuOperators() { return nullptr; }

}  // namespace studio::engine::ops
