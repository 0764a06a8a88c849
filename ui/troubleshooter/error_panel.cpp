#include "ui/troubleshooter/error_panel.h"

#include "ui/bridge/engine_words.h"
#include "ui/bridge/generation_session.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/widgets/text_role.h"

#include <QAccessible>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

QLabel* wrappedLabel(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

QLabel* captionLabel(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  setTextRole(label, TextRole::Muted);
  return label;
}

}  // namespace

ErrorPanel::ErrorPanel(GenerationSession& session, RequestDraft& draft, QWidget* parent)
    : PanelFrame(QString(), parent), session_(session), draft_(draft) {
  setObjectName(QStringLiteral("errorPanel"));
  setProperty("tone", QStringLiteral("bad"));
  buildLayout();
  connectSignals();
  update();
}

void ErrorPanel::buildLayout() {
  title_ = new QLabel(this);
  setTextRole(title_, TextRole::Title);
  header()->insertWidget(0, title_);
  happened_ = wrappedLabel(this);
  happened_->setObjectName(QStringLiteral("happened"));
  meaning_ = wrappedLabel(this);
  todo_ = wrappedLabel(this);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(14);
  form->setVerticalSpacing(6);
  form->addRow(captionLabel(tr("What happened"), this), happened_);
  form->addRow(captionLabel(tr("What it means"), this), meaning_);
  form->addRow(captionLabel(tr("What to do"), this), todo_);
  content()->addLayout(form);

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  remedies_ = new QHBoxLayout;
  remedies_->setSpacing(8);
  report_ = new QPushButton(tr("Copy report"), this);
  report_->setToolTip(tr("Copy what happened and the machine's data to the clipboard, without your prompt"));
  close_ = new QPushButton(tr("Close"), this);
  buttons->addLayout(remedies_);
  buttons->addStretch(1);
  buttons->addWidget(report_);
  buttons->addWidget(close_);
  content()->addLayout(buttons);
}

void ErrorPanel::connectSignals() {
  connect(&session_, &GenerationSession::errorChanged, this, &ErrorPanel::update);
  connect(report_, &QPushButton::clicked, this, &ErrorPanel::copyReportWanted);
  connect(close_, &QPushButton::clicked, &session_, &GenerationSession::dismissError);
}

void ErrorPanel::update() {
  const auto& error = session_.lastError();
  const bool isOurs = error && error->memory == nullptr;
  setVisible(isOurs);
  if (isOurs) showError(*error);
}

void ErrorPanel::showError(const engine::EngineError& error) {
  const ErrorAdvice advice = adviceFor(error, session_.failedRequest());
  title_->setText(QStringLiteral("▲ ") + advice.title);
  const QString detail = toQString(error.detail);
  const QString message = inWords(error);
  happened_->setText(detail.isEmpty() ? message : message + u'\n' + detail);
  meaning_->setText(advice.meaning);
  todo_->setText(advice.steps.join(u'\n'));
  rebuildRemedies(advice);
  setAccessibleName(advice.title);
  setAccessibleDescription(happened_->text());
  QAccessibleEvent alert(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

void ErrorPanel::rebuildRemedies(const ErrorAdvice& advice) {
  while (QLayoutItem* item = remedies_->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  for (const Remedy remedy : advice.remedies) {
    auto* button = new QPushButton(remedyText(remedy, session_.failedRequest()), this);
    connect(button, &QPushButton::clicked, this, [this, remedy] { carryOut(remedy); });
    remedies_->addWidget(button);
  }
}

void ErrorPanel::carryOut(Remedy remedy) {
  if (remedy == Remedy::ChooseOutputFolder) {
    Q_EMIT chooseOutputFolderWanted();
  } else if (remedy == Remedy::ChooseModel) {
    Q_EMIT chooseModelWanted();
  } else {
    const engine::GenerationRequest failed = session_.failedRequest();
    draft_.edit(
        [&](engine::GenerationRequest& request) {
          request = failed;
          applyRemedy(remedy, request);
        },
        remedyText(remedy, failed));
    session_.generate();
  }
}

}  // namespace studio::ui
