#include "engine/memory/host_share.h"

namespace studio::engine {

HostShare hostShareOf(MemoryMode mode) {
  if (mode == MemoryMode::Cpu) return HostShare::Everybody;
  return mode == MemoryMode::Hybrid ? HostShare::AllButDenoising : HostShare::Nobody;
}

MemoryMode modeWith(HostShare host, MemoryMode mode) {
  if (host == HostShare::Nobody) return mode;
  return host == HostShare::Everybody ? MemoryMode::Cpu : MemoryMode::Hybrid;
}

WorkPlace placeOf(const std::string& network, HostShare host) {
  const bool denoises = network == "unet" || network == "refiner";
  const bool onHost = host == HostShare::Everybody || (host == HostShare::AllButDenoising && !denoises);
  return onHost ? WorkPlace::Host : WorkPlace::Device;
}

}  // namespace studio::engine
