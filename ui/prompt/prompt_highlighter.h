#pragma once

#include "ui/prompt/prompt_syntax.h"

#include <QSyntaxHighlighter>

#include <functional>
#include <vector>

class QPalette;

namespace studio::ui {

/// A place that is underlined because something is to be said about it. UTF-16 units.
struct NoteMark {
  int start = 0;
  int end = 0;
  bool hint = false;  ///< quieter
  QString text;
  bool operator==(const NoteMark&) const = default;
};

/// Shows what a prompt's signs mean: weights, LoRA tags, BREAK, AND; underlines brackets without a partner, LoRAs
/// that are not there and what notes are about; what the text encoder reads after its first chunk is paler.
/// Brackets may span lines, so the text is read as a whole.
class PromptHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  explicit PromptHighlighter(QTextDocument* document);

  /// Colours follow the theme.
  void setPalette(const QPalette& palette);
  /// Answers whether a LoRA of this name is there; until set, every name counts as known.
  void setLoraCheck(std::function<bool(const QString&)> isKnown);
  bool isKnownLora(const QString& name) const { return !isKnownLora_ || isKnownLora_(name); }
  /// Whether AND joins prompts; in negative ones it is a word.
  void setJoins(bool joins);
  /// Ascending. Until new ones are set they move with the text, and go where it is changed.
  void setNotes(std::vector<NoteMark> notes);
  /// The note at a place, or null.
  const NoteMark* noteAt(int position) const;
  /// Where the second chunk begins; negative: nowhere.
  void setSecondChunk(int position);
  /// The last reading, up to date with the document.
  const PromptSyntax& syntax() const { return syntax_; }

 protected:
  void highlightBlock(const QString& text) override;

 private:
  enum class Kind { Bracket, Weight, Lora, UnknownLora, Break, Unbalanced };
  struct Mark {
    int start = 0;
    int end = 0;
    Kind kind = Kind::Bracket;
  };

  void moveNotes(int position, int removed, int added);
  void readAgain();
  void repaintChanged();
  void collectMarks();
  void underlineNotes(int from, int to);
  std::size_t signature(const QTextBlock& block) const;
  QTextCharFormat format(Kind kind) const;

  std::function<bool(const QString&)> isKnownLora_;
  PromptSyntax syntax_;
  std::vector<Mark> marks_;
  std::vector<NoteMark> notes_;
  int secondChunk_ = -1;
  bool joins_ = true;
  QTextCharFormat bracket_, weight_, lora_, unknownLora_, break_, unbalanced_, later_;
  QColor noteColor_, hintColor_;
};

}  // namespace studio::ui
