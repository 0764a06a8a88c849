#pragma once

#include "engine/image/byte_source.h"

#include <filesystem>

namespace studio::engine {

/// Puts the bytes on disk whole or not at all: written to a file without a name in the same folder, or where that
/// cannot be to a temporary name, synced, then named.
/// An existing file is never replaced, not even one that appears meanwhile: the next free "name-1.png", "name-2.png", …
/// is taken. Missing folders are made. Returns the path used; throws EngineException(CannotWrite) and leaves nothing.
std::filesystem::path writeNewFile(const std::filesystem::path& path, ByteSpan bytes);

}  // namespace studio::engine
