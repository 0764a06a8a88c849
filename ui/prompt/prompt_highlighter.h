#pragma once

#include "ui/prompt/prompt_syntax.h"

#include <QSyntaxHighlighter>

#include <functional>
#include <vector>

class QPalette;

namespace studio::ui {

/// Shows what a prompt's signs mean: weights, LoRA tags, BREAK; underlines brackets without a partner and LoRAs
/// that are not there. Brackets may span lines, so the text is read as a whole.
class PromptHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  explicit PromptHighlighter(QTextDocument* document);

  /// Colours follow the theme.
  void setPalette(const QPalette& palette);
  /// Answers whether a LoRA of this name is there; until set, every name counts as known.
  void setLoraCheck(std::function<bool(const QString&)> isKnown);
  bool isKnownLora(const QString& name) const { return !isKnownLora_ || isKnownLora_(name); }
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

  void readAgain();
  void collectMarks();
  std::size_t signature(const QTextBlock& block) const;
  QTextCharFormat format(Kind kind) const;

  std::function<bool(const QString&)> isKnownLora_;
  PromptSyntax syntax_;
  std::vector<Mark> marks_;
  QTextCharFormat bracket_, weight_, lora_, unknownLora_, break_, unbalanced_;
};

}  // namespace studio::ui
