#include "tests/architecture/blanked_source.h"

#include <algorithm>
#include <cctype>

namespace studio::architecture {
namespace {

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

}  // namespace

std::string withoutTexts(std::string_view source) { return Blanker(source).run(); }

}  // namespace studio::architecture
