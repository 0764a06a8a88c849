#pragma once

#include "engine/api/device_catalog.h"
#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What a machine is made of, as far as it tells without anything being measured. Values; where something was not told
/// it is 0, empty or nothing.
namespace studio::engine {

enum class GpuVendor { Nvidia, Amd, Intel, Other };

/// "nvidia", "amd", "intel", "other".
const char* gpuVendorName(GpuVendor vendor);

/// A connection by PCI Express.
struct PcieLink {
  int generation = 0;
  int lanes = 0;
  auto operator<=>(const PcieLink&) const = default;
};

struct Watts {
  double count = 0;
  auto operator<=>(const Watts&) const = default;
};

/// A graphics card, or one that only computes.
struct GpuProfile {
  DeviceInfo device;  ///< as in DeviceCatalog
  GpuVendor vendor = GpuVendor::Other;
  std::string pciAddress;     ///< "0000:01:00.0"
  std::string pciIds;         ///< vendor and device, "10de:2684"
  std::string architecture;   ///< "compute 8.9", "gfx1031"
  std::string driver;         ///< its version, or the name of the kernel's
  bool sharesMemory = false;  ///< it is part of the processor and has no memory of its own
  std::optional<bool> drivesDisplay;
  PcieLink linkNow;   ///< the slowest on the way to the processor; an idle card's is slower than a busy one's
  PcieLink linkMost;  ///< and what that way can do
  Watts powerLimit;
  std::vector<std::string> slowedBy;  ///< now: "power", "heat", "power supply"
};

struct CpuProfile {
  DeviceInfo device;  ///< as in DeviceCatalog; its features are instruction sets
  int cores = 0;      ///< physical ones
  int threads = 0;    ///< logical ones, whether this process may use them or not
  int numaNodes = 0;
};

struct MemoryProfile {
  Bytes machine;           ///< all of the machine's
  Bytes total, available;  ///< of that for this process: a control group may allow less
  bool isLimited = false;  ///< by such a group
  Bytes swap, freeSwap;
  Bytes zram;  ///< of the swap: compressed main memory, no disk
};

/// Where a folder lies.
struct DiskProfile {
  std::filesystem::path folder;
  std::string mountPoint;
  std::string fileSystem;  ///< "ext4", "nfs4"
  Bytes total, free;
  std::optional<bool> rotates;  ///< a hard disk
  bool isRemote = false;        ///< behind a network, or a program that stands between
};

/// All processes of one name.
struct BackgroundProgram {
  std::string name;
  Bytes memory;           ///< as in ProgramMemory
  double processors = 0;  ///< that it keeps busy
};

/// A program or driver that people ask for. Its absence is seldom a fault.
struct HardwareCheck {
  std::string id;  ///< "nvidia_driver", "nvidia_smi", "nvcc", "amd_driver", "rocm"
  bool present = false;
  std::string found;  ///< its version or where it lies
  Sentence meaning;   ///< what that means for this program on this machine
};

struct HardwareProfile {
  CpuProfile cpu;
  MemoryProfile memory;
  std::vector<GpuProfile> gpus;
  std::vector<DiskProfile> disks;           ///< one for each folder asked for
  std::vector<BackgroundProgram> programs;  ///< beside this one, those that hold or do most
  std::vector<HardwareCheck> checks;
  std::vector<std::pair<std::string, std::string>> variables;  ///< of the environment, that hide or rename GPUs
};

/// Looks at the machine. Starts nothing and changes nothing. Thread-safe; takes a few tenths of a second, or some
/// seconds with a driver that does not answer.
class HardwareSurvey {
 public:
  virtual ~HardwareSurvey() = default;
  virtual HardwareProfile look(const std::vector<std::filesystem::path>& folders) const = 0;
};

}  // namespace studio::engine
