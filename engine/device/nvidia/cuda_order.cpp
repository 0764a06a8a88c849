#include "engine/device/nvidia/nvidia_system.h"
#include "engine/device/shared_library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace studio::engine {
namespace {

constexpr int kMostDevices = 64;

using CudaUuid = std::array<unsigned char, 16>;

/// Own declarations after NVIDIA's public reference of the driver interface.
struct CudaDriver {
  explicit CudaDriver(const std::string& path) : library(path, SharedLibrary::AtTheEnd::Keep) {
    library.find(init, {"cuInit"});
    library.find(count, {"cuDeviceGetCount"});
    library.find(device, {"cuDeviceGet"});
    library.find(uuid, {"cuDeviceGetUuid_v2", "cuDeviceGetUuid"});
  }

  SharedLibrary library;
  int (*init)(unsigned) = nullptr;
  int (*count)(int*) = nullptr;
  int (*device)(int*, int) = nullptr;
  int (*uuid)(CudaUuid*, int) = nullptr;
};

std::string digitsOf(const CudaUuid& uuid) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : uuid) {
    text += kDigits[byte / 16];
    text += kDigits[byte % 16];
  }
  return text;
}

}  // namespace

std::optional<std::vector<std::string>> readCudaOrder(const std::string& library) {
  const CudaDriver cuda(library);
  if (cuda.init == nullptr || cuda.count == nullptr || cuda.device == nullptr || cuda.uuid == nullptr)
    return std::nullopt;
  constexpr int kNoDevice = 100;
  const int result = cuda.init(0);
  if (result == kNoDevice) return std::vector<std::string>();
  int count = 0;
  if (result != 0 || cuda.count(&count) != 0) return std::nullopt;
  std::vector<std::string> order;
  for (int i = 0; i < std::min(count, kMostDevices); ++i) {
    int device = 0;
    CudaUuid uuid{};
    if (cuda.device(&device, i) != 0 || cuda.uuid(&uuid, device) != 0) return std::nullopt;
    order.push_back(digitsOf(uuid));
  }
  return order;
}

std::string uuidDigits(const std::string& uuid) {
  std::string digits;
  const std::size_t prefix = uuid.find('-');
  for (const char c : prefix == std::string::npos ? uuid : uuid.substr(prefix)) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0)
      digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return digits;
}

}  // namespace studio::engine
