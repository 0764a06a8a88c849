#include "ui/queue/fit_meter.h"

#include "ui/bridge/engine_words.h"
#include "ui/queue/durations.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text_role.h"

#include <QGridLayout>
#include <QProgressBar>
#include <QStringList>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

constexpr int kBarSteps = 1000;
constexpr qsizetype kMostChanges = 3;

QString phaseText(engine::Phase phase) {
  switch (phase) {
    case engine::Phase::Encode:
      return FitMeter::tr("Encode");
    case engine::Phase::Denoise:
      return FitMeter::tr("Denoise");
    case engine::Phase::Decode:
      return FitMeter::tr("Decode");
    case engine::Phase::Load:
    case engine::Phase::Write:
      break;
  }
  return {};
}

QString detailsText(const engine::PhaseMemory& phase, const std::optional<engine::PredictedTime>& time) {
  const QString bytes =
      FitMeter::tr("Weights %1, activations %2, workspace %3")
          .arg(bytesText(phase.weights.count), bytesText(phase.activations.count), bytesText(phase.workspace.count));
  return FitMeter::tr("%1. Time: %2.").arg(bytes, time ? rangeText(*time) : FitMeter::tr("not known yet"));
}

/// The whole time, and where it is known the phases' beside it.
QString timesText(const engine::MemoryEstimate& estimate) {
  QStringList phases;
  for (std::size_t i = 0; i < estimate.times.size() && i < estimate.plan.phases.size(); ++i) {
    if (estimate.times[i])
      phases.append(
          FitMeter::tr("%1: %2").arg(phaseText(estimate.plan.phases[i].phase), rangeText(*estimate.times[i])));
  }
  return phases.join(u'\n');
}

QString verdictText(const engine::MemoryEstimate& estimate) {
  const QString peak = bytesText(estimate.plan.peak().count), free = bytesText(estimate.available.count);
  switch (estimate.verdict) {
    case engine::Verdict::Fits:
      return FitMeter::tr("Fits: %1 of %2").arg(peak, free);
    case engine::Verdict::FitsWith:
      if (estimate.plan.mode == engine::MemoryMode::Cpu)
        return FitMeter::tr("Fits on the processor alone, far slower: %1 of %2").arg(peak, free);
      if (estimate.plan.mode == engine::MemoryMode::Hybrid)
        return FitMeter::tr("Fits with text encoders and VAE on the processor: %1 of %2").arg(peak, free);
      return FitMeter::tr("Fits in parts, slower: %1 of %2").arg(peak, free);
    case engine::Verdict::DoesNotFit:
      return FitMeter::tr("▲ Does not fit: %1 of %2").arg(peak, free);
  }
  return {};
}

TextRole roleOf(engine::Verdict verdict) {
  switch (verdict) {
    case engine::Verdict::Fits:
      return TextRole::SmallMuted;
    case engine::Verdict::FitsWith:
      return TextRole::Warning;
    case engine::Verdict::DoesNotFit:
      return TextRole::Bad;
  }
  return TextRole::Base;
}

}  // namespace

FitMeter::FitMeter(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("fitMeter"));
  buildLayout();
  hide();
}

void FitMeter::buildLayout() {
  phases_ = new QGridLayout;
  phases_->setContentsMargins(0, 0, 0, 0);
  phases_->setHorizontalSpacing(8);
  phases_->setVerticalSpacing(3);
  verdict_ = new QLabel(this);
  verdict_->setObjectName(QStringLiteral("verdict"));
  verdict_->setWordWrap(true);
  time_ = new QLabel(this);
  time_->setObjectName(QStringLiteral("predictedTime"));
  time_->setWordWrap(true);
  changes_ = new QLabel(this);
  changes_->setObjectName(QStringLiteral("memoryChanges"));
  changes_->setWordWrap(true);
  changes_->setTextFormat(Qt::RichText);
  changes_->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  setTextRole(changes_, TextRole::SmallMuted);
  connect(changes_, &QLabel::linkActivated, this, [this](const QString& link) {
    const std::size_t number = link.toUInt();
    if (number < estimate_.changes.size()) Q_EMIT changeWanted(estimate_.changes[number]);
  });
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(5);
  rows->addLayout(phases_);
  rows->addWidget(verdict_);
  rows->addWidget(time_);
  rows->addWidget(changes_);
}

void FitMeter::showEstimate(const std::optional<engine::MemoryEstimate>& estimate) {
  setVisible(estimate.has_value());
  if (!estimate) return;
  estimate_ = *estimate;
  showPhases();
  showVerdict();
  showTime();
  showChanges();
}

void FitMeter::showPhases() {
  while (QLayoutItem* item = phases_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  const auto available = static_cast<double>(std::max<std::int64_t>(1, estimate_.available.count));
  int column = 0;
  for (std::size_t i = 0; i < estimate_.plan.phases.size(); ++i) {
    const engine::PhaseMemory& phase = estimate_.plan.phases[i];
    const QString details = detailsText(phase, i < estimate_.times.size() ? estimate_.times[i] : std::nullopt);
    const QString text = tr("%1 %2").arg(phaseText(phase.phase), bytesText(phase.peak().count));
    auto* label = new ElidedLabel(Qt::ElideRight, this);
    label->setText(text);
    setTextRole(label, TextRole::SmallMuted);
    auto* bar = new QProgressBar(this);
    bar->setRange(0, kBarSteps);
    bar->setTextVisible(false);
    bar->setValue(static_cast<int>(std::min(1.0, static_cast<double>(phase.peak().count) / available) * kBarSteps));
    bar->setProperty("over", phase.peak() > estimate_.available);
    bar->setAccessibleName(text);
    bar->setAccessibleDescription(details);
    for (QWidget* widget : {static_cast<QWidget*>(label), static_cast<QWidget*>(bar)}) widget->setToolTip(details);
    phases_->addWidget(label, 0, column);
    phases_->addWidget(bar, 1, column);
    phases_->setColumnStretch(column++, 1);
  }
}

void FitMeter::showVerdict() {
  verdict_->setText(verdictText(estimate_));
  setTextRole(verdict_, roleOf(estimate_.verdict));
  setAccessibleName(tr("Memory of the device"));
}

void FitMeter::showTime() {
  const auto time = estimate_.time();
  QString text = time ? aboutText(*time) : tr("Time not known yet");
  if (time) text[0] = text[0].toUpper();
  if (estimate_.patience) text = tr("▲ %1").arg(inWords(*estimate_.patience));
  time_->setText(text);
  setTextRole(time_, estimate_.patience ? TextRole::Warning : TextRole::SmallMuted);
  time_->setToolTip(timesText(estimate_));
  setAccessibleDescription(tr("%1. %2").arg(verdict_->text(), time ? rangeText(*time) : text));
}

void FitMeter::showChanges() {
  QStringList lines;
  const qsizetype shown = std::min(kMostChanges, static_cast<qsizetype>(estimate_.changes.size()));
  for (qsizetype i = 0; i < shown; ++i) {
    const engine::MemoryChange& change = estimate_.changes[static_cast<std::size_t>(i)];
    const QString peak = bytesText(change.peak.count);
    lines.append(QStringLiteral("%1: <a href=\"%2\">%3</a>")
                     .arg(change.time ? tr("%1, %2").arg(peak, aboutText(*change.time)) : peak)
                     .arg(i)
                     .arg(inWords(change.what).toHtmlEscaped()));
  }
  changes_->setText(lines.join(QStringLiteral("<br>")));
  changes_->setVisible(!lines.isEmpty());
}

}  // namespace studio::ui
