#include "ui/prompt/prompt_panel.h"

#include "engine/api/prompt_linter.h"
#include "settings/app_settings.h"
#include "ui/bridge/library.h"
#include "ui/bridge/request_draft.h"
#include "ui/lora/lora_rules.h"
#include "ui/prompt/note_text.h"
#include "ui/prompt/prompt_edit.h"
#include "ui/prompt/prompt_highlighter.h"
#include "ui/prompt/prompt_section.h"

#include <QVBoxLayout>

namespace studio::ui {
namespace {

constexpr int kPromptLines = 4;
constexpr int kNegativeLines = 2;

}  // namespace

PromptPanel::PromptPanel(RequestDraft& draft, const PromptReaders& readers, Library& library)
    : PanelFrame(QString()), draft_(draft), library_(library), linter_(readers.linter) {
  buildLayout(readers);
  connectSignals();
  checkLoras();
  showRequest();
}

void PromptPanel::buildLayout(const PromptReaders& readers) {
  setAccessibleName(tr("Prompts"));
  prompt_ = new PromptSection(tr("Prompt"), readers, this);
  prompt_->editor()->setObjectName(QStringLiteral("prompt"));
  prompt_->editor()->setVisibleLines(kPromptLines);
  negative_ = new PromptSection(tr("Negative prompt"), readers, this);
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
  for (PromptSection* section : {prompt_, negative_}) {
    connect(section->editor(), &PromptEdit::stepEnded, &draft_, &RequestDraft::closeStep);
    connect(section, &PromptSection::dismissed, this, &PromptPanel::dismiss);
  }
  connect(&draft_, &RequestDraft::changed, this, &PromptPanel::showRequest);
  connect(&library_, &Library::changed, this, [this] {
    checkLoras();
    showHelp();
  });
}

void PromptPanel::showRequest() {
  prompt_->setText(draft_.request().prompt);
  negative_->setText(draft_.request().negativePrompt);
  showHelp();
}

/// Only asks for what the model or the guidance changes.
void PromptPanel::showHelp() {
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  const auto family = model != nullptr ? model->family : engine::ModelFamily::Unknown;
  const engine::PromptStyle style = linter_.styleOf(engine::utf8FromPath(draft_.request().model.stem()));
  prompt_->editor()->setPlaceholderText(promptHelp(family, style));
  negative_->editor()->setPlaceholderText(negativePromptHelp(family, style, draft_.request().guidanceScale));
  if (style != style_ || family != family_) checkLoras();
}

void PromptPanel::remember(settings::AppSettings& settings) {
  settings_ = &settings;
  for (PromptSection* section : {prompt_, negative_}) section->setDismissed(settings.dismissedPromptHints.get());
}

void PromptPanel::dismiss(const QString& word) {
  if (settings_ == nullptr) return;
  settings_->dismissedPromptHints.set(settings_->dismissedPromptHints.get() << word);
  remember(*settings_);
}

void PromptPanel::checkLoras() {
  const auto isKnown = [this](const QString& name) {
    return !library_.isScanned() || library_.findLoraNamed(name) != nullptr;
  };
  prompt_->editor()->highlighter().setLoraCheck(isKnown);
  negative_->editor()->highlighter().setLoraCheck(isKnown);

  engine::PromptContext context;
  context.style = style_ = linter_.styleOf(engine::utf8FromPath(draft_.request().model.stem()));
  context.namesAreKnown = library_.isScanned();
  const engine::ModelInfo* model = library_.findModel(draft_.request().model);
  family_ = model != nullptr ? model->family : engine::ModelFamily::Unknown;
  const std::vector<std::filesystem::path> folders = library_.folders();
  for (const engine::LoraInfo& lora : library_.listing().loras) {
    const LoraFit fit = fitOf(lora, family_);
    for (std::string& name : Library::promptNames(lora, folders)) {
      if (fit == LoraFit::OtherFamily || fit == LoraFit::Unusable) context.unfitLoras.push_back(name);
      context.loras.push_back(std::move(name));
    }
  }
  for (engine::EmbeddingName& known : library_.embeddingNames()) context.embeddings.push_back(std::move(known.name));
  prompt_->setContext(context);
  context.negative = true;
  negative_->setContext(std::move(context));
}

void PromptPanel::insertWord(const QString& word) { prompt_->editor()->insertWord(word); }

void PromptPanel::focusPrompt() { prompt_->editor()->setFocus(Qt::ShortcutFocusReason); }

}  // namespace studio::ui
