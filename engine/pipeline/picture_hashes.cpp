#include "engine/pipeline/picture_hashes.h"

#include "engine/api/cancelled.h"
#include "engine/api/units.h"
#include "engine/pipeline/model_hashes.h"

#include <chrono>
#include <exception>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::size_t kModelDigits = 10, kLoraDigits = 12;
constexpr std::chrono::milliseconds kStopInterval{50};

FileHashes makeHashes(const std::filesystem::path& model, const std::vector<std::filesystem::path>& loras,
                      const std::filesystem::path& cacheFolder, const std::stop_token& stop) {
  FileHashes hashes{wholeFileHash(model, cacheFolder, stop).substr(0, kModelDigits), {}};
  for (const std::filesystem::path& lora : loras) {
    const std::string hash = weightDataHash(lora, cacheFolder, stop);
    if (!hash.empty()) hashes.loras.push_back({utf8FromPath(lora.stem()), hash.substr(0, kLoraDigits)});
  }
  return hashes;
}

}  // namespace

BackgroundFileHashes::BackgroundFileHashes(std::filesystem::path model, std::vector<std::filesystem::path> loras,
                                           std::filesystem::path cacheFolder) {
  std::promise<FileHashes> promise;
  hashes_ = promise.get_future().share();
  thread_ = std::jthread([model = std::move(model), loras = std::move(loras), cacheFolder = std::move(cacheFolder),
                          promise = std::move(promise)](const std::stop_token& stop) mutable {
    try {
      promise.set_value(makeHashes(model, loras, cacheFolder, stop));
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
}

FileHashes BackgroundFileHashes::get(const std::stop_token& stop) const {
  while (hashes_.wait_for(kStopInterval) != std::future_status::ready) throwIfStopped(stop);
  return hashes_.get();
}

NamedHash embeddingHash(const std::string& name, const std::filesystem::path& file,
                        const std::filesystem::path& cacheFolder, const std::stop_token& stop) {
  return {name, wholeFileHash(file, cacheFolder, stop).substr(0, kLoraDigits)};
}

}  // namespace studio::engine
