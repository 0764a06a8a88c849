#pragma once

#include "engine/api/hardware_profile.h"
#include "engine/device/hardware_source.h"
#include "engine/device/pci_bus.h"

#include <utility>
#include <vector>

namespace studio::engine {

/// The GPUs among these, and what drivers know beyond them: NVIDIA's first, then AMD's, then others; each vendor's in
/// the order of the bus or of its driver.
std::vector<GpuProfile> gpuProfiles(const std::vector<PciCard>& bus, const HardwareSource& source);

/// Looks at /proc, /sys, and what drivers' libraries tell, the slow ones beside each other.
class LocalHardwareSurvey final : public HardwareSurvey {
 public:
  LocalHardwareSurvey() = default;
  /// For tests.
  explicit LocalHardwareSurvey(HardwareSource source) : source_(std::move(source)) {}

  HardwareProfile look(const std::vector<std::filesystem::path>& folders) const override;

 private:
  HardwareSource source_;
};

}  // namespace studio::engine
