#pragma once

#include "engine/api/inspector.h"
#include "engine/pipeline/model_choices.h"
#include "engine/pipeline/model_hashes.h"

#include <utility>

namespace studio::engine {

/// Reads headers of checkpoints, LoRAs and the rest. No state but the hashes kept on disk; thread-safe.
class LocalInspector final : public Inspector {
 public:
  explicit LocalInspector(const std::filesystem::path& cacheFolder = {}, std::filesystem::path choicesFile = {})
      : hashes_(cacheFolder), choices_(std::move(choicesFile), cacheFolder) {}
  Result<FileInfo> inspect(const std::filesystem::path& path) const override;
  std::filesystem::path findByHash(const std::string& hash, const std::vector<std::filesystem::path>& files,
                                   const std::stop_token& stop, const HashProgress& progress) const override;

  std::optional<EngineError> remember(const std::filesystem::path& model, const ModelChoice& choice,
                                      const std::stop_token& stop) const override;

 private:
  ModelHashes hashes_;
  ModelChoices choices_;
};

}  // namespace studio::engine
