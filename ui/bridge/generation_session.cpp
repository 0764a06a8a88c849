#include "ui/bridge/generation_session.h"

#include "settings/app_settings.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/engine_settings.h"
#include "ui/bridge/engine_words.h"
#include "ui/bridge/library.h"
#include "ui/bridge/model_fixes.h"
#include "ui/bridge/request_draft.h"
#include "ui/bridge/text.h"

#include <algorithm>
#include <utility>

namespace studio::ui {

GenerationSession::GenerationSession(engine::Generator& generator, EngineBridge& bridge, RequestDraft& draft,
                                     const Library& library, const settings::AppSettings& settings, QObject* parent)
    : QObject(parent), generator_(generator), bridge_(bridge), draft_(draft), library_(library), settings_(settings) {
  connectSignals();
  updateReasons();
}

void GenerationSession::connectSignals() {
  connect(&draft_, &RequestDraft::changed, this, &GenerationSession::updateReasons);
  connect(&library_, &Library::changed, this, &GenerationSession::updateReasons);
  connect(&settings_.store(), &settings::Store::changed, this, [this](const QString& key) {
    if (concernsEngine(settings_, key)) generator_.setOptions(engineOptionsFrom(settings_));
  });
  connectProgress();
  connectOutcomes();
}

void GenerationSession::connectProgress() {
  const auto forward = [this](const auto& event) {
    if (!isCurrent(event.job)) return;
    estimate_.take(event);
    Q_EMIT progressChanged();
  };
  connect(&bridge_, &EngineBridge::jobStarted, this, &GenerationSession::takeUp);
  connect(&bridge_, &EngineBridge::phaseStarted, this, forward);
  connect(&bridge_, &EngineBridge::phaseFinished, this, forward);
  connect(&bridge_, &EngineBridge::stepFinished, this, forward);
  connect(&bridge_, &EngineBridge::modelLoaded, this, [this](const engine::ModelLoaded& event) {
    engineStatus_ = EngineStatus{toQString(event.family), event.precision, event.threads, event.reason};
    Q_EMIT engineStatusChanged();
  });
  connect(&bridge_, &EngineBridge::previewReady, this, [this](const engine::PreviewReady& event) {
    if (isCurrent(event.job)) Q_EMIT previewChanged(event.images);
  });
  connect(&bridge_, &EngineBridge::noticed, this,
          [this](const engine::Notice& event) { Q_EMIT noticed(inWords(event)); });
  connect(&bridge_, &EngineBridge::rungTaken, this, &GenerationSession::takeRung);
  connect(&bridge_, &EngineBridge::consentAsked, this, [this](const engine::ConsentAsked& event) {
    if (isCurrent(event.job)) setQuestion(inWords(event.what));
  });
  connect(&bridge_, &EngineBridge::jobGaveWay, this, [this](const engine::JobGaveWay&) {
    Q_EMIT noticed(tr("The picture that was being made goes on afterwards."));
  });
}

void GenerationSession::connectOutcomes() {
  connect(&bridge_, &EngineBridge::imageFinished, this, [this](const engine::ImageFinished& event) {
    if (isCurrent(event.job)) {
      estimate_.take(event);
      Q_EMIT progressChanged();
    }
    draft_.setLastSeed(event.seed);
    Q_EMIT pictureFinished(event, requestOf(event.job));
  });
  connect(&bridge_, &EngineBridge::jobFinished, this, [this](const engine::JobFinished& event) {
    endJob(event.job);
    const bool wentOn = event.earlier > 0 || event.resumedFromStep > 0;
    Q_EMIT finished(event.images, event.seconds.count(), event.peakHostBytes.count, wentOn);
  });
  connect(&bridge_, &EngineBridge::jobCancelled, this, [this](const engine::JobCancelled& event) {
    const bool wasCurrent = isCurrent(event.job);
    endJob(event.job);
    if (wasCurrent) Q_EMIT stopped();
  });
  connect(&bridge_, &EngineBridge::jobPaused, this, &GenerationSession::takePaused);
  connect(&bridge_, &EngineBridge::jobFailed, this, [this](const engine::JobFailed& event) {
    failedRequest_ = requestOf(event.job);  // copied: ending the job moves on to the next one
    kept_ = event.kept;
    endJob(event.job);
    setError(event.error);
  });
}

void GenerationSession::generateWith(const engine::OptionsPatch& changes) {
  order(&engine::Generator::submit, changes);
}

void GenerationSession::generateFirst() { order(&engine::Generator::submitFirst, {}); }

void GenerationSession::order(Submit submit, const engine::OptionsPatch& changes) {
  if (!mayGenerate()) return;
  setError(std::nullopt);
  const engine::GenerationRequest& request = draft_.request();
  const engine::EngineOptions usual = engineOptionsFrom(settings_);
  engine::EngineOptions options = engineOptionsFor(settings_, request.model);
  engine::applyPatch(changes, options);
  if (options != usual) generator_.setOptions(options);
  follow((generator_.*submit)(request, outputOptionsFrom(settings_)), request);
  if (options != usual) generator_.setOptions(usual);
}

void GenerationSession::pause() {
  if (state_ == State::Running) generator_.pause(current_.id);
}

void GenerationSession::takePaused(const engine::JobPaused& event) {
  engine::UnfinishedJob job;
  job.id = event.kept.id;
  job.request = requestOf(event.job);
  job.pictures = job.request.batchSize * job.request.batchCount;
  job.step = event.kept.step;
  job.steps = event.kept.of;
  job.phase = event.kept.phase;
  endJob(event.job);
  Q_EMIT paused(job);
}

void GenerationSession::answer(bool yes) {
  if (question_.isEmpty()) return;
  generator_.answer(current_.id, yes);
  setQuestion({});
}

void GenerationSession::setQuestion(const QString& question) {
  if (question == question_) return;
  question_ = question;
  Q_EMIT questionChanged();
}

void GenerationSession::resume(const engine::UnfinishedJob& job) {
  setError(std::nullopt);
  follow(generator_.resume(job.id), job.request);
}

void GenerationSession::resumeFailed(const engine::OptionsPatch& changes) {
  if (!kept_) return;
  const std::string id = std::exchange(kept_, {}).id;
  setError(std::nullopt);
  follow(generator_.resume(id, changes), failedRequest_);
}

void GenerationSession::keepPartial(const engine::OptionsPatch& changes) {
  if (!kept_) return;
  const std::string id = std::exchange(kept_, {}).id;
  setError(std::nullopt);
  follow(generator_.keepPartial(id, changes), failedRequest_);
}

void GenerationSession::takeRung(const engine::RungTaken& event) {
  if (!isCurrent(event.job)) return;
  rungs_.push_back(event);
  Q_EMIT rungsChanged();
}

void GenerationSession::follow(engine::JobId job, const engine::GenerationRequest& request) {
  jobs_.push_back({job, request});
  if (state_ == State::Idle) {
    current_ = jobs_.front();
    estimate_.start(current_.request, {current_.id, {}, request.batchSize * request.batchCount});
    setState(State::Running);
    Q_EMIT progressChanged();
  }
  Q_EMIT waitingChanged();
}

void GenerationSession::stop() {
  if (state_ != State::Running) return;
  generator_.cancel(current_.id);
  setState(State::Stopping);
}

void GenerationSession::dropWaiting() {
  for (const Job& job : jobs_) {
    if (job.id != current_.id) generator_.cancel(job.id);
  }
}

int GenerationSession::waiting() const {
  const auto others =
      std::count_if(jobs_.begin(), jobs_.end(), [this](const Job& job) { return job.id != current_.id; });
  return static_cast<int>(others);
}

void GenerationSession::takeUp(const engine::JobStarted& event) {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& known) { return known.id == event.job; });
  if (job == jobs_.end()) return;
  current_ = *job;
  estimate_.start(current_.request, event);
  if (!std::exchange(rungs_, {}).empty()) Q_EMIT rungsChanged();
  Q_EMIT jobTakenUp();
  Q_EMIT waitingChanged();
  Q_EMIT progressChanged();
}

