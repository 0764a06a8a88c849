#include "engine/text/tokens/closest_name.h"

#include <algorithm>
#include <numeric>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestName = 128;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, exchanged});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string asciiLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

std::optional<std::string> closestName(std::string_view written, const std::vector<std::string>& names) {
  if (written.empty() || written.size() > kLongestName) return std::nullopt;
  const std::string wanted = asciiLower(written);
  const std::string* best = nullptr;
  std::size_t least = wanted.size() / 4 + 1;
  bool several = false;
  for (const std::string& name : names) {
    const std::size_t difference = std::max(name.size(), wanted.size()) - std::min(name.size(), wanted.size());
    if (name.size() > kLongestName || difference > least) continue;
    const std::size_t here = distance(wanted, asciiLower(name));
    if (here > least || (here == least && best == nullptr)) continue;
    several = here == least && best != nullptr;
    best = &name;
    least = here;
  }
  return best != nullptr && !several ? std::optional(*best) : std::nullopt;
}

}  // namespace studio::engine
