// Whatever is accepted as a tier comes back as it was.

#include "presets/tier_codec.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace studio::presets;
  const auto tier = tierFromToml({reinterpret_cast<const char*>(data), size}, "id");
  if (!tier) return 0;
  const auto again = tierFromToml(tomlOf(tier.value()), "id");
  if (!again || again.value() != tier.value()) std::abort();
  return 0;
}
