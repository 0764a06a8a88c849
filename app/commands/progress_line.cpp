#include "app/commands/progress_line.h"

#include "app/commands/human_text.h"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace studio::app {
namespace {

constexpr int kBarWidth = 24;
constexpr double kNewShare = 0.2;  ///< of a new step in the smoothed time

const char* phaseWords(engine::Phase phase) {
  switch (phase) {
    case engine::Phase::Load:
      return "Loading the model";
    case engine::Phase::Encode:
      return "Reading the prompt";
    case engine::Phase::Denoise:
      return "Starting to draw";
    case engine::Phase::Decode:
      return "Decoding";
    case engine::Phase::Write:
      return "Writing";
  }
  return "";
}

std::string twoDigits(long value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

std::string clockText(double seconds) {
  const long whole = std::max(0L, std::lround(seconds));
  const std::string tail = twoDigits(whole % 60);
  if (whole < 3600) return std::to_string(whole / 60) + ":" + tail;
  return std::to_string(whole / 3600) + ":" + twoDigits(whole / 60 % 60) + ":" + tail;
}

std::string progressText(const engine::StepFinished& step, int batches, double secondsPerStep) {
  const int of = std::max(1, step.of);
  const int filled = std::clamp(step.step, 0, of) * kBarWidth / of;
  std::string text =
      batches > 1 ? "Batch " + std::to_string(step.batch + 1) + "/" + std::to_string(batches) + "  " : "";
  text += "[" + std::string(static_cast<std::size_t>(filled), '#') +
          std::string(static_cast<std::size_t>(kBarWidth - filled), '-') + "]  ";
  text += std::to_string(step.step) + "/" + std::to_string(of);
  if (secondsPerStep <= 0) return text;
  const bool fast = secondsPerStep < 1;
  text += "  " + (fast ? fixed(1 / secondsPerStep, 2) + " it/s" : fixed(secondsPerStep, 2) + " s/it");
  const double left = (of - step.step) + static_cast<double>(batches - 1 - step.batch) * of;
  return text + "  " + clockText(left * secondsPerStep) + " left";
}

void ProgressLine::begin(int batches) { batches_ = std::max(1, batches); }

void ProgressLine::phase(const engine::PhaseStarted& phase) {
  const engine::StepPlace& from = phase.from;
  if (from.step == 0) return draw(std::string(phaseWords(phase.phase)) + " …");
  draw(progressText({phase.job, from.batch, from.step, from.of, {}}, batches_, 0));
}

void ProgressLine::step(const engine::StepFinished& step) {
  const double seconds = step.seconds.count();
  secondsPerStep_ = secondsPerStep_ <= 0 ? seconds : secondsPerStep_ + kNewShare * (seconds - secondsPerStep_);
  draw(progressText(step, batches_, secondsPerStep_));
}

void ProgressLine::draw(const std::string& text) {
  if (!terminal_) return;
  const std::size_t wide = std::max(drawn_, text.size());
  out_ << '\r' << text << std::string(wide - text.size(), ' ') << std::flush;
  drawn_ = text.size();
}

void ProgressLine::clear() {
  if (!terminal_ || drawn_ == 0) return;
  out_ << '\r' << std::string(drawn_, ' ') << '\r' << std::flush;
  drawn_ = 0;
}

}  // namespace studio::app
