#pragma once

#include "engine/api/engine_event.h"
#include "engine/api/engine_options.h"
#include "engine/api/log.h"

#include <chrono>
#include <ctime>
#include <exception>
#include <functional>
#include <stop_token>

namespace studio::engine {

class JobJournal;
class ModelShelf;
class RoomWatch;

/// What a pipeline is given besides the request: where to speak, when to stop, where to write.
struct JobContext {
  JobId job;
  OutputOptions output;
  EngineOptions options;
  std::stop_token stop;
  std::function<void(EngineEvent)> emit;
  std::time_t started = std::time(nullptr);  ///< {date} in the names of its files
  JobJournal* journal = nullptr;             ///< of a job that makes pictures
  /// Asked before memory is saved in a way that changes the picture, where the options say so. Empty: no.
  std::function<bool(const Sentence&)> consents = {};
  RoomWatch* room = nullptr;    ///< null: nobody watches main memory
  ModelShelf* shelf = nullptr;  ///< of models for later jobs; null: there are none
  bool partial = false;         ///< see Generator::keepPartial
};

/// Reports a phase from construction to destruction; the end is not reported when an exception passes through.
class PhaseScope {
 public:
  PhaseScope(const JobContext& context, Phase phase, const StepPlace& from = {})
      : context_(context), phase_(phase), exceptions_(std::uncaught_exceptions()) {
    context.emit(PhaseStarted{context.job, phase, from});
  }
  ~PhaseScope() {
    if (std::uncaught_exceptions() == exceptions_) context_.emit(PhaseFinished{context_.job, phase_, elapsed()});
  }
  PhaseScope(const PhaseScope&) = delete;
  PhaseScope& operator=(const PhaseScope&) = delete;

  Seconds elapsed() const { return std::chrono::steady_clock::now() - start_; }

 private:
  const JobContext& context_;
  Phase phase_;
  int exceptions_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace studio::engine
