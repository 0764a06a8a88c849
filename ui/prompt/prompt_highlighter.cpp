#include "ui/prompt/prompt_highlighter.h"

#include "ui/style/theme_colors.h"

#include <QTextDocument>

#include <algorithm>
#include <utility>

namespace studio::ui {
namespace {

/// Remembers what a block was painted with, so that only blocks that changed are painted again.
class PaintedSignature : public QTextBlockUserData {
 public:
  explicit PaintedSignature(std::size_t marks) : value(marks) {}
  std::size_t value;
};

}  // namespace

PromptHighlighter::PromptHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) {
  connect(document, &QTextDocument::contentsChange, this, &PromptHighlighter::moveNotes);
  connect(document, &QTextDocument::contentsChanged, this, &PromptHighlighter::readAgain);
}

void PromptHighlighter::setPalette(const QPalette& palette) {
  const ThemeColors colors = ThemeColors::of(palette);
  bracket_.setForeground(colors.accent);
  weight_.setForeground(colors.accent);
  weight_.setFontWeight(QFont::DemiBold);
  lora_.setForeground(colors.good);
  unknownLora_ = lora_;
  unknownLora_.setUnderlineStyle(QTextCharFormat::WaveUnderline);
  unknownLora_.setUnderlineColor(colors.warn);
  break_.setForeground(colors.muted);
  break_.setFontWeight(QFont::Bold);
  unbalanced_.setForeground(colors.bad);
  unbalanced_.setUnderlineStyle(QTextCharFormat::WaveUnderline);
  unbalanced_.setUnderlineColor(colors.bad);
  later_.setForeground(colors.muted);
  noteColor_ = colors.warn;
  hintColor_ = colors.muted;
  rehighlight();
}

void PromptHighlighter::setNotes(std::vector<NoteMark> notes) {
  if (notes == notes_) return;
  notes_ = std::move(notes);
  repaintChanged();
}

const NoteMark* PromptHighlighter::noteAt(int position) const {
  const auto covers = [position](const NoteMark& note) { return position >= note.start && position < note.end; };
  const auto found = std::find_if(notes_.begin(), notes_.end(), covers);
  return found == notes_.end() ? nullptr : &*found;
}

void PromptHighlighter::setSecondChunk(int position) {
  if (position == secondChunk_) return;
  secondChunk_ = position;
  repaintChanged();
}

void PromptHighlighter::moveNotes(int position, int removed, int added) {
  std::erase_if(notes_, [&](const NoteMark& note) { return note.end > position && note.start < position + removed; });
  for (NoteMark& note : notes_) {
    if (note.start < position) continue;
    note.start += added - removed;
    note.end += added - removed;
  }
  if (secondChunk_ > position) secondChunk_ = std::max(position, secondChunk_ + added - removed);
}

void PromptHighlighter::setLoraCheck(std::function<bool(const QString&)> isKnown) {
  isKnownLora_ = std::move(isKnown);
  collectMarks();
  rehighlight();
}

void PromptHighlighter::setJoins(bool joins) {
  if (joins == joins_) return;
  joins_ = joins;
  collectMarks();
  repaintChanged();
}

void PromptHighlighter::collectMarks() {
  marks_.clear();
  for (const BracketPair& pair : syntax_.pairs) {
    marks_.push_back({pair.open, pair.open + 1, Kind::Bracket});
    if (pair.weight) marks_.push_back({pair.contentEnd, pair.close, Kind::Weight});
    if (pair.when >= 0) marks_.push_back({pair.when, pair.close, Kind::Weight});
    marks_.push_back({pair.close, pair.close + 1, Kind::Bracket});
  }
  for (const LoraTag& tag : syntax_.loras) {
    marks_.push_back({tag.start, tag.end, isKnownLora(tag.name) ? Kind::Lora : Kind::UnknownLora});
  }
  for (const int position : syntax_.breaks) marks_.push_back({position, position + kBreakLength, Kind::Break});
  if (joins_) {
    for (const int position : syntax_.joins) marks_.push_back({position, position + kJoinLength, Kind::Break});
  }
  for (const int position : syntax_.unbalanced) marks_.push_back({position, position + 1, Kind::Unbalanced});
  // No two marks overlap, so ordering by start orders the ends as well.
  std::sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.start < b.start; });
}

void PromptHighlighter::highlightBlock(const QString& text) {
  const int from = currentBlock().position();
  const int to = from + static_cast<int>(text.size());
  if (secondChunk_ >= 0 && secondChunk_ < to) {
    const int start = std::max(secondChunk_, from);
    setFormat(start - from, to - start, later_);
  }
  const auto endsBefore = [](const Mark& mark, int position) { return mark.end <= position; };
  for (auto mark = std::lower_bound(marks_.begin(), marks_.end(), from, endsBefore);
       mark != marks_.end() && mark->start < to; ++mark) {
    const int start = std::max(mark->start, from);
    setFormat(start - from, std::min(mark->end, to) - start, format(mark->kind));
  }
  underlineNotes(from, to);
  setCurrentBlockUserData(new PaintedSignature(signature(currentBlock())));
}

void PromptHighlighter::underlineNotes(int from, int to) {
  for (const NoteMark& note : notes_) {
    for (int at = std::max(note.start, from); at < std::min(note.end, to); ++at) {
      QTextCharFormat format = QSyntaxHighlighter::format(at - from);
      format.setUnderlineStyle(note.hint ? QTextCharFormat::DotLine : QTextCharFormat::WaveUnderline);
      format.setUnderlineColor(note.hint ? hintColor_ : noteColor_);
      setFormat(at - from, 1, format);
    }
  }
}

/// The changed lines have been painted with the old reading by now, and a bracket typed in one line may change the
/// meaning of another: every line whose marks are other ones is painted again.
void PromptHighlighter::readAgain() {
  syntax_ = readPromptSyntax(document()->toPlainText());
  collectMarks();
  repaintChanged();
}

void PromptHighlighter::repaintChanged() {
  for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
    const auto* painted = static_cast<const PaintedSignature*>(block.userData());
    if (painted == nullptr || painted->value != signature(block)) rehighlightBlock(block);
  }
}

std::size_t PromptHighlighter::signature(const QTextBlock& block) const {
  const int from = block.position();
  const int to = from + block.length();
  std::size_t value = 0;
  const auto endsBefore = [](const Mark& mark, int position) { return mark.end <= position; };
  for (auto mark = std::lower_bound(marks_.begin(), marks_.end(), from, endsBefore);
       mark != marks_.end() && mark->start < to; ++mark) {
    value = qHashMulti(value, mark->start - from, mark->end - from, static_cast<int>(mark->kind));
  }
  for (const NoteMark& note : notes_) {
    if (note.start < to && note.end > from) value = qHashMulti(value, note.start - from, note.end - from, note.hint);
  }
  return secondChunk_ >= 0 && secondChunk_ < to ? qHashMulti(value, std::max(secondChunk_ - from, 0)) : value;
}

QTextCharFormat PromptHighlighter::format(Kind kind) const {
  switch (kind) {
    case Kind::Bracket:
      return bracket_;
    case Kind::Weight:
      return weight_;
    case Kind::Lora:
      return lora_;
    case Kind::UnknownLora:
      return unknownLora_;
    case Kind::Break:
      return break_;
    case Kind::Unbalanced:
      return unbalanced_;
  }
  return {};
}

}  // namespace studio::ui
