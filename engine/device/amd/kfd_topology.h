#pragma once

#include "engine/api/units.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A GPU that AMD's compute driver (KFD) offers, in its order, which HIP follows.
struct KfdNode {
  std::string pciAddress;
  std::string target;  ///< "gfx1031"
  Bytes memory;        ///< its own
};

/// From a node's "properties"; `target` is empty for a node that is a processor.
KfdNode kfdNodeFrom(std::string_view properties);

/// Empty without the driver. `root` stands for "/" in tests.
std::vector<KfdNode> kfdNodes(const std::filesystem::path& root);

/// Whether an AMD target can take the code of another by HSA_OVERRIDE_GFX_VERSION: RDNA 2's smaller cards that of the
/// largest. Unofficial, but they share one instruction set.
bool sharesCodeOfGfx1030(std::string_view target);

}  // namespace studio::engine
