#pragma once

#include "engine/api/inspector.h"
#include "engine/api/prompt_linter.h"
#include "ui/prompt/prompt_readers.h"
#include "ui/widgets/panel_frame.h"

#include <QString>

#include <string>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class Library;
class PromptSection;
class RequestDraft;

/// The card with prompt and negative prompt.
class PromptPanel : public PanelFrame {
  Q_OBJECT

 public:
  PromptPanel(RequestDraft& draft, const PromptReaders& readers, Library& library);

  /// Which hints are not wanted any more outlives the window.
  void remember(settings::AppSettings& settings);

  /// Puts a trigger word in where the prompt's cursor is, unless it stands there already.
  void insertWord(const QString& word);
  /// Gives the prompt the keyboard.
  void focusPrompt();

 private:
  void buildLayout(const PromptReaders& readers);
  void connectSignals();
  void showRequest();
  void checkLoras();
  void showHelp();
  void dismiss(const QString& word);

  RequestDraft& draft_;
  Library& library_;
  const engine::PromptLinter& linter_;
  settings::AppSettings* settings_ = nullptr;
  engine::PromptStyle style_ = engine::PromptStyle::Sentences;  ///< of the model …
  engine::ModelFamily family_ = engine::ModelFamily::Unknown;   ///< … when names were last told
  PromptSection* prompt_ = nullptr;
  PromptSection* negative_ = nullptr;
};

}  // namespace studio::ui
