#pragma once

#include "engine/api/prompt_linter.h"
#include "ui/prompt/prompt_readers.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

#include <string>

class QLabel;

namespace studio::ui {

class PromptEdit;
class PromptNotes;
class TokenMeter;

/// An editor with its token count, its meter and notes on what is written. Both wait until typing pauses.
class PromptSection : public QWidget {
  Q_OBJECT

 public:
  PromptSection(const QString& title, const PromptReaders& readers, QWidget* parent = nullptr);

  PromptEdit* editor() const { return editor_; }
  QLabel* countLabel() const { return count_; }

  /// Shows the request's text, if it is another one; never emits edited().
  void setText(const std::string& text);

  /// Names that may be used, and for what sort of model; looks the text through again.
  void setContext(engine::PromptContext context);
  /// Words about which no hint is wanted.
  void setDismissed(const QStringList& words);

 Q_SIGNALS:
  /// No hint about this word is wanted any more.
  void dismissed(const QString& word);
  void edited(const std::string& text);

 private:
  void buildLayout(const QString& title);
  void connectSignals();
  void takeText();
  void readText();
  void countTokens();
  void checkText();

  PromptReaders readers_;
  engine::PromptContext context_;
  QSet<QString> dismissed_;
  PromptEdit* editor_ = nullptr;
  TokenMeter* meter_ = nullptr;
  PromptNotes* notes_ = nullptr;
  QLabel* count_ = nullptr;
  QTimer pause_;
  std::string text_;  ///< as last shown or taken, so that text which Qt writes differently is not shown for ever
  bool showing_ = false;
};

}  // namespace studio::ui
