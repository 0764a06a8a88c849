#pragma once

#include "engine/api/engine_event.h"
#include "engine/api/generator.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <vector>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class EngineBridge;
class Library;
class RequestDraft;

/// One reason why Generate is grey. `field` is the id (request_fields.h) of the control at fault, or empty.
struct Reason {
  QString text;
  QString field;
  bool operator==(const Reason&) const = default;
};

/// Where the running job stands.
struct Progress {
  engine::Phase phase = engine::Phase::Load;
  int picture = 0;   ///< finished pictures
  int pictures = 1;
  int step = 0;      ///< of the current batch
  int steps = 0;
  double secondsPerStep = 0;                  ///< smoothed; 0 until measured
  std::optional<double> secondsLeft;          ///< for the whole job; nothing until it can be said
  double fraction = 0;                        ///< of the whole job, 0 … 1
};

/// What the engine said about the loaded model.
struct EngineStatus {
  QString family;
  engine::Precision precision = engine::Precision::Float32;
  int threads = 0;
  QString reason;
};

/// Decides what may be done and knows what is going on: widgets show it and ask. GUI thread only.
class GenerationSession : public QObject {
  Q_OBJECT

 public:
  enum class State { Idle, Running, Stopping };

  GenerationSession(engine::Generator& generator, EngineBridge& bridge, RequestDraft& draft, const Library& library,
                    const settings::AppSettings& settings, QObject* parent = nullptr);

  State state() const { return state_; }
  bool isBusy() const { return state_ != State::Idle; }
  const std::vector<Reason>& reasons() const { return reasons_; }
  bool mayGenerate() const { return reasons_.empty(); }

  void generate();
  void stop();

  const Progress& progress() const { return progress_; }
  const std::optional<EngineStatus>& engineStatus() const { return engineStatus_; }
  const std::optional<engine::EngineError>& lastError() const { return lastError_; }
  void dismissError();
  /// The request as submitted last: what a retry and a report speak of.
  const engine::GenerationRequest& submittedRequest() const { return submitted_; }

 Q_SIGNALS:
  void stateChanged();
  void reasonsChanged();
  void progressChanged();
  void engineStatusChanged();
  void previewChanged(const engine::Image& preview, int step);
  void pictureFinished(const engine::ImageFinished& picture, const engine::GenerationRequest& request);
  void noticed(const QString& message);
  void errorChanged();
  /// The job is over; `images` pictures are on disk.
  void finished(int images, double seconds, qint64 peakHostBytes);
  void stopped();

 private:
  void connectSignals();
  void updateReasons();
  void setState(State state);
  void setError(std::optional<engine::EngineError> error);
  void startProgress(const engine::JobStarted& event);
  void takeStep(const engine::StepFinished& event);
  void updateEstimate();
  void takeFinishedPhase(const engine::PhaseFinished& event);
  bool isCurrent(engine::JobId job) const { return job == job_ && isBusy(); }

  engine::Generator& generator_;
  EngineBridge& bridge_;
  RequestDraft& draft_;
  const Library& library_;
  const settings::AppSettings& settings_;

  State state_ = State::Idle;
  engine::JobId job_;
  engine::GenerationRequest submitted_;
  Progress progress_;
  int batch_ = 0;
  double decodeSeconds_ = 0;
  std::vector<Reason> reasons_;
  std::optional<EngineStatus> engineStatus_;
  std::optional<engine::EngineError> lastError_;
};

}  // namespace studio::ui
