#include "engine/ops/footprint.h"

namespace studio::engine::ops {
namespace {

thread_local const FootprintTable* chosenFootprints = nullptr;

}  // namespace

FootprintScope::FootprintScope(const FootprintTable& table) : before_(chosenFootprints) { chosenFootprints = &table; }
FootprintScope::~FootprintScope() { chosenFootprints = before_; }
const FootprintTable& FootprintScope::current() {
  return chosenFootprints == nullptr ? cpuFootprints() : *chosenFootprints;
}

}  // namespace studio::engine::ops
