#pragma once

#include <map>
#include <string>
#include <vector>

namespace studio::engine {

/// The names that the original latent-diffusion code base has for a UNet's layers ("input_blocks.4.1.proj_in"), by
/// canonical layer ("down_blocks.1.attentions.0.proj_in"); the other way round than LdmUnetNames of engine/weights.
/// How many layers a level has is counted from the names.
std::map<std::string, std::string> ldmLayerNames(const std::vector<std::string>& layers);

}  // namespace studio::engine
