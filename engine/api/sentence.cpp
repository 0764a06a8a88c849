#include "engine/api/sentence.h"

namespace studio::engine {

std::string Sentence::text() const {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool gap = pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] >= '1' && pattern[i + 1] <= '9';
    const std::size_t index = gap ? static_cast<std::size_t>(pattern[i + 1] - '1') : values.size();
    if (index < values.size()) {
      result += values[index];
      ++i;
    } else {
      result += pattern[i];
    }
  }
  return result;
}

}  // namespace studio::engine
