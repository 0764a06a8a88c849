#pragma once

#include "engine/api/engine_event.h"
#include "engine/api/generator.h"
#include "engine/api/unfinished_jobs.h"
#include "ui/bridge/progress_estimate.h"
#include "ui/bridge/request_check.h"

#include <QObject>
#include <QString>

#include <optional>
#include <vector>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class EngineBridge;
class Library;
class RequestDraft;

/// What the engine said about the loaded model.
struct EngineStatus {
  QString family;
  engine::Precision precision = engine::Precision::Float32;
  int threads = 0;
  engine::Sentence reason;
};

/// Decides what may be done and knows what is going on: widgets show it and ask. GUI thread only.
/// Generate while a picture is being made puts the next job in line.
class GenerationSession : public QObject {
  Q_OBJECT

 public:
  enum class State { Idle, Running, Stopping };

  GenerationSession(engine::Generator& generator, EngineBridge& bridge, RequestDraft& draft, const Library& library,
                    const settings::AppSettings& settings, QObject* parent = nullptr);

  State state() const { return state_; }
  bool isBusy() const { return state_ != State::Idle; }
  /// Why Generate is grey: all reasons, empty when it may.
  const std::vector<Reason>& reasons() const { return reasons_; }
  bool mayGenerate() const { return reasons_.empty(); }
  /// Puts the reasons together anew: after a change of language.
  void updateReasons();

  void generate() { generateWith({}); }
  /// With other options for this job alone.
  void generateWith(const engine::OptionsPatch& changes);
  /// Puts a job of an earlier studio in line.
  void resume(const engine::UnfinishedJob& job);
  /// Puts the job that failed, of which keptJob() is there, in line again with other options.
  void resumeFailed(const engine::OptionsPatch& changes);
  /// Puts it in line to be shown as far as it is, with other options. It stays kept: paused() follows.
  void keepPartial(const engine::OptionsPatch& changes);
  /// As generate(), but before all that wait, and before the one that runs, which goes on afterwards.
  void generateFirst();
  /// Ends the running job; jobs in line go on.
  void stop();
  /// Puts the running job aside, to go on another time.
  void pause();
  /// What the running job would do to save memory, which changes its picture: it waits for the answer. Empty: nothing.
  const QString& question() const { return question_; }
  void answer(bool yes);
  void dropWaiting();
  int waiting() const;

  const Progress& progress() const { return estimate_.progress(); }
  const std::optional<EngineStatus>& engineStatus() const { return engineStatus_; }
  const std::optional<engine::EngineError>& lastError() const { return lastError_; }
  void dismissError();
  /// The request of the job that lastError() is about: what advice, a retry and a report speak of.
  const engine::GenerationRequest& failedRequest() const { return failedRequest_; }
  /// What is left of it: its steps, when there are any.
  const engine::KeptJob& keptJob() const { return kept_; }
  /// What was changed so that the job that runs or ran last fits into memory.
  const std::vector<engine::RungTaken>& rungs() const { return rungs_; }
  /// The request of the job that runs or ran last.
  const engine::GenerationRequest& submittedRequest() const { return current_.request; }

 Q_SIGNALS:
  void stateChanged();
  /// The engine began a job: submittedRequest() is its request.
  void jobTakenUp();
  void reasonsChanged();
  void waitingChanged();
  void progressChanged();
  void engineStatusChanged();
  /// How the pictures of the current batch look now.
  void previewChanged(const std::vector<engine::Image>& previews);
  void pictureFinished(const engine::ImageFinished& picture, const engine::GenerationRequest& request);
  void noticed(const QString& message);
  void errorChanged();
  void rungsChanged();
  /// The job is over; `images` pictures are on disk, some of them from before where it went on.
  void finished(int images, double seconds, qint64 peakHostBytes, bool wentOn);
  void stopped();
  /// The job that ran rests and may go on.
  void paused(const engine::UnfinishedJob& job);
  void questionChanged();

 private:
  struct Job {
    engine::JobId id;
    engine::GenerationRequest request;
  };

  using Submit = engine::JobId (engine::Generator::*)(const engine::GenerationRequest&, const engine::OutputOptions&);
  void order(Submit submit, const engine::OptionsPatch& changes);
  void connectSignals();
  void connectProgress();
  void connectOutcomes();
  void setState(State state);
  void setError(std::optional<engine::EngineError> error);
  void takeRung(const engine::RungTaken& event);
  void follow(engine::JobId job, const engine::GenerationRequest& request);
  void takeUp(const engine::JobStarted& event);
  void takePaused(const engine::JobPaused& event);
  void setQuestion(const QString& question);
  void endJob(engine::JobId job);
  const engine::GenerationRequest& requestOf(engine::JobId job) const;
  bool isCurrent(engine::JobId job) const { return isBusy() && job == current_.id; }

  engine::Generator& generator_;
  EngineBridge& bridge_;
  RequestDraft& draft_;
  const Library& library_;
  const settings::AppSettings& settings_;

  State state_ = State::Idle;
  Job current_;
  std::vector<Job> jobs_;  ///< submitted and not ended, in order
  ProgressEstimate estimate_;
  std::vector<Reason> reasons_;
  std::optional<EngineStatus> engineStatus_;
  std::optional<engine::EngineError> lastError_;
  engine::GenerationRequest failedRequest_;
  engine::KeptJob kept_;
  std::vector<engine::RungTaken> rungs_;
  QString question_;
};

}  // namespace studio::ui
