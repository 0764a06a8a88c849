#include "ui/bridge/engine_bridge.h"

#include <QMetaObject>

#include <mutex>

namespace studio::ui {

/// Outlives the bridge when the engine thread is just about to ring. At most one wake-up is pending.
struct EngineBridge::Doorbell {
  std::mutex mutex;
  EngineBridge* bridge = nullptr;
  bool ringing = false;

  void ring() {
    const std::lock_guard lock(mutex);
    if (bridge == nullptr || ringing) return;
    ringing = true;
    QMetaObject::invokeMethod(bridge, &EngineBridge::drain, Qt::QueuedConnection);
  }
  void answered() {
    const std::lock_guard lock(mutex);
    ringing = false;
  }
  void takeDown() {
    const std::lock_guard lock(mutex);
    bridge = nullptr;
  }
};

EngineBridge::EngineBridge(engine::Generator& generator, QObject* parent)
    : QObject(parent), generator_(generator), doorbell_(std::make_shared<Doorbell>()) {
  doorbell_->bridge = this;
  generator_.events().setWake([doorbell = doorbell_] { doorbell->ring(); });
  doorbell_->ring();
}

EngineBridge::~EngineBridge() {
  generator_.events().setWake({});
  doorbell_->takeDown();
}

/// The bell is free before the queue is emptied: an event pushed in between rings again.
void EngineBridge::drain() {
  doorbell_->answered();
  for (const engine::EngineEvent& event : generator_.events().drain()) announce(event);
}

void EngineBridge::announce(const engine::EngineEvent& event) {
  std::visit(engine::Visitor{[this](const engine::JobStarted& e) { Q_EMIT jobStarted(e); },
                             [this](const engine::ModelLoaded& e) { Q_EMIT modelLoaded(e); },
                             [this](const engine::JobPlanned& e) { Q_EMIT jobPlanned(e); },
                             [this](const engine::RungTaken& e) { Q_EMIT rungTaken(e); },
                             [this](const engine::ConsentAsked& e) { Q_EMIT consentAsked(e); },
                             [this](const engine::JobGaveWay& e) { Q_EMIT jobGaveWay(e); },
                             [this](const engine::JobPaused& e) { Q_EMIT jobPaused(e); },
                             [this](const engine::PhaseStarted& e) { Q_EMIT phaseStarted(e); },
                             [this](const engine::PhaseFinished& e) { Q_EMIT phaseFinished(e); },
                             [this](const engine::StepFinished& e) { Q_EMIT stepFinished(e); },
                             [this](const engine::PreviewReady& e) { Q_EMIT previewReady(e); },
                             [this](const engine::ImageFinished& e) { Q_EMIT imageFinished(e); },
                             [this](const engine::Notice& e) { Q_EMIT noticed(e); },
                             [this](const engine::JobFailed& e) { Q_EMIT jobFailed(e); },
                             [this](const engine::JobCancelled& e) { Q_EMIT jobCancelled(e); },
                             [this](const engine::JobFinished& e) { Q_EMIT jobFinished(e); }},
             event);
}

}  // namespace studio::ui
