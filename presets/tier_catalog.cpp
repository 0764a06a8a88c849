#include "presets/tier_catalog.h"

#include "presets/tier_codec.h"
#include "presets/tier_texts.inc"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace studio::presets {
namespace {

constexpr std::size_t kMostFiles = 100, kMostRead = (64U << 10) + 1;

std::string beginningOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostRead, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// In the order of their names.
std::vector<std::filesystem::path> tomlFilesIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  std::filesystem::directory_iterator file(folder, failed);
  for (const std::filesystem::directory_iterator end; !failed && file != end && files.size() < kMostFiles;
       file.increment(failed)) {
    if (file->path().extension() == ".toml" && file->is_regular_file(failed)) files.push_back(file->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Tier> builtInTiers() {
  std::vector<Tier> tiers;
  tiers.reserve(kTierTexts.size());
  for (const auto& [id, text] : kTierTexts) {
    engine::Result<Tier> tier = tierFromToml(text, id);
    if (!tier) throw std::logic_error("the built-in tier " + std::string(id) + ": " + tier.error().message);
    tiers.push_back(std::move(tier.value()));
  }
  return tiers;
}

TierCatalog::TierCatalog(const std::filesystem::path& folder) : tiers_(builtInTiers()), builtIn_(tiers_.size()) {
  if (folder.empty()) return;
  for (const auto& file : tomlFilesIn(folder)) read(file);
}

void TierCatalog::read(const std::filesystem::path& file) {
  engine::Result<Tier> tier = tierFromToml(beginningOf(file), engine::utf8FromPath(file.stem()));
  if (!tier) return broken_.push_back({file, tier.error()});
  const auto same =
      std::find_if(tiers_.begin(), tiers_.end(), [&](const Tier& other) { return other.id == tier.value().id; });
  if (same != tiers_.end()) {
    *same = std::move(tier.value());
  } else {
    tiers_.push_back(std::move(tier.value()));
  }
}

const Tier* TierCatalog::find(const std::string& id) const {
  const auto found = std::find_if(tiers_.begin(), tiers_.end(), [&](const Tier& tier) { return tier.id == id; });
  return found == tiers_.end() ? nullptr : &*found;
}

const Tier& TierCatalog::tierFor(bool hasGpu, int gib) const {
  const auto holds = [=](const Tier& tier) { return tier.holds(hasGpu, gib); };
  const auto own = tiers_.begin() + static_cast<std::ptrdiff_t>(builtIn_);
  const auto found = std::find_if(own, tiers_.end(), holds);
  if (found != tiers_.end()) return *found;
  const auto usual = std::find_if(tiers_.begin(), own, holds);
  return usual == own ? tiers_.front() : *usual;  // people may have left a gap
}

int nominalGib(engine::Bytes reported) {
  constexpr std::int64_t kGib = std::int64_t{1} << 30;
  return static_cast<int>((std::max<std::int64_t>(reported.count, 0) + kGib - 1) / kGib);
}

}  // namespace studio::presets
