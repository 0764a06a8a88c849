#pragma once

#include "engine/api/inspector.h"

namespace studio::engine {

/// Reads headers of checkpoints, LoRAs and the rest. No state; thread-safe.
class LocalInspector final : public Inspector {
 public:
  Result<FileInfo> inspect(const std::filesystem::path& path) const override;
};

}  // namespace studio::engine
