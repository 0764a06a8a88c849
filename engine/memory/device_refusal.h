#pragma once

#include "engine/api/units.h"

#include <string_view>

namespace studio::engine {

/// What a GPU's allocator was asked for in vain, and what the GPU had free then. Zeros: not told.
struct DeviceRefusal {
  Bytes asked, free;
};

/// Out of the words of a failed allocation, which are all that torch gives away of it: "… Tried to allocate 20.00 MiB.
/// GPU 0 has a total capacity of 7.79 GiB of which 10.50 MiB is free. …" (rounded to a hundredth of a unit). Any text
/// may be given.
DeviceRefusal deviceRefusalIn(std::string_view words);

}  // namespace studio::engine
