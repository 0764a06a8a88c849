#include "app/commands/engine_flags.h"

#include "app/commands/command_failure.h"

namespace studio::app {
namespace {

constexpr int kMostThreads = 1024;

}  // namespace

void EngineFlags::addTo(CLI::App& command) {
  command.add_option("--precision", precision_, "auto, fp32, bf16 or fp16 (default auto: a short measurement decides)")
      ->type_name("NAME");
  command.add_option("--threads", threads_, "processor threads (default 0: one for each core)")
      ->check(CLI::Range(0, kMostThreads).description(""))
      ->type_name("N");
}

engine::EngineOptions EngineFlags::read() const {
  const auto precision = engine::choiceFrom<engine::Precision>(precision_);
  if (!precision)
    refuseArguments("Precision is \"" + precision_ + "\"; it must be auto, fp32, bf16 or fp16 (--precision).");
  engine::EngineOptions options;
  options.precision = *precision;
  options.threads = threads_;
  return options;
}

}  // namespace studio::app
