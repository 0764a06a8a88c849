#include "engine/device/local_device_catalog.h"

#include "engine/device/cpu_profile.h"
#include "engine/device/local_hardware_survey.h"

namespace studio::engine {

std::vector<DeviceInfo> LocalDeviceCatalog::devices() const {
  std::vector<DeviceInfo> all{cpuProfile(source_.root).device};
  for (GpuProfile& gpu : gpuProfiles(source_)) all.push_back(std::move(gpu.device));
  return all;
}

}  // namespace studio::engine
