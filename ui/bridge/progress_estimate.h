#pragma once

#include "engine/api/engine_event.h"
#include "engine/api/generation_request.h"

#include <optional>

namespace studio::ui {

/// Where the running job stands.
struct Progress {
  engine::Phase phase = engine::Phase::Load;
  int batch = 0;
  int batches = 1;
  int picture = 0;  ///< finished pictures
  int pictures = 1;
  int step = 0;  ///< finished steps of the current batch
  int steps = 0;
  double secondsPerStep = 0;          ///< smoothed; 0 until measured
  double decodeSeconds = 0;           ///< expected for this batch; 0 until one was seen
  std::optional<double> secondsLeft;  ///< of the whole job; nothing until it can be said
  double fraction = 0;                ///< of the whole job, 0 … 1; never goes back
};

/// Turns events into Progress. Remembers over jobs how long a decoded pixel takes.
class ProgressEstimate {
 public:
  const Progress& progress() const { return progress_; }

  void start(const engine::GenerationRequest& request, const engine::JobStarted& event);
  void take(const engine::PhaseStarted& event);
  void take(const engine::PhaseFinished& event);
  void take(const engine::StepFinished& event);
  void take(const engine::ImageFinished& event);

 private:
  void update();

  Progress progress_;
  int stepsSeen_ = 0;
  double batchPixels_ = 0;
  double decodeSecondsPerPixel_ = 0;
};

}  // namespace studio::ui
