// Names of tensors in checkpoints. The first byte chooses the part; names are separated by line feeds.

#include "engine/weights/key_map.h"
#include "engine/weights/ldm_names.h"

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

using namespace studio::engine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  std::vector<std::string> keys;
  for (std::string line; std::getline(lines, line);) keys.push_back(line);
  const std::optional<Part> part = data[0] < 5 ? std::optional(static_cast<Part>(data[0])) : std::nullopt;
  const KeyMap map = mapKeys(keys, part);
  // A stored tensor may hold three, and a name may come twice.
  if (static_cast<std::int64_t>(map.keys.size()) + map.ignored + map.unknown >
      3 * static_cast<std::int64_t>(keys.size()))
    std::abort();
  return 0;
}
