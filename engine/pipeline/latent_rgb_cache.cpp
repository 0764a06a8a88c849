#include "engine/pipeline/latent_rgb_cache.h"

#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>

namespace studio::engine {
namespace {

/// The file's first line repeats the fingerprint, so that two with one hash are told apart.
std::filesystem::path fileOf(const std::filesystem::path& cacheFolder, const std::string& fingerprint) {
  std::ostringstream name;
  name << std::hex << std::hash<std::string>{}(fingerprint) << ".txt";
  return cacheFolder / "latent-rgb" / name.str();
}

}  // namespace

std::optional<LatentRgb> findLatentRgbFit(const std::filesystem::path& cacheFolder, const std::string& fingerprint,
                                          std::int64_t latentChannels) {
  if (cacheFolder.empty()) return std::nullopt;
  std::ifstream file(fileOf(cacheFolder, fingerprint));
  std::string written, text;
  if (!std::getline(file, written) || !std::getline(file, text) || written != fingerprint) return std::nullopt;
  return latentRgbFromText(text, latentChannels);
}

void keepLatentRgbFit(const std::filesystem::path& cacheFolder, const std::string& fingerprint, const LatentRgb& fit) {
  if (cacheFolder.empty()) return;
  const std::filesystem::path path = fileOf(cacheFolder, fingerprint);
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  std::ofstream(path) << fingerprint << '\n' << latentRgbText(fit) << '\n';
}

}  // namespace studio::engine
