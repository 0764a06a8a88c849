#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace studio::engine {

/// What the engine says to people: an English sentence with gaps (%1 … %9) and what stands in them, so that a window
/// can say it in another language. The pattern is a literal; names and numbers are values, never parts of it.
struct Sentence {
  std::string pattern;
  std::vector<std::string> values;

  /// The English sentence. A gap without a value stays as it is; values are not searched for gaps.
  std::string text() const;
  bool operator==(const Sentence&) const = default;
};

/// sentence("%1 has %2 layers.", name, 12)
template <class... Values>
Sentence sentence(const char* pattern, Values&&... values) {
  [[maybe_unused]] const auto written = [](auto&& value) -> std::string {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) {
      return std::to_string(value);
    } else {
      return std::string(std::forward<decltype(value)>(value));
    }
  };
  return {pattern, {written(std::forward<Values>(values))...}};
}

}  // namespace studio::engine
