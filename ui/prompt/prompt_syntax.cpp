#include "ui/prompt/prompt_syntax.h"

#include <algorithm>

namespace studio::ui {
namespace {

constexpr QStringView kLoraStart = u"<lora:";
constexpr QStringView kBreak = u"BREAK";
constexpr QStringView kJoin = u"AND";
constexpr int kLongestLoraTag = 512;

std::optional<double> weightFrom(QStringView digits) {
  bool ok = false;
  const double weight = digits.trimmed().toDouble(&ok);
  return ok && std::abs(weight) < 1000 ? std::optional(weight) : std::nullopt;
}

bool isWordCharacter(QStringView text, int position) {
  if (position < 0 || position >= text.size()) return false;
  const QChar character = text[position];
  return character.isLetterOrNumber() || character == u'_';
}

class Reader {
 public:
  explicit Reader(QStringView text) : text_(text) {}

  PromptSyntax read() {
    while (at_ < text_.size()) step();
    for (const int position : open_) syntax_.unbalanced.push_back(position);
    std::sort(syntax_.unbalanced.begin(), syntax_.unbalanced.end());
    return std::move(syntax_);
  }

 private:
  void step() {
    const QChar character = text_[at_];
    if (character == u'\\') {
      at_ += 2;
    } else if (character == u'(' || character == u'[') {
      open_.push_back(at_++);
    } else if (character == u')' || character == u']') {
      close(at_++);
    } else if (character == u'<' && readLora()) {
      at_ = syntax_.loras.back().end;
    } else if (character == u'A' && isWord(kJoin)) {
      syntax_.joins.push_back(at_);
      at_ += kJoinLength;
    } else if (character == u'B' && isWord(kBreak)) {
      syntax_.breaks.push_back(at_);
      at_ += kBreakLength;
    } else {
      ++at_;
    }
  }

  bool isWord(QStringView word) const {
    return text_.mid(at_).startsWith(word) && !isWordCharacter(text_, at_ - 1) &&
           !isWordCharacter(text_, at_ + static_cast<int>(word.size()));
  }

  /// A closing bracket pairs with the innermost open one only if the kind agrees, as in A1111.
  void close(int position) {
    const bool round = text_[position] == u')';
    const QChar opener = round ? u'(' : u'[';
    if (open_.empty() || text_[open_.back()] != opener) {
      syntax_.unbalanced.push_back(position);
      return;
    }
    BracketPair pair{open_.back(), position, position, round, std::nullopt};
    open_.pop_back();
    if (round)
      readWeight(pair);
    else
      readWhen(pair);
    syntax_.pairs.push_back(pair);
  }

  /// The last ':' of a bracket, or -1. A number is short, so only the end of the bracket is looked at: nesting stays
  /// linear.
  int lastColon(const BracketPair& pair) const {
    const int from = std::max(pair.contentStart(), pair.close - 24);
    const auto colon = text_.mid(from, pair.close - from).lastIndexOf(u':');
    return colon < 0 ? -1 : from + static_cast<int>(colon);
  }

  void readWeight(BracketPair& pair) const {
    const int position = lastColon(pair);
    if (position < 0) return;
    pair.weight = weightFrom(text_.mid(position + 1, pair.close - position - 1));
    if (pair.weight) pair.contentEnd = position;
  }

  void readWhen(BracketPair& pair) const {
    const int position = lastColon(pair);
    if (position >= 0 && weightFrom(text_.mid(position + 1, pair.close - position - 1))) pair.when = position;
  }

  bool readLora() {
    if (!text_.mid(at_, kLoraStart.size()).startsWith(kLoraStart, Qt::CaseInsensitive)) return false;
    const QStringView window = text_.mid(at_, kLongestLoraTag);
    const int close = static_cast<int>(window.indexOf(u'>'));
    if (close < 0) return false;
    const QStringView body = window.mid(kLoraStart.size(), close - kLoraStart.size());
    if (body.contains(u'\n') || body.contains(u'<')) return false;
    LoraTag tag{at_, at_ + close + 1, at_ + close, {}, std::nullopt};
    const auto colon = body.indexOf(u':');
    tag.name = (colon < 0 ? body : body.left(colon)).trimmed().toString();
    if (colon >= 0) readLoraWeight(body.mid(colon + 1), tag);
    syntax_.loras.push_back(tag);
    return true;
  }

  /// The first number counts; what follows another ':' (text-encoder weight, blocks) is left alone.
  static void readLoraWeight(QStringView rest, LoraTag& tag) {
    const auto next = rest.indexOf(u':');
    tag.weight = weightFrom(next < 0 ? rest : rest.left(next));
    if (next >= 0) tag.weightEnd -= static_cast<int>(rest.size() - next);
  }

  QStringView text_;
  int at_ = 0;
  std::vector<int> open_;
  PromptSyntax syntax_;
};

}  // namespace

PromptSyntax readPromptSyntax(QStringView text) { return Reader(text).read(); }

}  // namespace studio::ui
