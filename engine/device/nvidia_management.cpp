#include "engine/device/nvidia_management.h"

#include "engine/device/compute_device.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include <dlfcn.h>

/// Own declarations of the few functions used, after NVIDIA's public NVML API reference: the header comes with the
/// toolkit only, the library with every driver.
namespace studio::engine {
namespace {

struct NvmlMemory {
  unsigned long long total, free, used;
};

using Handle = void*;

struct Nvml {
  int (*init)();
  int (*shutdown)();
  int (*count)(unsigned*);
  int (*handle)(unsigned, Handle*);
  int (*name)(Handle, char*, unsigned);
  int (*memory)(Handle, NvmlMemory*);
  int (*capability)(Handle, int*, int*);
  int (*driver)(char*, unsigned);
};

constexpr int kLeastDriver = 580, kLeastCapability = 75;

template <class Function>
bool find(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, symbol));
  return function != nullptr;
}

bool findAll(void* library, Nvml& nvml) {
  return find(library, "nvmlInit_v2", nvml.init) && find(library, "nvmlShutdown", nvml.shutdown) &&
         find(library, "nvmlDeviceGetCount_v2", nvml.count) &&
         find(library, "nvmlDeviceGetHandleByIndex_v2", nvml.handle) && find(library, "nvmlDeviceGetName", nvml.name) &&
         find(library, "nvmlDeviceGetMemoryInfo", nvml.memory) &&
         find(library, "nvmlDeviceGetCudaComputeCapability", nvml.capability) &&
         find(library, "nvmlSystemGetDriverVersion", nvml.driver);
}

DeviceInfo describe(const Nvml& nvml, unsigned index, int driver) {
  DeviceInfo info;
  info.id = "cuda:" + std::to_string(index);
  info.kind = "gpu";
  Handle handle = nullptr;
  if (nvml.handle(index, &handle) != 0) return info;
  std::array<char, 96> name{};
  if (nvml.name(handle, name.data(), static_cast<unsigned>(name.size())) == 0) info.name = name.data();
  NvmlMemory memory{};
  if (nvml.memory(handle, &memory) == 0) {
    info.totalMemory = Bytes{static_cast<std::int64_t>(memory.total)};
    info.freeMemory = Bytes{static_cast<std::int64_t>(memory.free)};
  }
  int major = 0, minor = 0;
  if (nvml.capability(handle, &major, &minor) == 0)
    info.features.push_back("compute " + std::to_string(major) + "." + std::to_string(minor));
  info.features.push_back("driver " + std::to_string(driver));
  const auto obstacle = nvidiaObstacle(driver, major * 10 + minor, hasGpuBackEnd());
  info.usable = !obstacle;
  info.reason = obstacle.value_or(Sentence());
  return info;
}

}  // namespace

std::optional<Sentence> nvidiaObstacle(int driver, int capability, bool gpuBackEnd) {
  if (capability < kLeastCapability) {
    return sentence("Its compute capability is %1; this libtorch needs 7.5 or more.",
                    std::to_string(capability / 10) + "." + std::to_string(capability % 10));
  }
  if (driver < kLeastDriver) {
    return sentence("Its driver is version %1; this libtorch needs driver 580 or newer.", driver);
  }
  if (gpuBackEnd) return std::nullopt;
  return Sentence{"This build makes pictures on the CPU; set up again with --backend cuda.", {}};
}

std::vector<DeviceInfo> nvidiaDevices() {
  const std::unique_ptr<void, int (*)(void*)> library(::dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL),
                                                      [](void* l) { return l == nullptr ? 0 : ::dlclose(l); });
  Nvml nvml{};
  if (library == nullptr || !findAll(library.get(), nvml) || nvml.init() != 0) return {};
  std::array<char, 80> version{};
  const int driver =
      nvml.driver(version.data(), static_cast<unsigned>(version.size())) == 0 ? std::atoi(version.data()) : 0;
  unsigned count = 0;
  nvml.count(&count);
  std::vector<DeviceInfo> devices;
  for (unsigned i = 0; i < count; ++i) devices.push_back(describe(nvml, i, driver));
  nvml.shutdown();
  return devices;
}

}  // namespace studio::engine
