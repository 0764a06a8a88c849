#include "ui/prompt/prompt_panel.h"

#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/prompt/prompt_edit.h"
#include "ui/prompt/prompt_highlighter.h"
#include "ui/prompt/prompt_section.h"

#include <QVBoxLayout>

namespace studio::ui {
namespace {

constexpr int kPromptLines = 4;
constexpr int kNegativeLines = 2;

}  // namespace

PromptPanel::PromptPanel(RequestDraft& draft, const engine::TokenCounter& counter, Library& library)
    : PanelFrame(QString()), draft_(draft), library_(library) {
  buildLayout(counter);
  connectSignals();
  checkLoras();
  showRequest();
}

void PromptPanel::buildLayout(const engine::TokenCounter& counter) {
  setAccessibleName(tr("Prompts"));
  prompt_ = new PromptSection(tr("Prompt"), counter, this);
  prompt_->editor()->setObjectName(QStringLiteral("prompt"));
  prompt_->editor()->setVisibleLines(kPromptLines);
  negative_ = new PromptSection(tr("Negative prompt"), counter, this);
  negative_->editor()->setObjectName(QStringLiteral("negative_prompt"));
  negative_->editor()->setVisibleLines(kNegativeLines);
  content()->addWidget(prompt_, kPromptLines);
  content()->addWidget(negative_, kNegativeLines);
}

void PromptPanel::connectSignals() {
  connect(prompt_, &PromptSection::edited, this, [this](const std::string& text) {
    draft_.edit([&](engine::GenerationRequest& request) { request.prompt = text; }, tr("Prompt"));
  });
  connect(negative_, &PromptSection::edited, this, [this](const std::string& text) {
    draft_.edit([&](engine::GenerationRequest& request) { request.negativePrompt = text; }, tr("Negative prompt"));
  });
  for (const PromptSection* section : {prompt_, negative_}) {
    connect(section->editor(), &PromptEdit::stepEnded, &draft_, &RequestDraft::closeStep);
  }
  connect(&draft_, &RequestDraft::changed, this, &PromptPanel::showRequest);
  connect(&library_, &Library::changed, this, &PromptPanel::checkLoras);
}

void PromptPanel::showRequest() {
  prompt_->setText(draft_.request().prompt);
  negative_->setText(draft_.request().negativePrompt);
}

void PromptPanel::checkLoras() {
  const auto isKnown = [this](const QString& name) {
    return !library_.isScanned() || library_.findLoraNamed(name) != nullptr;
  };
  prompt_->editor()->highlighter().setLoraCheck(isKnown);
  negative_->editor()->highlighter().setLoraCheck(isKnown);
}

void PromptPanel::insertWord(const QString& word) { prompt_->editor()->insertWord(word); }

void PromptPanel::focusPrompt() { prompt_->editor()->setFocus(Qt::ShortcutFocusReason); }

}  // namespace studio::ui
