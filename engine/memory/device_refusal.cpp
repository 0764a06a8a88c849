#include "engine/memory/device_refusal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace studio::engine {
namespace {

/// "20.00 MiB" at the front; 0 when something else is there.
Bytes sizeAtFrontOf(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{" bytes", 1.0}, {" KiB", 0x1p10}, {" MiB", 0x1p20}, {" GiB", 0x1p30}}};
  constexpr double kMost = 0x1p50;
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failed != std::errc()) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const auto& [unit, bytes] : kUnits) {
    if (!text.starts_with(unit)) continue;
    const double size = number * bytes;
    return {size > 0 && size < kMost ? static_cast<std::int64_t>(std::llround(size)) : 0};
  }
  return {};
}

Bytes sizeBehind(std::string_view words, std::string_view mark) {
  const std::size_t at = words.find(mark);
  return at == std::string_view::npos ? Bytes() : sizeAtFrontOf(words.substr(at + mark.size()));
}

}  // namespace

DeviceRefusal deviceRefusalIn(std::string_view words) {
  return {sizeBehind(words, "Tried to allocate "), sizeBehind(words, " of which ")};
}

}  // namespace studio::engine
