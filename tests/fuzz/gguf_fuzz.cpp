// A whole file through the reader: every tensor it lists lies inside and can be read.

#include "engine/api/engine_error.h"
#include "engine/weights/gguf_reader.h"
#include "tests/fuzz/memory_file.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using namespace studio::engine;
using studio::tests::require;

constexpr std::uint64_t kMostReadBytes = 1 << 20;

void checkTable(std::string_view bytes) {
  const studio::tests::MemoryFile file(bytes);
  const GgufReader reader(file.path());
  std::vector<std::byte> data;
  for (const auto& [name, info] : reader.header().tensors) {
    const ElementBlock block = blockOf(info.type);
    require(info.offset <= bytes.size() && info.bytes <= bytes.size() - info.offset);
    require(static_cast<std::uint64_t>(info.elements() / block.elements * block.bytes) == info.bytes);
    if (info.bytes > kMostReadBytes) continue;
    data.resize(info.bytes);
    reader.read(info, data);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    checkTable({reinterpret_cast<const char*>(data), size});
  } catch (const EngineException&) {
    // Refused with a sentence: what hostile bytes deserve.
  }
  return 0;
}
