#include "engine/image/parameters_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace studio::engine {
namespace {

constexpr std::string_view kNegative = "Negative prompt:";
constexpr std::size_t kMostNames = 256;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// End of the JSON list or object that starts at `at`; npos when it has none.
std::size_t bracketEnd(std::string_view line, std::size_t at) {
  int depth = 0;
  bool inString = false;
  for (std::size_t i = at; i < line.size(); ++i) {
    const char c = line[i];
    if (inString && c == '\\') {
      ++i;
    } else if (c == '"') {
      inString = !inString;
    } else if (!inString) {
      depth += (c == '[' || c == '{') - (c == ']' || c == '}');
      if (depth == 0) return i;
    }
  }
  return std::string_view::npos;
}

/// End of the value that starts at `at`: the next comma, or the one behind a quoted string or a JSON value.
/// `bracketsClose` becomes false at the first JSON value without an end: looking again would cost a walk each time.
std::size_t valueEnd(std::string_view line, std::size_t at, bool& bracketsClose) {
  const std::size_t first = line.find_first_not_of(' ', at);
  const char start = first == std::string_view::npos ? '\0' : line[first];
  if (bracketsClose && (start == '[' || start == '{')) {
    const std::size_t end = bracketEnd(line, first);
    bracketsClose = end != std::string_view::npos;
    if (end != std::string_view::npos) return std::min(line.find(',', end), line.size());
  }
  if (start == '"') {
    for (std::size_t i = first + 1; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == '"') {
        return std::min(line.find(',', i), line.size());
      }
    }
  }
  return std::min(line.find(',', at), line.size());
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  const auto json = nlohmann::json::parse(value, nullptr, false);
  return json.is_string() ? json.get<std::string>() : std::string(value.substr(1, value.size() - 2));
}

/// "Steps: 20, Sampler: Euler a, Lora hashes: "a: 1, b: 2"". Pieces without a colon are left out.
ParameterSettings settingsOf(std::string_view line) {
  ParameterSettings settings;
  bool bracketsClose = true;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t stop = line.find_first_of(":,", at);
    if (stop == std::string_view::npos) break;
    if (line[stop] == ',') {
      at = stop + 1;
      continue;
    }
    const std::size_t end = valueEnd(line, stop + 1, bracketsClose);
    const std::string_view key = trimmed(line.substr(at, stop - at));
    if (!key.empty()) settings.emplace(key, unquoted(trimmed(line.substr(stop + 1, end - stop - 1))));
    at = end + 1;
  }
  return settings;
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

bool isSettingsLine(std::string_view line) { return line.starts_with("Steps: ") || settingsOf(line).size() >= 3; }

/// The settings are the last line that looks like them; "Steps:" decides when programs added lines of their own.
std::optional<std::size_t> settingsIndex(const std::vector<std::string_view>& lines) {
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (trimmed(lines[i]).starts_with("Steps: ")) return i;
  }
  std::size_t last = lines.size();
  while (last > 0 && trimmed(lines[last - 1]).empty()) --last;
  if (last > 0 && isSettingsLine(lines[last - 1])) return last - 1;
  return std::nullopt;
}

}  // namespace

ParameterParts parameterParts(std::string_view text) {
  const std::vector<std::string_view> lines = linesOf(text);
  const std::optional<std::size_t> settings = settingsIndex(lines);
  ParameterParts parts;
  if (settings) parts.settings = settingsOf(trimmed(lines[*settings]));
  std::string* into = &parts.prompt;
  bool first = true;
  for (std::size_t i = 0; i < settings.value_or(lines.size()); ++i) {
    std::string_view line = lines[i];
    if (trimmed(line).starts_with(kNegative) && into == &parts.prompt) {
      line = trimmed(line).substr(kNegative.size());
      if (line.starts_with(' ')) line.remove_prefix(1);
      into = &parts.negativePrompt;
      first = true;
    }
    if (!first) *into += '\n';
    *into += line;
    first = false;
  }
  return parts;
}

std::vector<std::pair<std::string, std::string>> nameList(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> list;
  while (!text.empty() && list.size() < kMostNames) {
    const std::string_view entry = text.substr(0, text.find(','));
    const std::size_t colon = entry.rfind(':');
    if (colon != std::string_view::npos)
      list.emplace_back(trimmed(entry.substr(0, colon)), trimmed(entry.substr(colon + 1)));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
  }
  return list;
}

}  // namespace studio::engine
