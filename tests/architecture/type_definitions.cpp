#include "tests/architecture/type_definitions.h"

#include "tests/architecture/blanked_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>

namespace studio::architecture {
namespace {

/// What an opening brace begins: a namespace of this name, or something that types are not looked for in.
using Scope = std::optional<std::string>;

Scope scopeOf(const std::string& head) {
  static const std::regex kNamed(R"((?:^|\s)namespace\s+([\w:]+)\s*$)");
  std::smatch match;
  if (!std::regex_search(head, match, kNamed)) return std::nullopt;
  return match[1].str() + "::";
}

/// The name of the type whose body follows; empty for anything else. A template's own parameters have no end behind
/// them, and a specialisation's name is not followed by its body or its bases.
std::string typeOf(const std::string& head) {
  static const std::regex kType(
      R"((?:^|\s)(?:struct|class|union|enum)\s+(?:class\s+|struct\s+)?(?:\[\[[^\]]*\]\]\s*)?(\w+)\s*(?:final\s*)?(?::[^:()][^()]*)?$)");
  std::smatch match;
  return std::regex_search(head, match, kType) ? match[1].str() : std::string();
}

std::string joined(const std::vector<Scope>& scopes) {
  std::string name;
  for (const Scope& scope : scopes) name += *scope;
  return name;
}

}  // namespace

std::vector<TypeDefinition> typeDefinitions(std::string_view source) {
  std::vector<TypeDefinition> types;
  std::vector<Scope> scopes;
  std::string head;
  int line = 1;
  for (const char c : withoutTexts(source)) {
    if (c == '\n') ++line;
    if (c == '{') {
      const bool inNamespaces =
          std::all_of(scopes.begin(), scopes.end(), [](const Scope& scope) { return scope.has_value(); });
      const std::string type = inNamespaces ? typeOf(head) : std::string();
      if (!type.empty()) types.push_back({joined(scopes) + type, line});
      scopes.push_back(scopeOf(head));
    }
    if (c == '}' && !scopes.empty()) scopes.pop_back();
    if (c == '{' || c == '}' || c == ';') {
      head.clear();
    } else {
      head += c;
    }
  }
  return types;
}

std::vector<std::string> typesDefinedTwice(const SourceTree& tree) {
  std::vector<std::string> twice;
  std::map<std::string, std::string> first;  // type to its place
  for (const auto& [path, file] : tree) {
    for (const TypeDefinition& type : typeDefinitions(file.text)) {
      const std::string place = path + ":" + std::to_string(type.line);
      const auto [known, isNew] = first.emplace(type.name, place);
      if (!isNew) twice.push_back(place + ": " + type.name + " is defined in " + known->second + " too");
    }
  }
  return twice;
}

}  // namespace studio::architecture
