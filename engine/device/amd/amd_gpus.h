#pragma once

#include "engine/api/hardware_profile.h"
#include "engine/device/back_end.h"
#include "engine/device/hardware_source.h"
#include "engine/device/obstacle.h"
#include "engine/device/pci_gpu.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// Why a card of AMD's cannot be used, and what to do about it: the card before the driver, the driver before the
/// build. `target` is empty where the compute driver does not know the card; `mayOpen`: whether this user may open its
/// files; `override`: HSA_OVERRIDE_GFX_VERSION. Pure.
std::optional<Obstacle> amdObstacle(const std::string& target, bool mayOpen, const std::optional<std::string>& override,
                                    BackEnd built);

/// HIP's numbers of the compute driver's GPUs, as the two variables that hide and order them say; nothing where they
/// are written in a way that only HIP understands. Pure.
std::optional<std::vector<int>> visibleNodes(int nodes, const std::optional<std::string>& rocr,
                                             const std::optional<std::string>& hip);

/// AMD's cards, from the PCI bus and the compute driver.
std::vector<GpuProfile> amdGpus(const std::vector<PciCard>& bus,
                                const std::map<std::string, std::vector<GpuProcess>>& processes,
                                const HardwareSource& source);

}  // namespace studio::engine
