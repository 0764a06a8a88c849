#include "ui/gallery/picture_card.h"

#include "ui/bridge/text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/text_role.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

constexpr qsizetype kPromptStart = 160;

QString promptStart(const engine::GenerationRequest& request) {
  const QString prompt = toQString(request.prompt).simplified();
  if (prompt.isEmpty()) return PictureCard::tr("No prompt");
  return prompt.size() > kPromptStart ? QString(prompt.left(kPromptStart) + u'…') : prompt;
}

QString factsOf(const FinishedPicture& picture) {
  const engine::GenerationRequest& request = picture.request;
  return PictureCard::tr("Seed %1").arg(QString::number(picture.seed.value)) + u'\n' +
         PictureCard::tr("%1 × %2 px · %3 steps · guidance %4")
             .arg(picture.size.width)
             .arg(picture.size.height)
             .arg(request.steps)
             .arg(QLocale().toString(request.guidanceScale)) +
         u'\n' +
         PictureCard::tr("%1 · %2").arg(toQString(engine::labelOf(request.sampler)),
                                        toQString(engine::labelOf(request.schedule)));
}

}  // namespace

PictureCard::PictureCard(QWidget* parent) : PanelFrame(tr("Selected picture"), parent) {
  buildLayout();
  connectSignals();
  hide();
}

void PictureCard::buildLayout() {
  prompt_ = new QLabel(this);
  prompt_->setWordWrap(true);
  prompt_->setTextFormat(Qt::PlainText);
  facts_ = new QLabel(this);
  facts_->setWordWrap(true);
  facts_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  setTextRole(facts_, TextRole::SmallMuted);
  file_ = new ElidedLabel(Qt::ElideMiddle, this);
  setTextRole(file_, TextRole::SmallMuted);
  useSettings_ = new QPushButton(tr("Use settings"), this);
  useSettings_->setToolTip(tr("Take over everything this picture was made with"));
  useSeed_ = new QPushButton(tr("Use seed"), this);
  useSeed_->setToolTip(tr("Make the next picture from the same noise"));
  showInFolder_ = new QPushButton(tr("Show in folder"), this);
  showInFolder_->setToolTip(tr("Open the folder the picture is in"));
  content()->addWidget(prompt_);
  content()->addWidget(facts_);
  content()->addWidget(file_);
  auto* buttons = new FlowLayout(nullptr, 6);
  for (QPushButton* button : {useSettings_, useSeed_, showInFolder_}) buttons->addWidget(button);
  content()->addLayout(buttons);
}

void PictureCard::connectSignals() {
  connect(useSettings_, &QPushButton::clicked, this, &PictureCard::useSettingsWanted);
  connect(useSeed_, &QPushButton::clicked, this, &PictureCard::useSeedWanted);
  connect(showInFolder_, &QPushButton::clicked, this, &PictureCard::showInFolderWanted);
}

void PictureCard::showPicture(const FinishedPicture& picture) {
  prompt_->setText(promptStart(picture.request));
  facts_->setText(factsOf(picture));
  file_->setText(pathText(picture.path.filename()));
  file_->setToolTip(pathText(picture.path));
  show();
}

}  // namespace studio::ui
