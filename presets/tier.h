#pragma once

#include "engine/api/choices.h"

#include <string>
#include <vector>

namespace studio::presets {

/// From the low to the high end, both included.
struct Band {
  int low = 1, high = 1;
  bool operator==(const Band&) const = default;
};

/// How much stays on the device where it has less nominal memory than this.
struct MemoryRule {
  int belowGib = 0;  ///< 0: however much there is
  engine::MemoryMode mode = engine::MemoryMode::Automatic;
  bool operator==(const MemoryRule&) const = default;
};

/// Where to begin with machines of one class, before anything is measured or planned. Bands are not settings: what is
/// applied is the low end of the steps and a batch of 1; high ends are as far as a recommendation may go.
struct Tier {
  std::string id;        ///< name of its file without the ending
  std::string title;     ///< English
  std::string meantFor;  ///< English, one line
  bool gpu = true;       ///< for machines with a GPU that can be used
  int fromGib = 0;       ///< nominal memory of the GPU (reported, rounded up to a whole GiB): from this on …
  int belowGib = 0;      ///< … and less than this; 0: no end
  Band batch, side, steps, loras;  ///< side: of a square picture, pixels
  bool staged = false;             ///< larger pictures grow in stages from the low side
  std::vector<MemoryRule> memory;  ///< the first whose limit is not reached counts; the last has none
  bool operator==(const Tier&) const = default;

  engine::MemoryMode memoryModeFor(int nominalGib) const;
  /// Whether a machine belongs to it; without a usable GPU `nominalGib` is 0.
  bool holds(bool hasGpu, int nominalGib) const;
};

}  // namespace studio::presets
