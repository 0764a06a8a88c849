#include "engine/device/nvidia/nvidia_diagnosis.h"

#include <algorithm>
#include <cstdlib>

namespace studio::engine {
namespace {

std::string capabilityText(int capability) {
  return std::to_string(capability / 10) + "." + std::to_string(capability % 10);
}

std::string cudaText(int version) { return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10); }

/// Compiled code runs on cards of the same main version whose minor one is not lower (CUDA's programming guide, binary
/// compatibility); this libtorch carries nothing that a driver could compile for others.
bool isCompiledFor(int capability, const CudaNeeds& needs) {
  return std::any_of(needs.capabilities.begin(), needs.capabilities.end(),
                     [&](int built) { return built / 10 == capability / 10 && built <= capability; });
}

std::string listText(const std::vector<int>& capabilities) {
  std::string text;
  for (const int capability : capabilities) text += (text.empty() ? "" : ", ") + capabilityText(capability);
  return text;
}

std::optional<Obstacle> cardObstacle(int capability, const CudaNeeds& needs) {
  if (capability == 0 || isCompiledFor(capability, needs)) return std::nullopt;
  const int least = *std::min_element(needs.capabilities.begin(), needs.capabilities.end());
  if (capability < least)
    return Obstacle{DeviceObstacle::CardTooOld,
                    sentence("Its compute capability is %1; this libtorch needs %2 or more.",
                             capabilityText(capability), capabilityText(least))};
  return Obstacle{DeviceObstacle::CardTooNew,
                  sentence("Its compute capability is %1, and this libtorch was compiled for %2 only. A newer version "
                           "of the program may know it.",
                           capabilityText(capability), listText(needs.capabilities))};
}

std::optional<Obstacle> driverObstacle(const NvidiaSystem& system, const CudaNeeds& needs) {
  const int version = std::atoi(system.driver.c_str());
  const bool isOld = version > 0 ? version < needs.driver : system.cudaVersion > 0 && system.cudaVersion < needs.cuda;
  if (!isOld) return std::nullopt;
  return Obstacle{
      DeviceObstacle::DriverTooOld,
      sentence("Its driver is version %1, for CUDA up to %2; this libtorch needs driver %3 or newer (CUDA "
               "%4). Update the driver.",
               version > 0 ? system.driver : "?", system.cudaVersion > 0 ? cudaText(system.cudaVersion) : "?",
               needs.driver, cudaText(needs.cuda))};
}

}  // namespace

std::optional<Obstacle> obstacleOf(const NvidiaCard& card, int instances, const NvidiaSystem& system, BackEnd built) {
  const CudaNeeds needs;
  if (card.isSplit && instances > 0)
    return Obstacle{DeviceObstacle::Split, sentence("It is split (MIG): its instances are listed instead.")};
  if (card.isSplit)
    return Obstacle{DeviceObstacle::Split, sentence("It is in MIG mode, but has no instance. Make one with “nvidia-smi "
                                                    "mig”, or switch the mode off.")};
  if (auto obstacle = cardObstacle(card.capability, needs)) return obstacle;
  if (auto obstacle = driverObstacle(system, needs)) return obstacle;
  if (built == BackEnd::Cuda) return std::nullopt;
  return Obstacle{DeviceObstacle::NoBackEnd,
                  sentence("This build has no back end for it; set up again with --backend %1.", "cuda")};
}

Obstacle obstacleOfSilentCard(const NvidiaSystem& system) {
  switch (system.answer) {
    case NvidiaAnswer::NoLibrary:
    case NvidiaAnswer::NoDriver:
      return {
          DeviceObstacle::NoDriver,
          sentence("NVIDIA's driver is not in reach of this program. Install version %1 or newer; a container must be "
                   "started with access to the card.",
                   CudaNeeds().driver)};
    case NvidiaAnswer::Mismatch:
      return {DeviceObstacle::DriverChanged,
              sentence("Its driver was updated while the computer was running. Restart the computer.")};
    case NvidiaAnswer::NoPermission:
    case NvidiaAnswer::Told:
      return {DeviceObstacle::NoAccess, sentence("Its driver does not show it to this program.")};
    case NvidiaAnswer::Lost:
      return {DeviceObstacle::Lost, sentence("Its driver has lost the connection to it. Restart the computer; if it "
                                             "happens again, look at its power supply and its temperature.")};
    case NvidiaAnswer::Silent:
      return {DeviceObstacle::DriverSilent,
              sentence("Its driver does not answer. Restart the computer, and install the driver again if that does "
                       "not help.")};
    case NvidiaAnswer::Failed:
      break;
  }
  return {DeviceObstacle::DriverFailed,
          sentence("Its driver answers with error %1. Restart the computer, and install the driver again if that does "
                   "not help.",
                   system.error)};
}

Obstacle obstacleOfHiddenCard(const std::optional<std::string>& visible) {
  if (visible)
    return {DeviceObstacle::Hidden,
            sentence("It is hidden from this program: CUDA_VISIBLE_DEVICES is “%1”.", *visible)};
  return {DeviceObstacle::Hidden, sentence("CUDA does not show it to this program unless CUDA_VISIBLE_DEVICES names "
                                           "it.")};
}

}  // namespace studio::engine
