#include "ui/queue/unfinished_card.h"

#include "ui/bridge/generation_session.h"
#include "ui/bridge/text.h"
#include "ui/bridge/unfinished_list.h"
#include "ui/widgets/text_role.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kPromptStart = 60;  ///< characters

QString promptStart(const engine::GenerationRequest& request) {
  const QString prompt = toQString(request.prompt).simplified();
  if (prompt.isEmpty()) return UnfinishedCard::tr("without a prompt");
  return prompt.size() > kPromptStart ? prompt.left(kPromptStart) + u'…' : prompt;
}

QString placeOf(const engine::UnfinishedJob& job) {
  QString place = UnfinishedCard::tr("not begun");
  if (job.steps > 0) place = UnfinishedCard::tr("step %1 of %2").arg(job.step).arg(job.steps);
  if (job.pictures > 1) {
    const int picture = std::min(job.picturesDone + 1, job.pictures);
    place = UnfinishedCard::tr("picture %1 of %2, %3").arg(picture).arg(job.pictures).arg(place);
  }
  return place;
}

QString named(const engine::UnfinishedJob& job) {
  return UnfinishedCard::tr("“%1” (%2)").arg(promptStart(job.request), placeOf(job));
}

}  // namespace

UnfinishedCard::UnfinishedCard(UnfinishedList& list, GenerationSession& session, QWidget* parent)
    : PanelFrame(tr("Unfinished pictures"), parent), list_(list), session_(session) {
  setObjectName(QStringLiteral("unfinishedCard"));
  buildLayout();
  connectSignals();
  update();
}

void UnfinishedCard::buildLayout() {
  text_ = new QLabel(this);
  text_->setObjectName(QStringLiteral("unfinishedText"));
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  content()->addWidget(text_);
  const auto button = [this](const char* name) {
    auto* made = new QPushButton(this);
    made->setObjectName(QLatin1String(name));
    return made;
  };
  goOn_ = button("unfinishedGoOn");
  discard_ = button("unfinishedDiscard");
  later_ = button("unfinishedLater");
  goOn_->setText(tr("Go on"));
  discard_->setText(tr("Discard"));
  discard_->setToolTip(tr("Forget what was not finished; pictures on disk stay"));
  later_->setText(tr("Later"));
  later_->setToolTip(tr("Ask again at the next start"));
  setButtonRole(later_, ButtonRole::Flat);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(goOn_);
  buttons->addWidget(discard_);
  buttons->addStretch(1);
  buttons->addWidget(later_);
  content()->addLayout(buttons);
}

void UnfinishedCard::connectSignals() {
  connect(&list_, &UnfinishedList::changed, this, &UnfinishedCard::update);
  connect(goOn_, &QPushButton::clicked, this, &UnfinishedCard::goOn);
  connect(discard_, &QPushButton::clicked, this, &UnfinishedCard::discard);
  connect(later_, &QPushButton::clicked, &list_, &UnfinishedList::postpone);
}

std::vector<engine::UnfinishedJob> UnfinishedCard::offered() const {
  std::vector<engine::UnfinishedJob> healthy = list_.jobs();
  std::erase_if(healthy, [](const engine::UnfinishedJob& job) { return job.setAside; });
  if (!healthy.empty() || list_.jobs().empty()) return healthy;
  return {list_.jobs().back()};
}

void UnfinishedCard::update() {
  const std::vector<engine::UnfinishedJob> jobs = offered();
  setVisible(!jobs.empty());
  if (jobs.empty()) return;
  const engine::UnfinishedJob& first = jobs.front();
  if (first.setAside) {
    text_->setText(
        tr("The studio ended %n times in the middle of this picture, so it was set aside: %1", nullptr, first.crashes)
            .arg(named(first)));
  } else if (jobs.size() == 1) {
    text_->setText(tr("This picture was not finished: %1").arg(named(first)));
  } else {
    text_->setText(
        tr("This picture was not finished: %1, and %n more in line", nullptr, static_cast<int>(jobs.size()) - 1)
            .arg(named(first)));
  }
  if (first.memoryWasShort)
    text_->setText(tr("%1 Main memory was nearly full then; the system may have ended the studio.").arg(text_->text()));
  goOn_->setText(first.setAside ? tr("Try again") : tr("Go on"));
  setAccessibleName(tr("Unfinished pictures"));
  setAccessibleDescription(text_->text());
  QAccessibleEvent alert(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

void UnfinishedCard::goOn() {
  for (const engine::UnfinishedJob& job : offered()) {
    session_.resume(job);
    list_.take(job.id);
  }
}

void UnfinishedCard::discard() {
  for (const engine::UnfinishedJob& job : offered()) list_.discard(job.id);
}

}  // namespace studio::ui
