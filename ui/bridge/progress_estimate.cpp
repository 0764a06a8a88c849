#include "ui/bridge/progress_estimate.h"

#include <algorithm>

namespace studio::ui {
namespace {

constexpr double kSmoothing = 0.3;           ///< weight of the newest step
constexpr double kDecodeShareOfSteps = 0.1;  ///< of the bar, while no decode was measured
constexpr int kStepsBeforeEstimate = 2;      ///< the first step warms caches and misleads

}  // namespace

void ProgressEstimate::start(const engine::GenerationRequest& request, const engine::JobStarted& event) {
  progress_ = {};
  stepsSeen_ = 0;
  progress_.batches = std::max(1, request.batchCount);
  progress_.pictures = std::max(1, event.pictures);
  progress_.steps = event.from.of > 0 ? event.from.of : request.steps;
  progress_.batch = event.from.batch;
  progress_.step = event.from.step;
  progress_.picture = event.earlier;
  batchPixels_ = static_cast<double>(request.size.width) * request.size.height * request.batchSize;
  progress_.decodeSeconds = decodeSecondsPerPixel_ * batchPixels_;
  update();
}

void ProgressEstimate::take(const engine::PhaseStarted& event) {
  progress_.phase = event.phase;
  if (event.phase == engine::Phase::Denoise) {
    progress_.batch = event.from.batch;
    progress_.step = event.from.step;
    if (event.from.of > 0) progress_.steps = event.from.of;
  }
  update();
}

void ProgressEstimate::take(const engine::PhaseFinished& event) {
  if (event.phase == engine::Phase::Decode && batchPixels_ > 0) {
    decodeSecondsPerPixel_ = event.seconds.count() / batchPixels_;
    progress_.decodeSeconds = event.seconds.count();
  }
  update();
}

void ProgressEstimate::take(const engine::StepFinished& event) {
  progress_.batch = event.batch;
  progress_.step = event.step;
  progress_.steps = event.of;
  const double seconds = event.seconds.count();
  const bool first = ++stepsSeen_ <= kStepsBeforeEstimate;
  progress_.secondsPerStep =
      first ? seconds : progress_.secondsPerStep + kSmoothing * (seconds - progress_.secondsPerStep);
  update();
}

void ProgressEstimate::take(const engine::ImageFinished&) {
  progress_.picture = std::min(progress_.picture + 1, progress_.pictures);
  update();
}

void ProgressEstimate::update() {
  Progress& p = progress_;
  const bool afterSteps = p.phase == engine::Phase::Decode || p.phase == engine::Phase::Write;
  const double perStep = p.secondsPerStep > 0 ? p.secondsPerStep : 1.0;
  const double decode = p.decodeSeconds > 0 ? p.decodeSeconds : kDecodeShareOfSteps * p.steps * perStep;
  const double batchTime = p.steps * perStep + decode;
  const double doneInBatch = afterSteps ? p.steps * perStep : p.step * perStep;
  const double total = batchTime * p.batches;
  const double done = p.picture >= p.pictures ? total : batchTime * p.batch + doneInBatch;
  p.fraction = total > 0 ? std::clamp(std::max(p.fraction, done / total), 0.0, 1.0) : 0.0;
  const bool measured = stepsSeen_ >= kStepsBeforeEstimate;
  p.secondsLeft = measured ? std::optional(std::max(0.0, total - done)) : std::nullopt;
}

}  // namespace studio::ui
