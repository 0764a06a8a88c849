#include "ui/queue/progress_card.h"

#include "ui/bridge/generation_session.h"
#include "ui/queue/durations.h"
#include "ui/style/icon_set.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text_role.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace studio::ui {
namespace {

constexpr int kBarSteps = 1000;

QString phaseText(engine::Phase phase) {
  switch (phase) {
    case engine::Phase::Load:
      return ProgressCard::tr("Loading the model");
    case engine::Phase::Encode:
      return ProgressCard::tr("Reading the prompt");
    case engine::Phase::Denoise:
      return ProgressCard::tr("Denoising");
    case engine::Phase::Decode:
      return ProgressCard::tr("Decoding");
    case engine::Phase::Write:
      return ProgressCard::tr("Saving");
  }
  return {};
}

}  // namespace

ProgressCard::ProgressCard(GenerationSession& session, QWidget* parent)
    : QFrame(parent), session_(session), lastOutcome_(tr("Ready")) {
  setObjectName(QStringLiteral("progressCard"));
  setAccessibleName(tr("Progress"));
  buildLayout();
  connectSignals();
  update();
  updateWaiting();
}

void ProgressCard::buildLayout() {
  what_ = new ElidedLabel(Qt::ElideRight, this);
  step_ = new ElidedLabel(Qt::ElideRight, this);
  speed_ = new ElidedLabel(Qt::ElideRight, this);
  left_ = new QLabel(this);
  setTextRole(speed_, TextRole::SmallMuted);
  setTextRole(left_, TextRole::SmallMuted);
  bar_ = new QProgressBar(this);
  bar_->setRange(0, kBarSteps);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress of the picture"));
  setFocusProxy(bar_);
  pause_ = new QPushButton(tr("Pause"), this);
  pause_->setObjectName(QStringLiteral("pause"));
  pause_->setToolTip(tr("Put the picture aside where it is and go on with it later"));
  stop_ = new QPushButton(tr("Stop"), this);
  stop_->setObjectName(QStringLiteral("stop"));
  stop_->setAccessibleName(tr("Stop"));
  dropWaiting_ = new QPushButton(this);
  dropWaiting_->setIcon(themeIcon(QStringLiteral("close"), palette()));
  setButtonRole(dropWaiting_, ButtonRole::Flat);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

  auto* line = new QHBoxLayout;
  line->setSpacing(10);
  line->addWidget(what_);
  line->addWidget(step_);
  line->addStretch(1);
  line->addWidget(left_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(10);
  buttons->addWidget(speed_);
  buttons->addStretch(1);
  for (QPushButton* button : {dropWaiting_, pause_, stop_}) {
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);  // texts give way, not buttons
    buttons->addWidget(button);
  }
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(11, 8, 11, 11);
  rows->setSpacing(8);
  rows->addLayout(line);
  rows->addWidget(bar_);
  rows->addLayout(buttons);
}

/// Icons take the colours of a new theme.
void ProgressCard::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) dropWaiting_->setIcon(themeIcon(QStringLiteral("close"), palette()));
  QFrame::changeEvent(event);
}

void ProgressCard::connectSignals() {
  connect(stop_, &QPushButton::clicked, &session_, &GenerationSession::stop);
  connect(pause_, &QPushButton::clicked, &session_, &GenerationSession::pause);
  connect(dropWaiting_, &QPushButton::clicked, &session_, &GenerationSession::dropWaiting);
  connect(&session_, &GenerationSession::stateChanged, this, &ProgressCard::update);
  connect(&session_, &GenerationSession::progressChanged, this, &ProgressCard::update);
  connect(&session_, &GenerationSession::questionChanged, this, &ProgressCard::update);
  connect(&session_, &GenerationSession::waitingChanged, this, &ProgressCard::updateWaiting);
  connect(&session_, &GenerationSession::stopped, this, [this] {
    lastOutcome_ = tr("Stopped");
    update();
  });
  connect(&session_, &GenerationSession::paused, this, [this] {
    lastOutcome_ = tr("Paused");
    update();
  });
  connect(&session_, &GenerationSession::errorChanged, this, [this] {
    lastOutcome_ = session_.lastError() ? tr("Not finished") : tr("Ready");
    update();
  });
  connect(&session_, &GenerationSession::finished, this, [this](int images, double seconds, qint64 peak, bool on) {
    lastOutcome_ =
        on ? tr("%n picture(s), the rest in %1", nullptr, images) : tr("%n picture(s) in %1", nullptr, images);
    lastOutcome_ = lastOutcome_.arg(durationText(seconds));
    if (peak > 0) lastOutcome_ = tr("%1 · peak memory %2").arg(lastOutcome_, bytesText(peak));
    update();
  });
}

