#pragma once

#include <QPlainTextEdit>

#include <vector>

namespace studio::ui {

class PromptHighlighter;

/// A prompt's editor: weight keys, highlighting, chunk borders in the text. Plain text only; files dropped on it
/// go to the window. While an input method composes, no key means anything but text. Undo is the draft's: the editor
/// keeps no steps of its own, and the undo keys go to the window.
class PromptEdit : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit PromptEdit(QWidget* parent = nullptr);

  bool isComposing() const;
  PromptHighlighter& highlighter() { return *highlighter_; }

  /// The weight of what is marked or under the cursor; one undo step.
  void changeWeight(int steps);
  /// Puts a word in at the cursor as an item of the list, unless it is there already.
  void insertWord(const QString& word);
  /// Shows another text; only what differs is touched, so the cursor stays where it can.
  void replaceText(const QString& text);
  /// UTF-16 positions where the second, third … chunk begins.
  void setChunkBorders(std::vector<int> positions);
  /// Selects a place and takes the keyboard.
  void showRange(int start, int end);
  /// One undo step; the cursor stands behind it afterwards.
  void replaceRange(int start, int end, const QString& text);
  /// Height in lines of text at least; a tall window gives more.
  void setVisibleLines(int lines);
  QSize sizeHint() const override;

 Q_SIGNALS:
  /// What was typed so far is one undo step, what comes next another one.
  void stepEnded();

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool canInsertFromMimeData(const QMimeData* source) const override;
  void insertFromMimeData(const QMimeData* source) override;

 private:
  void updateHeight();
  QString toolTipAt(const QPoint& position);

  PromptHighlighter* highlighter_;
  std::vector<int> chunkBorders_;
  int visibleLines_ = 3;
};

}  // namespace studio::ui
