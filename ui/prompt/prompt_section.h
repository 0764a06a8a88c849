#pragma once

#include <QTimer>
#include <QWidget>

#include <string>

class QLabel;

namespace studio::engine {
class TokenCounter;
}

namespace studio::ui {

class PromptEdit;
class TokenMeter;

/// An editor with its token count and meter. Counting waits until typing pauses.
class PromptSection : public QWidget {
  Q_OBJECT

 public:
  PromptSection(const QString& title, const engine::TokenCounter& counter, QWidget* parent = nullptr);

  PromptEdit* editor() const { return editor_; }
  QLabel* countLabel() const { return count_; }

  /// Shows the request's text, if it is another one; never emits edited().
  void setText(const std::string& text);

 Q_SIGNALS:
  void edited(const std::string& text);

 private:
  void buildLayout(const QString& title);
  void connectSignals();
  void takeText();
  void countTokens();

  const engine::TokenCounter& counter_;
  PromptEdit* editor_ = nullptr;
  TokenMeter* meter_ = nullptr;
  QLabel* count_ = nullptr;
  QTimer pause_;
  std::string text_;  ///< as last shown or taken, so that text which Qt writes differently is not shown for ever
  bool showing_ = false;
};

}  // namespace studio::ui
