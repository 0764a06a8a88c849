#include "ui/widgets/panel_frame.h"

#include "ui/widgets/text_role.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace studio::ui {

PanelFrame::PanelFrame(const QString& title, QWidget* parent) : QFrame(parent) { buildLayout(title); }

void PanelFrame::buildLayout(const QString& title) {
  title_ = new QLabel(this);
  setTextRole(title_, TextRole::SectionTitle);
  note_ = new QLabel(this);
  setTextRole(note_, TextRole::SmallMuted);
  note_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

  header_ = new QHBoxLayout;
  header_->setSpacing(8);
  header_->addWidget(title_);
  header_->addStretch(1);
  header_->addWidget(note_);

  content_ = new QVBoxLayout;
  content_->setSpacing(8);

  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(11, 9, 11, 11);
  rows->setSpacing(7);
  rows->addLayout(header_);
  rows->addLayout(content_);

  setTitle(title);
  setNote({});
}

void PanelFrame::setTitle(const QString& title) {
  title_->setText(inCapitals(title));
  title_->setVisible(!title.isEmpty());
  setAccessibleName(title);
}

void PanelFrame::setNote(const QString& note) {
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
}

void PanelFrame::hideEvent(QHideEvent* event) {
  const QWidget* focused = window()->focusWidget();
  if (heir_ != nullptr && focused != nullptr && isAncestorOf(focused)) heir_->setFocus(Qt::OtherFocusReason);
  QFrame::hideEvent(event);
}

QString PanelFrame::note() const { return note_->text(); }

}  // namespace studio::ui
