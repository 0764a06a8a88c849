#pragma once

#include "engine/api/engine_event.h"
#include "engine/api/generator.h"

#include <QObject>

#include <memory>

namespace studio::ui {

/// The one crossing between the engine thread and the window. A filled queue posts one wake-up;
/// it drains the queue on the GUI thread and every event becomes a signal, in order.
class EngineBridge : public QObject {
  Q_OBJECT

 public:
  explicit EngineBridge(engine::Generator& generator, QObject* parent = nullptr);
  ~EngineBridge() override;

 Q_SIGNALS:
  void jobStarted(const engine::JobStarted& event);
  void modelLoaded(const engine::ModelLoaded& event);
  void jobPlanned(const engine::JobPlanned& event);
  void rungTaken(const engine::RungTaken& event);
  void consentAsked(const engine::ConsentAsked& event);
  void phaseStarted(const engine::PhaseStarted& event);
  void phaseFinished(const engine::PhaseFinished& event);
  void stepFinished(const engine::StepFinished& event);
  void previewReady(const engine::PreviewReady& event);
  void imageFinished(const engine::ImageFinished& event);
  void noticed(const engine::Notice& event);
  void jobGaveWay(const engine::JobGaveWay& event);
  void jobFailed(const engine::JobFailed& event);
  void jobCancelled(const engine::JobCancelled& event);
  void jobPaused(const engine::JobPaused& event);
  void jobFinished(const engine::JobFinished& event);

 private:
  struct Doorbell;
  void drain();
  void announce(const engine::EngineEvent& event);

  engine::Generator& generator_;
  std::shared_ptr<Doorbell> doorbell_;
};

}  // namespace studio::ui
