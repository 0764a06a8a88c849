#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// Translates the names of the original latent-diffusion code base (Rombach et al. 2022) into diffusers' names.
/// LDM counts all blocks of a direction in one row ("input_blocks.7.0"); which level and which layer a number
/// means is found by walking the keys, so any depth works.
class LdmUnetNames {
 public:
  /// `keys` are a whole file's keys; the prefixes tell which of them are the UNet's and the VAE's.
  LdmUnetNames(const std::vector<std::string>& keys, std::string_view unetPrefix, std::string_view vaePrefix);

  /// `name` without the UNet's prefix; nothing when it is no UNet tensor.
  std::optional<std::string> unetName(const std::string& name) const;

  /// Number of resolution levels of the VAE's decoder in the file.
  int vaeLevels() const { return vaeLevels_; }

 private:
  std::map<std::string, std::string> blocks_;  ///< "input_blocks.7.0." -> "down_blocks.2.resnets.0."
  int vaeLevels_ = 0;
};

/// `name` without the VAE's prefix; `levels` as of LdmUnetNames::vaeLevels.
std::optional<std::string> vaeNameFromLdm(const std::string& name, int levels);

/// Old diffusers files call the attention's layers query, key, value, proj_attn. Nothing for foreign names.
std::optional<std::string> vaeNameFromDiffusers(const std::string& name);

}  // namespace studio::engine
