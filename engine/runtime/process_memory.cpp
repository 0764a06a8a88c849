#include "engine/runtime/process_memory.h"

#include <fstream>
#include <string>

namespace studio::engine {

Bytes peakHostBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return Bytes{kibibytes * 1024};
  }
  return {};
}

}  // namespace studio::engine
