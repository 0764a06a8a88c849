// The first byte chooses: the bytes as a header alone, or as a whole file read through the reader.

#include "engine/api/engine_error.h"
#include "engine/weights/safetensors_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace studio::engine;

constexpr std::uint64_t kDataBytes = 4096;
constexpr std::uint64_t kMostReadBytes = 1 << 20;

void require(bool condition) {
  if (!condition) std::abort();
}

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

/// A file that lives in memory only.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(memfd_create("fuzz", MFD_CLOEXEC)) {
    require(fd_ >= 0 && ::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

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
