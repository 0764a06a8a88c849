#pragma once

#include "engine/api/choices.h"
#include "engine/api/engine_error.h"
#include "engine/api/image.h"
#include "engine/api/memory_plan.h"
#include "engine/api/memory_report.h"
#include "engine/api/phase.h"
#include "engine/api/predicted_time.h"
#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace studio::engine {

/// Steps of a batch that are done.
struct StepPlace {
  int batch = 0;  ///< from 0
  int step = 0;
  int of = 0;  ///< 0: not known yet
};

/// The engine thread has taken the job up.
struct JobStarted {
  JobId job;
  Seed seed;  ///< of the first picture, also when the request left it open
  int pictures = 1;
  int earlier = 0;      ///< of them were there when the job went on
  StepPlace from = {};  ///< where it goes on
};

/// The model is ready. `precision` and `threads` are what is really used, `reason` says why.
struct ModelLoaded {
  JobId job;
  std::filesystem::path model;
  std::string family;
  Precision precision = Precision::Float32;
  int threads = 1;
  Sentence reason;
  Seconds seconds{};
};

struct PhaseStarted {
  JobId job;
  Phase phase = Phase::Load;
  StepPlace from = {};  ///< of denoising
};

struct PhaseFinished {
  JobId job;
  Phase phase = Phase::Load;
  Seconds seconds{};
};

/// What will be where, decided before anything runs; again when memory ran out.
struct JobPlanned {
  JobId job;
  MemoryPlan plan;
};

/// Memory ran out and a smaller way was taken; what failed is done again.
struct RungTaken {
  JobId job;
  Sentence what;  ///< what is done from here on, and why
  Phase phase = Phase::Denoise;
  int step = 0;                                          ///< of the current batch, so many were done
  std::shared_ptr<const MemoryReport> memory = nullptr;  ///< how things were; without fixes
};

/// One denoising step of the current batch is done.
struct StepFinished {
  JobId job;
  int batch = 0;  ///< which of batchCount, from 0
  int step = 0;   ///< finished steps, 1..of
  int of = 0;
  Seconds seconds{};
};

/// How the pictures of the current batch look now. Only the newest matters.
struct PreviewReady {
  JobId job;
  int batch = 0;
  int step = 0;
  std::vector<Image> images;
};

/// A picture is on disk.
struct ImageFinished {
  JobId job;
  int index = 0;  ///< 0 … pictures-1
  std::filesystem::path path;
  Seed seed;
  Image image;
};

/// Something people should know although the job goes on (a LoRA that was skipped, a changed value).
struct Notice {
  JobId job;
  std::string message;
  Sentence wording = {message, {}};  ///< `message` as translators know it
};
inline Notice makeNotice(JobId job, const Sentence& wording) { return {job, wording.text(), wording}; }

/// A job that failed but is kept on disk: Generator::resume goes on where it was.
struct KeptJob {
  std::string id;                ///< empty: it is not kept
  int step = 0, of = 0;          ///< done of the batch at work
  Phase phase = Phase::Denoise;  ///< Decode when only that is left of the batch
  explicit operator bool() const { return !id.empty(); }
};

struct JobFailed {
  JobId job;
  EngineError error;
  KeptJob kept = {};
};

/// Memory ran out and the only way to go on changes the picture: the job waits for Generator::answer. Only under
/// OomPolicy::Ask.
struct ConsentAsked {
  JobId job;
  Sentence what;  ///< that would be done
};

/// Another job goes first; this one begins again where it was, with another JobStarted.
struct JobGaveWay {
  JobId job;
};

struct JobCancelled {
  JobId job;
};

/// As it was asked to; Generator::resume goes on.
struct JobPaused {
  JobId job;
  KeptJob kept;
};

struct JobFinished {
  JobId job;
  int images = 0;                        ///< all of the job, also those that were there when it went on
  Seconds seconds{};                     ///< since it began, or went on
  Bytes peakHostBytes;                   ///< the process's high-water mark
  Bytes peakDeviceBytes;                 ///< the engine's device pool; on the CPU its own tensors
  Bytes predictedPeakBytes;              ///< of the device pool, by the plan
  int resumedFromStep = 0;               ///< steps that an earlier process had done of the batch this one began with
  std::vector<Sentence> rungs = {};      ///< what was done when memory ran out, in order
  std::vector<PhaseReport> phases = {};  ///< those of the plan
  Bytes streamedBytesPerStep = {};       ///< by the plan that it ended with
  int earlier = 0;                       ///< of the images were there when the job went on
};

/// What the engine says. Every job ends with exactly one of JobFailed, JobCancelled, JobPaused, JobFinished.
using EngineEvent = std::variant<JobStarted, ModelLoaded, JobPlanned, RungTaken, ConsentAsked, PhaseStarted,
                                 PhaseFinished, StepFinished, PreviewReady, ImageFinished, Notice, JobGaveWay,
                                 JobFailed, JobCancelled, JobPaused, JobFinished>;

JobId jobOf(const EngineEvent& event);
bool isOutcome(const EngineEvent& event);

/// Lambdas in, one visitor out: std::visit(Visitor{[](const JobStarted&) {…}, …}, event).
template <class... Functions>
struct Visitor : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Visitor(Functions...) -> Visitor<Functions...>;

}  // namespace studio::engine
