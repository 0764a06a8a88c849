#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio::engine {

using ParameterSettings = std::map<std::string, std::string, std::less<>>;

/// The three parts of an A1111 `parameters` text.
struct ParameterParts {
  std::string prompt;
  std::string negativePrompt;
  ParameterSettings settings;
};

/// Takes the text apart. Without settings the whole text is a prompt. The text is UTF-8.
ParameterParts parameterParts(std::string_view text);

/// "name: hash, other: hash" as pairs, at most 256.
std::vector<std::pair<std::string, std::string>> nameList(std::string_view text);

}  // namespace studio::engine
