#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Safetensors files for tests, whole ones and broken ones. Knows nothing of the engine.
namespace studio::tests {

/// A tensor as it stands in a file: `bytes` are the numbers in the machine's little-endian order.
struct StoredTensor {
  std::string type = "F32";
  std::vector<std::int64_t> shape;
  std::string bytes;
};

using StoredTensors = std::map<std::string, StoredTensor>;

/// 8 bytes of header length, the header, the data; whatever they say.
std::string withHeader(std::string_view header, std::string_view data);

/// A correct file.
std::string safetensorsBytes(const StoredTensors& tensors, const std::map<std::string, std::string>& metadata = {});

/// Makes the folders on the way and replaces what was there.
void writeBytes(const std::filesystem::path& path, std::string_view bytes);

/// A folder below the system's temporary one that goes with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  /// Writes a file in the folder and answers with its path.
  std::filesystem::path write(const std::string& name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace studio::tests
