#include "tests/architecture/function_sizes.h"

#include "tests/architecture/blanked_source.h"

#include <algorithm>
#include <regex>

namespace studio::architecture {
namespace {

// What an opening brace outside functions begins.
enum class Opening { Scope, Initialiser, MemberInitialiser, Function };

Opening classify(const std::string& head) {
  static const std::regex kScope(R"((^|[\s;])(namespace|class|struct|union|enum|extern)\b[^()=]*$)");
  static const std::regex kMemberList(R"(\)[^;]*[^:]:[^:][^;]*[\w>]\s*$)");
  static const std::regex kAfterBody(
      R"(\)\s*((const|noexcept|override|final|mutable|try|&|&&|requires\b.*|->.*)\s*)*$)");
  if (std::regex_search(head, kScope)) return Opening::Scope;
  if (std::regex_search(head, kMemberList) && !std::regex_search(head, kAfterBody)) return Opening::MemberInitialiser;
  if (head.find('(') == std::string::npos) {
    return head.find_first_not_of(" \t\n") == std::string::npos ? Opening::Scope : Opening::Initialiser;
  }
  static const std::regex kAssigned(R"([^=!<>+\-*/|&^]=[^=][^()]*$)");
  return std::regex_search(head, kAssigned) && !std::regex_search(head, kAfterBody) ? Opening::Initialiser
                                                                                    : Opening::Function;
}

std::string functionName(const std::string& head) {
  static const std::regex kTest(R"((TEST\w*\([^)]*\)))");
  static const std::regex kName(R"(([\w:~]+(?:\s*operator\s*[^\s(]+)?)\s*\()");
  std::smatch match;
  if (std::regex_search(head, match, kTest)) return match[1].str();
  return std::regex_search(head, match, kName) ? match[1].str() : "(unnamed)";
}

}  // namespace

int countLines(std::string_view source) {
  return static_cast<int>(std::count(source.begin(), source.end(), '\n')) +
         (!source.empty() && source.back() != '\n' ? 1 : 0);
}

std::vector<FunctionSize> measureFunctions(std::string_view source) {
  const std::string text = withoutTexts(source);
  std::vector<FunctionSize> functions;
  std::string head;
  int line = 1;
  int depthInside = 0;  // > 0 inside a function or an initialiser
  bool insideFunction = false, keepHead = false;
  for (const char c : text) {
    if (c == '\n') ++line;
    if (depthInside > 0) {
      if (c == '{') ++depthInside;
      if (c == '}' && --depthInside == 0) {
        if (insideFunction) functions.back().lines = line - functions.back().firstLine + 1;
        if (!keepHead) head.clear();
      }
      continue;
    }
    if (c == '{') {
      const Opening opening = classify(head);
      insideFunction = opening == Opening::Function;
      keepHead = opening == Opening::MemberInitialiser || opening == Opening::Initialiser;
      if (insideFunction) functions.push_back({functionName(head), line, 1});
      if (opening == Opening::Scope) {
        head.clear();
      } else {
        depthInside = 1;
        if (opening == Opening::MemberInitialiser) head += "()";
      }
    } else if (c == ';' || c == '}') {
      head.clear();
    } else {
      head += c;
    }
  }
  return functions;
}

}  // namespace studio::architecture
