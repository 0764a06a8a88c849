#pragma once

#include "engine/api/hardware_profile.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// A process on a card, as the driver lists it.
struct NvidiaProcess {
  unsigned id = 0;
  std::optional<Bytes> memory;  ///< nothing where the driver does not tell
};

/// A card, or an instance that a card is split into (MIG).
struct NvidiaCard {
  std::string uuid;  ///< "GPU-…", "MIG-…"
  std::string name;
  std::string pciAddress;  ///< "0000:01:00.0", in small letters
  Bytes total, free;
  int capability = 0;    ///< ten times the compute capability; 0: not told
  bool isSplit = false;  ///< MIG is on: only instances compute
  bool isInstance = false;
  std::vector<NvidiaProcess> processes;
  std::optional<bool> drivesDisplay;
  Watts powerLimit;
  std::vector<std::string> slowedBy;  ///< "power", "heat", "power supply"
};

/// How the driver's management library answered.
enum class NvidiaAnswer {
  Told,
  NoLibrary,     ///< there is none, or it cannot be used
  NoDriver,      ///< the library is there, the driver is not loaded
  Mismatch,      ///< the driver was replaced and the old one still runs
  NoPermission,  ///< in this process
  Lost,          ///< a card fell off its bus
  Silent,        ///< no answer in time
  Failed,        ///< with `error`
};

struct NvidiaSystem {
  NvidiaAnswer answer = NvidiaAnswer::NoLibrary;
  int error = 0;        ///< NVML's
  std::string driver;   ///< "580.65.06"
  int cudaVersion = 0;  ///< the newest that the driver can run: 13000 is 13.0
  std::vector<NvidiaCard> cards;
};

/// Asks the library and closes it again. May take seconds, or hang with the driver: call it within a time limit.
NvidiaSystem readNvidiaSystem(const std::string& library);

/// The cards in CUDA's own order, as UUIDs without dashes and prefix: what CUDA_VISIBLE_DEVICES hides is not there.
/// Nothing where CUDA's driver cannot be asked. May take seconds, or hang.
std::optional<std::vector<std::string>> readCudaOrder(const std::string& library);

/// "GPU-01ab23cd-…" as in that order: 32 small hexadecimal digits.
std::string uuidDigits(const std::string& uuid);

}  // namespace studio::engine
