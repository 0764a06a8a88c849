#include "ui/prompt/prompt_section.h"

#include "engine/api/token_counter.h"
#include "ui/bridge/text.h"
#include "ui/prompt/prompt_edit.h"
#include "ui/prompt/text_positions.h"
#include "ui/prompt/token_meter.h"
#include "ui/widgets/text_role.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

constexpr int kChunkTokens = 75;
constexpr int kCountDelayMilliseconds = 120;

}  // namespace

PromptSection::PromptSection(const QString& title, const engine::TokenCounter& counter, QWidget* parent)
    : QWidget(parent), counter_(counter) {
  buildLayout(title);
  connectSignals();
  countTokens();
}

void PromptSection::buildLayout(const QString& title) {
  auto* label = new QLabel(title.toUpper(), this);
  setTextRole(label, TextRole::SectionTitle);
  count_ = new QLabel(this);
  setTextRole(count_, TextRole::SmallMuted);
  count_->setToolTip(
      tr("The text encoder reads 75 tokens at a time. Most English words are one token; Japanese text "
         "needs several for each word. Weights and LoRA tags are not counted."));
  editor_ = new PromptEdit(this);
  editor_->setAccessibleName(title);
  editor_->setAccessibleDescription(tr("Ctrl+Up and Ctrl+Down change the weight of the marked text or the word."));
  label->setBuddy(editor_);
  setFocusProxy(editor_);
  meter_ = new TokenMeter(this);
  meter_->setAccessibleName(tr("Tokens used"));

  for (QLabel* text : {label, count_}) text->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* heading = new QHBoxLayout;
  heading->addWidget(label);
  heading->addStretch(1);
  heading->addWidget(count_);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(4);
  rows->addLayout(heading);
  rows->addSpacing(2);
  rows->addWidget(editor_, 1);
  rows->addWidget(meter_);
}

void PromptSection::connectSignals() {
  pause_.setSingleShot(true);
  pause_.setInterval(kCountDelayMilliseconds);
  connect(&pause_, &QTimer::timeout, this, &PromptSection::countTokens);
  connect(editor_, &QPlainTextEdit::textChanged, this, &PromptSection::takeText);
}

void PromptSection::setText(const std::string& text) {
  if (text == text_) return;
  text_ = text;
  showing_ = true;
  editor_->replaceText(toQString(text));
  showing_ = false;
  countTokens();
}

void PromptSection::takeText() {
  pause_.start();
  if (showing_) return;
  const std::string text = toUtf8(editor_->toPlainText());
  if (text == text_) return;  // only the look changed
  text_ = text;
  Q_EMIT
  edited(text_);
}

void PromptSection::countTokens() {
  pause_.stop();
  const QString shown = editor_->toPlainText();
  const engine::TokenCount count = counter_.count(toUtf8(shown));
  const int places = count.chunks * kChunkTokens;
  const QString text = tr("%1 / %2 tokens", "used / room for").arg(count.tokens).arg(places);
  count_->setText(text);
  meter_->setFill((count.chunks - 1) * kChunkTokens + count.inLastChunk, count.chunks, kChunkTokens);
  meter_->setAccessibleDescription(text);
  editor_->setChunkBorders(utf16Positions(shown, count.borders));
}

}  // namespace studio::ui
