#include "engine/device/local_device_catalog.h"

#include "engine/device/cpu_profile.h"
#include "engine/device/local_hardware_survey.h"
#include "engine/device/pci_gpu.h"

namespace studio::engine {

std::vector<DeviceInfo> LocalDeviceCatalog::devices() const {
  std::vector<PciCard> cards = pciCards(source_.root);
  std::erase_if(cards, [](const PciCard& card) { return !mayCompute(card); });
  std::vector<DeviceInfo> all{cpuProfile(source_.root).device};
  for (GpuProfile& gpu : gpuProfiles(cards, source_)) all.push_back(std::move(gpu.device));
  return all;
}

}  // namespace studio::engine
