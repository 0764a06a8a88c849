#include "ui/queue/generate_card.h"

#include "ui/bridge/generation_session.h"
#include "ui/bridge/memory_forecast.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"
#include "ui/queue/durations.h"
#include "ui/queue/fit_meter.h"
#include "ui/widgets/text_role.h"

#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>

namespace studio::ui {
namespace {

/// One line a reason, with a sign beside the colour; a reason with a control is a link to it.
QString reasonsAsLinks(const std::vector<Reason>& reasons) {
  QStringList lines;
  for (const Reason& reason : reasons) {
    const QString text = reason.text.toHtmlEscaped();
    lines.append(reason.field.isEmpty()
                     ? QStringLiteral("▲ ") + text
                     : QStringLiteral("▲ <a href=\"%1\">%2</a>").arg(reason.field.toHtmlEscaped(), text));
  }
  return lines.join(QStringLiteral("<br>"));
}

QString reasonsAsText(const std::vector<Reason>& reasons) {
  QStringList lines;
  for (const Reason& reason : reasons) lines.append(reason.text);
  return lines.join(u'\n');
}

/// As the command line names them.
QString optionsText(const engine::OptionsPatch& patch) {
  QStringList words;
  if (patch.memoryMode) words.append(toQString(engine::idOf(*patch.memoryMode)));
  if (patch.decode) words.append(GenerateCard::tr("decode: %1").arg(toQString(engine::idOf(*patch.decode))));
  if (patch.preview) words.append(GenerateCard::tr("preview: %1").arg(toQString(engine::idOf(*patch.preview))));
  if (patch.oomPolicy)
    words.append(GenerateCard::tr("when memory runs out: %1").arg(toQString(engine::idOf(*patch.oomPolicy))));
  if (patch.deviceBudget) words.append(GenerateCard::tr("limit %1").arg(bytesText(patch.deviceBudget->count)));
  return words.join(QStringLiteral(", "));
}

}  // namespace

GenerateCard::GenerateCard(GenerationSession& session, RequestDraft& draft, MemoryForecast& forecast, QWidget* parent)
    : QFrame(parent), session_(session), draft_(draft), forecast_(forecast) {
  setObjectName(QStringLiteral("generateCard"));
  buildLayout();
  connectSignals();
  updateSummary();
  updateReasons();
  fit_->showEstimate(forecast_.estimate());
  updateOwnOptions();
}

void GenerateCard::buildLayout() {
  summary_ = new QLabel(this);
  setTextRole(summary_, TextRole::SmallMuted);
  summary_->setWordWrap(true);
  fit_ = new FitMeter(this);
  own_ = new QLabel(this);
  own_->setObjectName(QStringLiteral("ownOptions"));
  setTextRole(own_, TextRole::SmallMuted);
  own_->setWordWrap(true);
  own_->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  reasons_ = new QLabel(this);
  reasons_->setObjectName(QStringLiteral("reasons"));
  setTextRole(reasons_, TextRole::Warning);
  reasons_->setWordWrap(true);
  reasons_->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  button_ = new QPushButton(tr("Generate    Ctrl+Enter"), this);
  button_->setObjectName(QStringLiteral("generate"));
  button_->setAccessibleName(tr("Generate"));
  setButtonRole(button_, ButtonRole::Primary);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(11, 9, 11, 11);
  rows->setSpacing(7);
  rows->addWidget(summary_);
  rows->addWidget(fit_);
  rows->addWidget(own_);
  rows->addWidget(reasons_);
  rows->addWidget(button_);
}

void GenerateCard::connectSignals() {
  connect(button_, &QPushButton::clicked, &session_, &GenerationSession::generate);
  connect(reasons_, &QLabel::linkActivated, this, &GenerateCard::fieldWanted);
  connect(fit_, &FitMeter::changeWanted, &forecast_, &MemoryForecast::apply);
  connect(own_, &QLabel::linkActivated, &forecast_, &MemoryForecast::forgetOwnOptions);
  connect(&forecast_, &MemoryForecast::changed, this, [this] {
    fit_->showEstimate(forecast_.estimate());
    updateOwnOptions();
  });
  connect(&session_, &GenerationSession::reasonsChanged, this, &GenerateCard::updateReasons);
  connect(&session_, &GenerationSession::stateChanged, this, &GenerateCard::updateReasons);
  connect(&draft_, &RequestDraft::changed, this, &GenerateCard::updateSummary);
}

void GenerateCard::updateOwnOptions() {
  const QString words = optionsText(forecast_.ownOptions());
  const QString text = tr("For this model: %1").arg(words);
  own_->setText(QStringLiteral("%1 · <a href=\"forget\">%2</a>").arg(text.toHtmlEscaped(), tr("Forget")));
  own_->setAccessibleName(text);
  own_->setVisible(!words.isEmpty());
}

void GenerateCard::updateReasons() {
  const std::vector<Reason>& reasons = session_.reasons();
  const QString text = reasonsAsText(reasons);
  button_->setEnabled(reasons.empty());
  button_->setAccessibleDescription(text);
  const QString ready = session_.isBusy() ? tr("Put this picture in line behind the one being made (Ctrl+Enter)")
                                          : tr("Make the picture (Ctrl+Enter)");
  button_->setToolTip(reasons.empty() ? ready : text);
  reasons_->setText(reasonsAsLinks(reasons));
  reasons_->setAccessibleName(text);
  reasons_->setVisible(!reasons.empty());
}

void GenerateCard::updateSummary() {
  const engine::GenerationRequest& request = draft_.request();
  const int pictures = request.batchSize * request.batchCount;
  summary_->setText(tr("%1 · %2 × %3 px · %4 steps")
                        .arg(tr("%n picture(s)", nullptr, pictures))
                        .arg(request.size.width)
                        .arg(request.size.height)
                        .arg(request.steps));
}

}  // namespace studio::ui