void ProgressCard::update() {
  if (session_.isBusy()) {
    showRunning();
  } else {
    showIdle();
  }
  updateStop();
}

void ProgressCard::showIdle() {
  what_->setText(lastOutcome_);
  setTextRole(what_, TextRole::Muted);
  step_->clear();
  speed_->clear();
  left_->clear();
  bar_->setRange(0, kBarSteps);
  bar_->setValue(0);
}

void ProgressCard::showRunning() {
  const Progress& progress = session_.progress();
  const bool waits = !session_.question().isEmpty();
  what_->setText(waits ? tr("Waiting for your answer") : phaseText(progress.phase));
  setTextRole(what_, TextRole::Base);
  const bool denoising = progress.phase == engine::Phase::Denoise;
  const bool before = progress.phase == engine::Phase::Load || progress.phase == engine::Phase::Encode;
  QString step = denoising ? tr("step %1 of %2").arg(progress.step).arg(progress.steps) : QString();
  if (before && progress.step > 0) step = tr("goes on after step %1 of %2").arg(progress.step).arg(progress.steps);
  if (progress.pictures > 1) {
    const QString picture =
        tr("picture %1 of %2").arg(std::min(progress.picture + 1, progress.pictures)).arg(progress.pictures);
    step = step.isEmpty() ? picture : tr("%1 · %2").arg(step, picture);
  }
  step_->setText(step);
  speed_->setText(denoising ? speedText(progress.secondsPerStep) : QString());
  left_->setText(progress.secondsLeft ? tr("%1 left").arg(clockText(*progress.secondsLeft)) : QString());
  const bool unknown = !waits && progress.phase == engine::Phase::Load && progress.fraction <= 0;
  bar_->setRange(0, unknown ? 0 : kBarSteps);
  bar_->setValue(static_cast<int>(std::lround(progress.fraction * kBarSteps)));
}

/// Before a button that has the focus goes: what is beside it is no place that people expect the focus in.
void ProgressCard::keepFocus(const QPushButton* button, bool stays) {
  if (!stays && window()->focusWidget() == button) bar_->setFocus(Qt::OtherFocusReason);
}

void ProgressCard::updateStop() {
  const bool stopping = session_.state() == GenerationSession::State::Stopping;
  const bool running = session_.state() == GenerationSession::State::Running;
  keepFocus(stop_, running);
  keepFocus(pause_, running);
  stop_->setEnabled(running);
  pause_->setVisible(session_.isBusy());
  pause_->setEnabled(stop_->isEnabled());
  stop_->setText(stopping ? tr("Stopping…") : tr("Stop"));
  const double step = session_.progress().secondsPerStep;
  stop_->setToolTip(stopping && step > 0 ? tr("At most %1, the time of one step").arg(durationText(step))
                                         : tr("Stop the picture that is being made (Ctrl+Alt+Enter)"));
}

void ProgressCard::updateWaiting() {
  const int waiting = session_.waiting();
  keepFocus(dropWaiting_, waiting > 0);
  dropWaiting_->setVisible(waiting > 0);
  dropWaiting_->setText(tr("%n waiting", nullptr, waiting));
  dropWaiting_->setToolTip(tr("Remove the waiting jobs from the line"));
  dropWaiting_->setAccessibleName(tr("%n waiting", nullptr, waiting));
  dropWaiting_->setAccessibleDescription(dropWaiting_->toolTip());
}

}  // namespace studio::ui
