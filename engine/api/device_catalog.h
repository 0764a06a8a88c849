#pragma once

#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <string>
#include <vector>

namespace studio::engine {

/// All processes of one name that hold memory, of the machine or of a GPU.
struct ProgramMemory {
  std::string name;  ///< as the system has it, at most 15 bytes, no arguments, no paths; "PID 12" where it has none
  Bytes bytes;       ///< that they share with nobody; 0 of a GPU: the driver does not tell
};

/// Why a GPU is not used.
enum class DeviceObstacle {
  None,
  NoBackEnd,      ///< this build has none for it
  CardTooOld,     ///< for the program's builds
  CardTooNew,     ///< was not yet known to them
  CardUnknown,    ///< they were made for others of its maker
  DriverTooOld,   ///< for them
  NoDriver,       ///< none is loaded
  DriverChanged,  ///< replaced while the old one runs
  DriverSilent,   ///< did not answer in time
  DriverFailed,   ///< answered with an error
  Lost,           ///< fell off its bus
  NoAccess,       ///< not for this user or container
  Hidden,         ///< by a variable of the environment
  Split,          ///< only its instances compute (MIG)
};

/// "none", "no_back_end", "card_too_old", …
const char* deviceObstacleName(DeviceObstacle obstacle);

/// A processor that may make pictures.
struct DeviceInfo {
  std::string id;  ///< "cpu", "cuda:0"; of a GPU that cannot be used also its UUID or its address on the bus
  std::string name;
  std::string kind;  ///< "cpu", "gpu"
  Bytes totalMemory;
  Bytes freeMemory;
  int threads = 0;                    ///< CPU only: logical processors usable by this process
  std::vector<std::string> features;  ///< "avx2", "avx512f", "avx512_bf16", "amx_bf16", "compute 9.0", …
  bool usable = false;                ///< by this build
  Sentence reason;                    ///< why not, or what it would need; empty when usable
  DeviceObstacle obstacle = DeviceObstacle::None;
  std::string uuid = {};                     ///< of a GPU, where its driver tells: "GPU-…", "MIG-…"
  std::vector<ProgramMemory> programs = {};  ///< other programs with memory of a GPU, the largest first
};

/// Lists processors without starting any of them. Thread-safe; may take a moment.
class DeviceCatalog {
 public:
  virtual ~DeviceCatalog() = default;
  virtual std::vector<DeviceInfo> devices() const = 0;
};

}  // namespace studio::engine
