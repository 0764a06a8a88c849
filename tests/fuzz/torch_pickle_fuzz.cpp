// The first byte chooses: the bytes as one pickle, or as a whole file of torch.save, archive or legacy.

#include "engine/api/engine_error.h"
#include "engine/weights/pickle_reader.h"
#include "engine/weights/torch_pickle_reader.h"
#include "engine/weights/zip_archive.h"
#include "tests/fuzz/memory_file.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using namespace studio::engine;
using studio::tests::MemoryFile;
using studio::tests::require;

constexpr std::int64_t kMostReadBytes = 1 << 20;

void readProgram(std::string_view bytes) {
  std::size_t consumed = 0;
  const PickleDocument document = readPickle(bytes, consumed);
  require(consumed <= bytes.size() && document.root < document.values.size());
  for (const auto& [name, tensor] : collectTensors(document).tensors) {
    require(tensor.storage.type.has_value() && tensor.shape.size() == tensor.strides.size());
    const std::int64_t extent = extentOf(tensor);  // of a tensor without elements the offset says nothing
    require(tensor.offset >= 0 && (extent == 0 || tensor.offset + extent <= tensor.storage.elements));
  }
}

void readFile(std::string_view bytes) {
  const MemoryFile file(bytes);
  const TorchPickleReader reader(file.path());
  std::vector<std::byte> data;
  for (const auto& [name, info] : reader.header().tensors) {
    require(info.bytes <= bytes.size() && info.offset <= bytes.size());
    const std::int64_t needed = extentOf(reader.view(name)) * elementBytes(info.type);
    if (info.bytes == 0 || needed > kMostReadBytes) continue;
    require(info.offset + static_cast<std::uint64_t>(needed) <= bytes.size());
    data.resize(static_cast<std::size_t>(needed));
    reader.read(name, data);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    data[0] == 'p' ? readProgram(bytes) : readFile(bytes);
  } catch (const EngineException&) {
    // Refused with a sentence: what hostile bytes deserve.
  } catch (const PickleTruncated&) {
    // A pickle that goes on behind its bytes.
  }
  return 0;
}
