#include "ui/queue/consent_card.h"

#include "ui/bridge/generation_session.h"
#include "ui/widgets/text_role.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio::ui {

ConsentCard::ConsentCard(GenerationSession& session, QWidget* parent)
    : PanelFrame(tr("The picture would change"), parent), session_(session) {
  setObjectName(QStringLiteral("consentCard"));
  setAccessibleName(tr("The picture would change"));
  buildLayout();
  connect(&session_, &GenerationSession::questionChanged, this, &ConsentCard::update);
  update();
}

void ConsentCard::buildLayout() {
  text_ = new QLabel(this);
  text_->setObjectName(QStringLiteral("consentText"));
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  content()->addWidget(text_);
  auto* yes = new QPushButton(tr("Go on like this"), this);
  yes->setObjectName(QStringLiteral("consentYes"));
  auto* no = new QPushButton(tr("Keep the picture as it is"), this);
  no->setObjectName(QStringLiteral("consentNo"));
  no->setToolTip(tr("The job ends if nothing else helps; its steps are kept"));
  connect(yes, &QPushButton::clicked, this, [this] { session_.answer(true); });
  connect(no, &QPushButton::clicked, this, [this] { session_.answer(false); });
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(yes);
  buttons->addWidget(no);
  buttons->addStretch(1);
  content()->addLayout(buttons);
}

void ConsentCard::update() {
  const QString question = session_.question();
  setVisible(!question.isEmpty());
  if (question.isEmpty()) return;
  text_->setText(question);
  setAccessibleDescription(question);
  QAccessibleEvent alert(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

}  // namespace studio::ui
