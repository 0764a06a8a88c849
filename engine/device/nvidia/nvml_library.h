#pragma once

#include "engine/device/shared_library.h"

#include <string>

/// Own declarations of the few functions used, after NVIDIA's public NVML API reference: the header comes with the
/// toolkit only, the library with every driver.
namespace studio::engine {

using NvmlDevice = void*;

struct NvmlMemory {
  unsigned long long total, free, used;
};

/// Entries of the newer process lists; `memory` is all ones where the driver does not tell.
struct NvmlProcess {
  unsigned id;
  unsigned long long memory;
  unsigned gpuInstance, computeInstance;
};

/// Entries of the first process lists.
struct NvmlProcess1 {
  unsigned id;
  unsigned long long memory;
};

struct NvmlPci {
  char shortBusId[16];
  unsigned domain, bus, device, deviceId, subsystemId;
  char busId[32];
};

/// What its functions return.
constexpr int kNvmlDone = 0, kNvmlNoPermission = 4, kNvmlTooSmall = 7, kNvmlNoDriver = 9, kNvmlLost = 15,
              kNvmlMismatch = 18;

/// Why clocks are low, as bits.
constexpr unsigned long long kNvmlPowerCap = 0x4, kNvmlHeat = 0x20 | 0x40, kNvmlSlowdown = 0x8, kNvmlPowerBrake = 0x80;

/// The driver's management library, open as long as this lives. Any function may be missing in an old one.
struct NvmlLibrary {
  explicit NvmlLibrary(const std::string& path);
  /// Whether the few are there without which nothing can be asked.
  bool isUsable() const { return init != nullptr && shutdown != nullptr && count != nullptr && handle != nullptr; }

  SharedLibrary library;
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  int (*driver)(char*, unsigned) = nullptr;
  int (*cudaVersion)(int*) = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*handle)(unsigned, NvmlDevice*) = nullptr;
  int (*name)(NvmlDevice, char*, unsigned) = nullptr;
  int (*uuid)(NvmlDevice, char*, unsigned) = nullptr;
  int (*pci)(NvmlDevice, NvmlPci*) = nullptr;
  int (*memory)(NvmlDevice, NvmlMemory*) = nullptr;
  int (*capability)(NvmlDevice, int*, int*) = nullptr;
  int (*computeProcesses)(NvmlDevice, unsigned*, NvmlProcess*) = nullptr;
  int (*graphicsProcesses)(NvmlDevice, unsigned*, NvmlProcess*) = nullptr;
  int (*computeProcesses1)(NvmlDevice, unsigned*, NvmlProcess1*) = nullptr;
  int (*graphicsProcesses1)(NvmlDevice, unsigned*, NvmlProcess1*) = nullptr;
  int (*displayActive)(NvmlDevice, unsigned*) = nullptr;
  int (*powerLimit)(NvmlDevice, unsigned*) = nullptr;  ///< milliwatts
  int (*clockReasons)(NvmlDevice, unsigned long long*) = nullptr;
  int (*migMode)(NvmlDevice, unsigned*, unsigned*) = nullptr;
  int (*mostInstances)(NvmlDevice, unsigned*) = nullptr;
  int (*instance)(NvmlDevice, unsigned, NvmlDevice*) = nullptr;
};

}  // namespace studio::engine
