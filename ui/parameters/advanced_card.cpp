#include "ui/parameters/advanced_card.h"

#include "engine/api/image_io.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/parameters/field_row.h"
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

constexpr int kRowGap = 5;
constexpr int kGroupGap = 10;

}  // namespace

AdvancedCard::AdvancedCard(RequestDraft& draft, QWidget* parent) : PanelFrame(QString(), parent), draft_(draft) {
  setAccessibleName(tr("Advanced"));
  buildLayout();
  connectSignals();
  setShown(false);
  showRequest();
}

void AdvancedCard::buildLayout() {
  buildHeader();
  buildRows();
  alignLabels();
  content()->addWidget(body_);
}

/// The title is the button that folds; the note and the way back stand right of it.
void AdvancedCard::buildHeader() {
  fold_ = new QToolButton(this);
  fold_->setObjectName(QStringLiteral("advanced"));
  fold_->setText(inCapitals(tr("Advanced")));
  fold_->setAccessibleName(tr("Advanced"));
  fold_->setToolTip(tr("Settings that few people change, and those that other programs have"));
  fold_->setCheckable(true);
  fold_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  fold_->setProperty("buttonRole", QStringLiteral("section-title"));
  reset_ = new QPushButton(tr("Reset all"), this);
  reset_->setObjectName(QStringLiteral("reset_advanced"));
  setButtonRole(reset_, ButtonRole::Flat);
  reset_->setIcon(themeIcon(QStringLiteral("reset"), palette()));
  reset_->setToolTip(tr("Reset all advanced settings to their defaults"));
  header()->insertWidget(0, fold_);
  header()->addWidget(reset_);
}

void AdvancedCard::buildRows() {
  body_ = new QWidget(this);
  auto* rows = new QVBoxLayout(body_);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(kRowGap);
  const std::vector<AdvancedField> fields = advancedFields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i == 0 || fields[i].group != fields[i - 1].group) {
      if (i > 0) rows->addSpacing(kGroupGap - kRowGap);
      auto* title = new QLabel(groupName(fields[i].group), body_);
      setTextRole(title, TextRole::SmallMuted);
      rows->addWidget(title);
    }
    rows_.push_back(new FieldRow(fields[i], draft_, body_));
    rows->addWidget(rows_.back());
  }
}

void AdvancedCard::alignLabels() {
  int width = 0;
  for (const FieldRow* row : rows_) width = std::max(width, row->labelWidth());
  for (FieldRow* row : rows_) row->setLabelWidth(width);
}

void AdvancedCard::connectSignals() {
  connect(fold_, &QToolButton::toggled, this, &AdvancedCard::setShown);
  connect(reset_, &QPushButton::clicked, this, &AdvancedCard::resetAll);
  connect(&draft_, &RequestDraft::changed, this, &AdvancedCard::showRequest);
}

void AdvancedCard::showRequest() {
  for (FieldRow* row : rows_) row->showRequest();
  const auto changed = std::count_if(rows_.begin(), rows_.end(), [](const FieldRow* row) { return row->isChanged(); });
  setNote(changed > 0 ? QStringLiteral("● ") + tr("%n changed", nullptr, static_cast<int>(changed)) : QString());
  fold_->setAccessibleDescription(note());
  reset_->setVisible(changed > 0);
}

void AdvancedCard::resetAll() {
  fold_->setFocus(Qt::OtherFocusReason);  // the button goes away; the focus must not jump
  engine::RequestPatch patch;
  for (const FieldRow* row : rows_) patch.present.emplace_back(row->id());
  draft_.apply(patch, tr("Advanced settings"));
}

bool AdvancedCard::isShown() const { return fold_->isChecked(); }

void AdvancedCard::setShown(bool shown) {
  const bool changed = body_->isVisibleTo(this) != shown;
  body_->setVisible(shown);
  fold_->setChecked(shown);
  fold_->setArrowType(shown ? Qt::DownArrow : Qt::RightArrow);
  if (changed) Q_EMIT shownChanged(shown);
}

bool AdvancedCard::has(const QString& field) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const FieldRow* row) { return toQString(row->id()) == field; });
}

QString AdvancedCard::groupName(FieldGroup group) {
  switch (group) {
    case FieldGroup::TextAndModel:
      return tr("Text and model");
    case FieldGroup::OtherPrograms:
      return tr("As in other programs");
    case FieldGroup::Guidance:
      return tr("Guidance");
    case FieldGroup::FreshNoise:
      return tr("Fresh noise");
    case FieldGroup::NoiseLevels:
      return tr("Noise levels");
    case FieldGroup::More:
      return tr("More");
  }
  return {};
}

/// Icons take the colours of a new theme.
void AdvancedCard::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && reset_ != nullptr)
    reset_->setIcon(themeIcon(QStringLiteral("reset"), palette()));
  PanelFrame::changeEvent(event);
}

}  // namespace studio::ui
