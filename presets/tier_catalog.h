#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "presets/tier.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::presets {

/// The tiers that come with the studio, in the order of their machines: cpu, entry, mid, high.
std::vector<Tier> builtInTiers();

/// A person's file that cannot be used.
struct BrokenTier {
  std::filesystem::path file;
  engine::EngineError why;
};

/// Built-in tiers and people's own: files `*.toml` in a folder, of which one with a built-in tier's name stands in its
/// place. Reads files when it is made; a value afterwards.
class TierCatalog {
 public:
  /// The folder need not be there. At most 100 of its files are read.
  explicit TierCatalog(const std::filesystem::path& folder = {});

  /// Built-in ones first.
  const std::vector<Tier>& tiers() const { return tiers_; }
  const std::vector<BrokenTier>& broken() const { return broken_; }
  /// Null when there is none.
  const Tier* find(const std::string& id) const;
  /// That of a machine: of several a person's own comes before a built-in one. Without a usable GPU `gib`, the nominal
  /// memory, is 0.
  const Tier& tierFor(bool hasGpu, int gib) const;

 private:
  void read(const std::filesystem::path& file);

  std::vector<Tier> tiers_;
  std::vector<BrokenTier> broken_;
  std::size_t builtIn_ = 0;  ///< how many of them
};

/// A card reports somewhat less than its name says: rounded up to a whole GiB.
int nominalGib(engine::Bytes reported);

}  // namespace studio::presets
