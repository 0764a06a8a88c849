#include "ui/troubleshooter/changes_line.h"

#include "ui/bridge/engine_words.h"
#include "ui/bridge/generation_session.h"
#include "ui/widgets/text_role.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QToolButton>
#include <QVBoxLayout>

namespace studio::ui {

ChangesLine::ChangesLine(GenerationSession& session, QWidget* parent) : QWidget(parent), session_(session) {
  setObjectName(QStringLiteral("changesLine"));
  buildLayout();
  connect(&session_, &GenerationSession::rungsChanged, this, &ChangesLine::update);
  update();
}

void ChangesLine::buildLayout() {
  head_ = new QToolButton(this);
  head_->setCheckable(true);
  head_->setArrowType(Qt::RightArrow);
  head_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  why_ = new QPushButton(tr("Why?"), this);
  setButtonRole(why_, ButtonRole::Flat);
  why_->setToolTip(tr("Show who held the memory at that moment"));
  sentences_ = new QLabel(this);
  sentences_->setWordWrap(true);
  sentences_->setTextFormat(Qt::PlainText);
  sentences_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  setTextRole(sentences_, TextRole::SmallMuted);
  sentences_->hide();
  connect(head_, &QToolButton::toggled, this, [this](bool open) {
    head_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    sentences_->setVisible(open);
  });
  connect(why_, &QPushButton::clicked, this, &ChangesLine::whyWanted);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  line->addWidget(head_);
  line->addWidget(why_);
  line->addStretch(1);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(4);
  rows->addLayout(line);
  rows->addWidget(sentences_);
}

void ChangesLine::update() {
  const auto& rungs = session_.rungs();
  setVisible(!rungs.empty());
  head_->setText(tr("%n change(s) were made to fit memory", nullptr, static_cast<int>(rungs.size())));
  if (rungs.empty()) {
    head_->setChecked(false);
    return;
  }
  QStringList lines;
  for (const engine::RungTaken& rung : rungs) lines.append(QStringLiteral("• ") + inWords(rung.what));
  sentences_->setText(lines.join(u'\n'));
  sentences_->setAccessibleName(sentences_->text());
  head_->setAccessibleDescription(sentences_->text());
  why_->setVisible(rungs.back().memory != nullptr);
}

}  // namespace studio::ui