const engine::GenerationRequest& GenerationSession::requestOf(engine::JobId job) const {
  const auto known = std::find_if(jobs_.begin(), jobs_.end(), [job](const Job& other) { return other.id == job; });
  return known == jobs_.end() ? current_.request : known->request;
}

void GenerationSession::endJob(engine::JobId job) {
  if (job == current_.id) setQuestion({});
  std::erase_if(jobs_, [job](const Job& known) { return known.id == job; });
  if (jobs_.empty()) {
    setState(State::Idle);
  } else if (job == current_.id) {
    current_ = jobs_.front();
    estimate_.start(current_.request, {current_.id, {}, current_.request.batchSize * current_.request.batchCount});
    setState(State::Running);
  }
  Q_EMIT waitingChanged();
}

void GenerationSession::dismissError() { setError(std::nullopt); }

void GenerationSession::updateReasons() {
  std::vector<Reason> reasons = reasonsAgainst(draft_.request(), library_);
  if (reasons == reasons_) return;
  reasons_ = std::move(reasons);
  Q_EMIT reasonsChanged();
}

void GenerationSession::setState(State state) {
  if (state == state_) return;
  state_ = state;
  Q_EMIT stateChanged();
}

void GenerationSession::setError(std::optional<engine::EngineError> error) {
  if (!error && !lastError_) return;
  lastError_ = std::move(error);
  Q_EMIT errorChanged();
}

}  // namespace studio::ui
