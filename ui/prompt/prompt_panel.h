#pragma once

#include "ui/widgets/panel_frame.h"

#include <QString>

#include <string>

namespace studio::engine {
class TokenCounter;
}

namespace studio::ui {

class Library;
class PromptSection;
class RequestDraft;

/// The card with prompt and negative prompt.
class PromptPanel : public PanelFrame {
  Q_OBJECT

 public:
  PromptPanel(RequestDraft& draft, const engine::TokenCounter& counter, Library& library);

  /// Puts a trigger word in where the prompt's cursor is, unless it stands there already.
  void insertWord(const QString& word);
  /// Gives the prompt the keyboard.
  void focusPrompt();

 private:
  void buildLayout(const engine::TokenCounter& counter);
  void connectSignals();
  void showRequest();
  void checkLoras();

  RequestDraft& draft_;
  Library& library_;
  PromptSection* prompt_ = nullptr;
  PromptSection* negative_ = nullptr;
};

}  // namespace studio::ui
