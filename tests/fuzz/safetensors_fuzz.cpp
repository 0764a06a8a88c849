// The first byte chooses: the bytes as a header alone, or as a whole file read through the reader.

#include "engine/api/engine_error.h"
#include "engine/weights/safetensors_reader.h"
#include "tests/fuzz/memory_file.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace studio::engine;
using studio::tests::MemoryFile;
using studio::tests::require;

constexpr std::uint64_t kDataBytes = 4096;
constexpr std::uint64_t kMostReadBytes = 1 << 20;

/// What the reader promises of every header it accepts.
void checkPromises(const SafetensorsHeader& header, std::uint64_t dataStart, std::uint64_t fileBytes) {
  for (const auto& [name, info] : header.tensors) {
    require(info.offset >= dataStart && info.offset <= fileBytes && info.bytes <= fileBytes - info.offset);
    require(static_cast<std::uint64_t>(info.elements() * elementBytes(info.type)) == info.bytes);
  }
}

void readHeader(std::string_view json) {
  const std::uint64_t dataStart = 8 + json.size();
  checkPromises(parseSafetensorsHeader(json, dataStart, dataStart + kDataBytes), dataStart, dataStart + kDataBytes);
}

void readFile(std::string_view bytes) {
  const MemoryFile file(bytes);
  const SafetensorsReader reader(file.path());
  checkPromises(reader.header(), 8, bytes.size());
  std::vector<std::byte> data;
  for (const auto& [name, info] : reader.header().tensors) {
    if (info.bytes > kMostReadBytes) continue;
    data.resize(info.bytes);
    reader.read(info, data);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    data[0] == 'h' ? readHeader(bytes) : readFile(bytes);
  } catch (const EngineException&) {
    // Refused with a sentence: what hostile bytes deserve.
  }
  return 0;
}
