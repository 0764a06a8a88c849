#include "engine/device/amd/amd_gpus.h"

#include "engine/device/amd/kfd_topology.h"
#include "engine/device/drm_card.h"
#include "engine/device/system_file.h"

#include <algorithm>
#include <utility>

#include <unistd.h>

namespace studio::engine {
namespace {

bool mayOpen(const std::filesystem::path& file) { return ::access(file.c_str(), R_OK | W_OK) == 0; }

std::string listText(const std::vector<std::string>& targets) {
  std::string text;
  for (const std::string& target : targets) text += (text.empty() ? "" : ", ") + target;
  return text;
}

/// The numbers of a list like "0,2", below `count`. As HIP reads it, the first that is none ends the list.
std::optional<std::vector<int>> listed(const std::string& text, int count) {
  std::vector<int> numbers;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string item = text.substr(start, end - start);
    if (item.find_first_not_of("0123456789- ") != std::string::npos) return std::nullopt;  // UUIDs
    const auto number = numberFrom(item);
    if (!number || *number < 0 || *number >= count) break;
    numbers.push_back(static_cast<int>(*number));
    start = end + 1;
  }
  return numbers;
}

/// What the compute driver adds to what the bus tells. `number` is HIP's of the card, or -1.
void addNode(const KfdNode& node, int number, const HardwareSource& source, GpuProfile& gpu) {
  gpu.architecture = node.target;
  gpu.device.features.insert(gpu.device.features.begin(), node.target);
  if (gpu.device.totalMemory.count == 0) {
    gpu.device.totalMemory = node.memory;
    gpu.device.freeMemory = {};  // nobody told
  }
  if (const auto override = source.variable("HSA_OVERRIDE_GFX_VERSION"))
    gpu.device.features.push_back("HSA_OVERRIDE_GFX_VERSION=" + *override);
  if (number >= 0 && source.backEnd == BackEnd::Rocm) gpu.device.id = "cuda:" + std::to_string(number);
}

}  // namespace

std::optional<Obstacle> amdObstacle(const std::string& target, bool open, const std::optional<std::string>& override,
                                    BackEnd built) {
  const RocmNeeds needs;
  if (target.empty())
    return Obstacle{DeviceObstacle::NoDriver,
                    sentence("The kernel's compute driver (amdkfd) does not know it. It needs the driver amdgpu with "
                             "compute support; a container must be started with /dev/kfd and /dev/dri.")};
  const bool isKnown = std::find(needs.targets.begin(), needs.targets.end(), target) != needs.targets.end();
  if (!isKnown && !override && sharesCodeOfGfx1030(target))
    return Obstacle{DeviceObstacle::CardUnknown,
                    sentence("It is a %1, for which libtorch for ROCm was not compiled. With "
                             "HSA_OVERRIDE_GFX_VERSION=10.3.0 set it takes the code for gfx1030: unofficial, and not "
                             "sure to work.",
                             target)};
  if (!isKnown && !override)
    return Obstacle{DeviceObstacle::CardUnknown, sentence("It is a %1, and libtorch for ROCm was compiled for %2 only.",
                                                          target, listText(needs.targets))};
  if (!open)
    return Obstacle{DeviceObstacle::NoAccess, sentence("This user may not open /dev/kfd and /dev/dri. Add them to the "
                                                       "groups render and video, and log in again.")};
  if (built == BackEnd::Rocm) return std::nullopt;
  return Obstacle{DeviceObstacle::NoBackEnd,
                  sentence("This build has no back end for it; set up again with --backend %1.", "rocm")};
}

std::optional<std::vector<int>> visibleNodes(int nodes, const std::optional<std::string>& rocr,
                                             const std::optional<std::string>& hip) {
  std::vector<int> all(static_cast<std::size_t>(nodes));
  for (int i = 0; i < nodes; ++i) all[static_cast<std::size_t>(i)] = i;
  for (const auto& variable : {rocr, hip}) {
    if (!variable) continue;
    const auto numbers = listed(*variable, static_cast<int>(all.size()));
    if (!numbers) return std::nullopt;
    std::vector<int> shown;
    for (const int number : *numbers) shown.push_back(all[static_cast<std::size_t>(number)]);
    all = std::move(shown);
  }
  return all;
}

std::vector<GpuProfile> amdGpus(const std::vector<PciCard>& bus,
                                const std::map<std::string, std::vector<GpuProcess>>& processes,
                                const HardwareSource& source) {
  const std::vector<KfdNode> nodes = kfdNodes(source.root);
  const auto rocr = source.variable("ROCR_VISIBLE_DEVICES"), hip = source.variable("HIP_VISIBLE_DEVICES");
  const auto shown = visibleNodes(static_cast<int>(nodes.size()), rocr, hip);
  std::vector<GpuProfile> gpus;
  for (const PciCard& card : bus) {
    if (card.vendor != kAmdVendor) continue;
    GpuProfile gpu = pciGpu(card, source.root);
    const auto used = processes.find(card.address);
    if (used != processes.end()) gpu.device.programs = programsFrom(used->second, source.root);
    const auto node =
        std::find_if(nodes.begin(), nodes.end(), [&](const KfdNode& each) { return each.pciAddress == card.address; });
    int number = -1;
    if (node != nodes.end() && shown) {
      const auto place = std::find(shown->begin(), shown->end(), static_cast<int>(node - nodes.begin()));
      if (place != shown->end()) number = static_cast<int>(place - shown->begin());
    }
    if (node != nodes.end()) addNode(*node, number, source, gpu);
    const std::string render = drmCard(source.root / "sys/bus/pci/devices" / card.address).renderNode;
    const bool open = mayOpen(source.root / "dev/kfd") && !render.empty() && mayOpen(source.root / "dev/dri" / render);
    gpu.device.usable = true;
    if (const auto obstacle =
            amdObstacle(gpu.architecture, open, source.variable("HSA_OVERRIDE_GFX_VERSION"), source.backEnd)) {
      setObstacle(*obstacle, gpu.device);
    } else if (number < 0) {
      setObstacle({DeviceObstacle::Hidden, sentence("It is hidden from this program: ROCR_VISIBLE_DEVICES is “%1”, "
                                                    "HIP_VISIBLE_DEVICES is “%2”.",
                                                    rocr.value_or(""), hip.value_or(""))},
                  gpu.device);
    }
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

}  // namespace studio::engine
