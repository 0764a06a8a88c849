#pragma once

#include "engine/api/engine_event.h"

#include <iosfwd>
#include <string>

namespace studio::app {

/// One line of a terminal that is rewritten while a job runs:
/// "Picture 1/4  [#########---------]  10/20  1.52 it/s  0:05 left".
class ProgressLine {
 public:
  /// `terminal` false: nothing is ever drawn.
  ProgressLine(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

  /// How much there is to do, known once the job has started.
  void begin(int batches);
  void phase(const engine::PhaseStarted& phase);
  void step(const engine::StepFinished& step);

  /// Takes the line away, so that other words can be written.
  void clear();

 private:
  void draw(const std::string& text);

  std::ostream& out_;
  bool terminal_;
  int batches_ = 1;
  double secondsPerStep_ = 0;  ///< smoothed, so that the rate does not flicker
  std::size_t drawn_ = 0;
};

/// "0:05", "1:02:03"
std::string clockText(double seconds);

/// The text of the line.
std::string progressText(const engine::StepFinished& step, int batches, double secondsPerStep);

}  // namespace studio::app
