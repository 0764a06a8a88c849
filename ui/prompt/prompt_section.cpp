#include "ui/prompt/prompt_section.h"

#include "engine/api/token_counter.h"
#include "ui/bridge/text.h"
#include "ui/prompt/note_text.h"
#include "ui/prompt/prompt_edit.h"
#include "ui/prompt/prompt_highlighter.h"
#include "ui/prompt/prompt_notes.h"
#include "ui/prompt/text_positions.h"
#include "ui/prompt/token_meter.h"
#include "ui/widgets/text_role.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <utility>

namespace studio::ui {
namespace {

constexpr int kChunkTokens = 75;
constexpr int kCountDelayMilliseconds = 120;

}  // namespace

PromptSection::PromptSection(const QString& title, const PromptReaders& readers, QWidget* parent)
    : QWidget(parent), readers_(readers) {
  buildLayout(title);
  connectSignals();
  readText();
}

void PromptSection::buildLayout(const QString& title) {
  auto* label = new QLabel(inCapitals(title), this);
  setTextRole(label, TextRole::SectionTitle);
  count_ = new QLabel(this);
  setTextRole(count_, TextRole::SmallMuted);
  count_->setToolTip(
      tr("The text encoder reads 75 tokens at a time. Most English words are one token; Japanese text "
         "needs several for each word, and most models learnt from English. Weights and LoRA tags are not counted."));
  editor_ = new PromptEdit(this);
  editor_->setAccessibleName(title);
  editor_->setAccessibleDescription(tr("Ctrl+Up and Ctrl+Down change the weight of the marked text or the word."));
  label->setBuddy(editor_);
  setFocusProxy(editor_);
  meter_ = new TokenMeter(this);
  meter_->setAccessibleName(tr("Tokens used"));
  notes_ = new PromptNotes(this);

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
  rows->addWidget(notes_);
}

void PromptSection::connectSignals() {
  pause_.setSingleShot(true);
  pause_.setInterval(kCountDelayMilliseconds);
  connect(&pause_, &QTimer::timeout, this, &PromptSection::readText);
  connect(editor_, &QPlainTextEdit::textChanged, this, &PromptSection::takeText);
  connect(notes_, &PromptNotes::chosen, editor_,
          [this](const PlacedNote& placed) { editor_->showRange(placed.range.start, placed.range.end); });
  connect(notes_, &PromptNotes::fixWanted, editor_, [this](const PlacedNote& placed) {
    if (pause_.isActive()) return;  // the place may have moved; the notes are about to follow
    editor_->replaceRange(placed.range.start, placed.range.end, toQString(placed.note.replacement));
  });
  connect(notes_, &PromptNotes::dismissed, this, &PromptSection::dismissed);
}

void PromptSection::setContext(engine::PromptContext context) {
  const bool otherSide = context.negative != context_.negative;
  context_ = std::move(context);
  editor_->highlighter().setJoins(!context_.negative);
  if (otherSide) countTokens();
  checkText();
}

void PromptSection::setDismissed(const QStringList& words) {
  dismissed_ = QSet<QString>(words.begin(), words.end());
  checkText();
}

void PromptSection::setText(const std::string& text) {
  if (text == text_) return;
  text_ = text;
  showing_ = true;
  editor_->replaceText(toQString(text));
  showing_ = false;
  readText();
}

void PromptSection::takeText() {
  if (showing_) return;
  const std::string text = toUtf8(editor_->toPlainText());
  if (text == text_) return;  // only the look changed
  text_ = text;
  pause_.start();
  Q_EMIT
  edited(text_);
}

void PromptSection::readText() {
  pause_.stop();
  countTokens();
  checkText();
}

void PromptSection::checkText() {
  const QString shown = editor_->toPlainText();
  std::vector<engine::PromptNote> notes = readers_.linter.check(toUtf8(shown), context_);
  std::erase_if(notes, [this](const engine::PromptNote& note) {
    return isHint(note) && dismissed_.contains(toQString(note.subject));
  });
  std::vector<PlacedNote> placed;
  std::vector<NoteMark> marks;
  for (engine::PromptNote& note : notes) {
    const std::vector<int> places = utf16Positions(shown, {note.begin, note.end});
    marks.push_back({places[0], places[1], isHint(note), noteText(note)});
    placed.push_back({std::move(note), {places[0], places[1]}});
  }
  editor_->highlighter().setNotes(std::move(marks));
  notes_->setNotes(std::move(placed));
}

void PromptSection::countTokens() {
  const QString shown = editor_->toPlainText();
  const auto side = context_.negative ? engine::PromptSide::Negative : engine::PromptSide::Prompt;
  const engine::TokenCount count = readers_.counter.count(toUtf8(shown), side);
  const int places = count.chunks * kChunkTokens;
  const QString text = tr("%1 / %2 tokens", "used / room for").arg(count.tokens).arg(places);
  count_->setText(text);
  meter_->setFill((count.chunks - 1) * kChunkTokens + count.inLastChunk, count.chunks, kChunkTokens);
  meter_->setAccessibleDescription(text);
  editor_->setChunkBorders(utf16Positions(shown, count.borders));
}

}  // namespace studio::ui
