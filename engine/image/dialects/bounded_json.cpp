#include "engine/image/dialects/bounded_json.h"

#include "engine/image/text_encoding.h"

#include <array>
#include <charconv>
#include <cmath>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestJson = 16U << 20;
constexpr int kDeepest = 64;
constexpr std::size_t kLongestShown = 200;

/// Python's words for numbers that JSON does not have, the longest first.
constexpr std::array<std::string_view, 3> kNotNumbers{"-Infinity", "Infinity", "NaN"};

/// Length of such a word at `at`, 0 if there is none.
std::size_t notNumberAt(std::string_view text, std::size_t at) {
  for (const std::string_view word : kNotNumbers) {
    if (text.substr(at, word.size()) == word) return word.size();
  }
  return 0;
}

/// End of the string literal that starts at `at`, behind its quote.
std::size_t stringEnd(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

/// The text without words that are no JSON; nothing when it is nested too deep.
std::optional<std::string> prepared(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t length = 1;
    if (c == '"') {
      length = stringEnd(text, at) - at;
    } else if (const std::size_t word = notNumberAt(text, at); word > 0) {
      result += "null";
      at += word;
      continue;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return std::nullopt;
    } else if (c == '}' || c == ']') {
      --depth;
    }
    result += text.substr(at, length);
    at += length;
  }
  return result;
}

template <class Number>
std::optional<Number> wholeText(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Json> readJson(std::string_view text) {
  if (text.size() > kLongestJson) return std::nullopt;
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) return std::nullopt;
  const std::optional<std::string> json = prepared(text);
  if (!json) return std::nullopt;
  Json value = Json::parse(*json, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

const Json* memberOf(const Json& json, std::string_view key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string textOf(const Json& json, std::string_view key) {
  const Json* value = memberOf(json, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::string anyTextOf(const Json& value) {
  std::string text =
      value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kLongestShown) return text;
  return repairedUtf8(std::string_view(text).substr(0, kLongestShown - 4)) + " …";
}

std::optional<double> numberFromText(std::string_view text) {
  const auto value = wholeText<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<double> numberOf(const Json& value) {
  if (value.is_string()) return numberFromText(value.get_ref<const std::string&>());
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<double> numberOf(const Json& json, std::string_view key) {
  const Json* value = memberOf(json, key);
  return value == nullptr ? std::nullopt : numberOf(*value);
}

std::optional<Seed> seedOf(const Json& value) {
  if (value.is_number_unsigned()) return Seed{value.get<std::uint64_t>()};
  if (value.is_number_float()) {
    const double number = value.get<double>();
    const bool whole = number >= 0 && number < 18446744073709551616.0 && number == std::floor(number);
    return whole ? std::optional(Seed{static_cast<std::uint64_t>(number)}) : std::nullopt;
  }
  if (!value.is_string()) return std::nullopt;
  const auto number = wholeText<std::uint64_t>(value.get_ref<const std::string&>());
  return number ? std::optional(Seed{*number}) : std::nullopt;
}

}  // namespace studio::engine
