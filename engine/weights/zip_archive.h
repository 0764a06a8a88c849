#pragma once

#include "engine/weights/random_access_file.h"

#include <cstdint>
#include <map>
#include <string>

namespace studio::engine {

/// The directory of a zip archive whose entries are stored uncompressed, as torch.save writes them (APPNOTE.TXT 6.3,
/// zip64 included). Extents were checked: inside the file, before the directory, none overlapping another.
struct ZipArchive {
  struct Entry {
    std::uint64_t offset = 0;  ///< of the data, from the start of the file
    std::uint64_t bytes = 0;
  };
  std::map<std::string, Entry> entries;
};

/// Reads the directory and every entry's local header. Throws EngineException(BadFile); also for entries that are
/// compressed or encrypted, so that nothing ever expands.
ZipArchive readZipArchive(const RandomAccessFile& file);

}  // namespace studio::engine
