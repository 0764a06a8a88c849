#include "tests/architecture/function_sizes.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace studio::architecture {
namespace {

// Blanks comments, literals and preprocessor lines, keeping every line break where it was.
class Blanker {
 public:
  explicit Blanker(std::string_view source) : text_(source) {}

  std::string run() {
    while (position_ < text_.size()) step();
    return text_;
  }

 private:
  bool startsWith(std::string_view word) const { return text_.compare(position_, word.size(), word) == 0; }

  void blankUntil(std::size_t end) {
    for (; position_ < std::min(end, text_.size()); ++position_) {
      if (text_[position_] != '\n') text_[position_] = ' ';
    }
  }

  std::size_t after(std::string_view word, std::size_t from) const {
    const std::size_t found = text_.find(word, from);
    return found == std::string::npos ? text_.size() : found + word.size();
  }

  std::size_t endOfLiteral(char quote) const {
    std::size_t i = position_ + 1;
    while (i < text_.size() && text_[i] != quote && text_[i] != '\n') i += text_[i] == '\\' ? 2 : 1;
    return i + 1;
  }

  std::size_t endOfDirective() const {
    std::size_t end = text_.find('\n', position_);
    while (end != std::string::npos && end > 0 && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    return end == std::string::npos ? text_.size() : end;
  }

  bool isDigitSeparator() const {
    return position_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[position_ - 1])) != 0;
  }

  bool startsLine() const {
    const std::size_t before = text_.find_last_not_of(" \t", position_ == 0 ? 0 : position_ - 1);
    return position_ == 0 || before == std::string::npos || text_[before] == '\n';
  }

  void step() {
    if (startsWith("//")) {
      blankUntil(std::min(text_.find('\n', position_), text_.size()));
    } else if (startsWith("/*")) {
      blankUntil(after("*/", position_ + 2));
    } else if (startsWith("R\"")) {
      const std::size_t open = text_.find('(', position_);
      if (open == std::string::npos) return blankUntil(text_.size());
      const std::string close = ")" + text_.substr(position_ + 2, open - position_ - 2) + "\"";
      blankUntil(after(close, open));
    } else if (text_[position_] == '"' || (text_[position_] == '\'' && !isDigitSeparator())) {
      blankUntil(endOfLiteral(text_[position_]));
    } else if (text_[position_] == '#' && startsLine()) {
      blankUntil(endOfDirective());
    } else {
      ++position_;
    }
  }

  std::string text_;
  std::size_t position_ = 0;
};

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
  const std::string text = Blanker(source).run();
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
