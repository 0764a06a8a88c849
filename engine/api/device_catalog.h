#pragma once

#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <string>
#include <vector>

namespace studio::engine {

/// A processor that may make pictures.
struct DeviceInfo {
  std::string id;  ///< "cpu", "cuda:0"
  std::string name;
  std::string kind;  ///< "cpu", "gpu"
  Bytes totalMemory;
  Bytes freeMemory;
  int threads = 0;                    ///< CPU only: logical processors usable by this process
  std::vector<std::string> features;  ///< "avx2", "avx512f", "avx512_bf16", "amx_bf16", "compute 9.0", …
  bool usable = false;                ///< by this build
  Sentence reason;                    ///< why not, or what it would need; empty when usable
};

/// Lists processors without starting any of them. Thread-safe; may take a moment.
class DeviceCatalog {
 public:
  virtual ~DeviceCatalog() = default;
  virtual std::vector<DeviceInfo> devices() const = 0;
};

}  // namespace studio::engine
