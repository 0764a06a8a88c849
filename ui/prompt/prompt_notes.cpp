#include "ui/prompt/prompt_notes.h"

#include "ui/bridge/text.h"
#include "ui/prompt/note_text.h"
#include "ui/style/icon_set.h"
#include "ui/widgets/text_role.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kIconSize = 14;

bool sameWords(const PlacedNote& a, const PlacedNote& b) {
  return a.note.kind == b.note.kind && a.note.subject == b.note.subject && a.note.hasFix == b.note.hasFix &&
         a.note.replacement == b.note.replacement;
}

}  // namespace

PromptNotes::PromptNotes(QWidget* parent) : QWidget(parent), rows_(new QVBoxLayout(this)) {
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(2);
  setAccessibleName(tr("Notes on the prompt"));
  hide();
}

void PromptNotes::setNotes(std::vector<PlacedNote> notes) {
  // What is wrong comes before what is only worth a try.
  std::stable_partition(notes.begin(), notes.end(), [](const PlacedNote& placed) { return !isHint(placed.note); });
  const bool same = notes.size() == notes_.size() && std::equal(notes.begin(), notes.end(), notes_.begin(), sameWords);
  notes_ = std::move(notes);
  if (!same) rebuild();
}

void PromptNotes::rebuild() {
  while (QLayoutItem* item = rows_->takeAt(0)) {
    if (item->widget() != nullptr) item->widget()->deleteLater();
    delete item;
  }
  for (std::size_t i = 0; i < std::min(notes_.size(), kShownNotes); ++i) rows_->addWidget(makeRow(i));
  if (notes_.size() > kShownNotes) {
    auto* more = new QLabel(tr("and %n more", nullptr, static_cast<int>(notes_.size() - kShownNotes)), this);
    setTextRole(more, TextRole::SmallMuted);
    rows_->addWidget(more);
  }
  setVisible(!notes_.empty());
  updateGeometry();
}

void PromptNotes::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) rebuild();
}

QWidget* PromptNotes::makeRow(std::size_t index) {
  const engine::PromptNote& note = notes_[index].note;
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  const QString words = noteText(note);

  auto* place = new QToolButton(row);
  place->setIcon(themeIcon(isHint(note) ? QStringLiteral("info") : QStringLiteral("warning"), palette()));
  place->setIconSize({kIconSize, kIconSize});
  place->setAutoRaise(true);
  place->setToolTip(tr("Show the place"));
  place->setAccessibleName(tr("Show the place: %1").arg(words));
  connect(place, &QToolButton::clicked, this, [this, index] { Q_EMIT chosen(notes_[index]); });
  layout->addWidget(place, 0, Qt::AlignTop);

  auto* text = new QLabel(words, row);
  text->setWordWrap(true);
  text->setTextFormat(Qt::PlainText);
  setTextRole(text, TextRole::SmallMuted);
  layout->addWidget(text, 1, Qt::AlignVCenter);

  if (note.hasFix) {
    auto* fix = new QPushButton(fixText(note), row);
    setButtonRole(fix, ButtonRole::Flat);
    fix->setAccessibleName(fixText(note) + QStringLiteral(": ") + words);
    connect(fix, &QPushButton::clicked, this, [this, index] { Q_EMIT fixWanted(notes_[index]); });
    layout->addWidget(fix, 0, Qt::AlignTop);
  }
  if (isHint(note)) {
    auto* close = new QToolButton(row);
    close->setIcon(themeIcon(QStringLiteral("close"), palette()));
    close->setIconSize({kIconSize, kIconSize});
    close->setAutoRaise(true);
    close->setObjectName(QStringLiteral("dismiss"));
    close->setToolTip(tr("Do not say this again"));
    close->setAccessibleName(tr("Do not say this again: %1").arg(words));
    const QString subject = toQString(note.subject);
    connect(close, &QToolButton::clicked, this, [this, subject] { Q_EMIT dismissed(subject); });
    layout->addWidget(close, 0, Qt::AlignTop);
  }
  return row;
}

}  // namespace studio::ui
