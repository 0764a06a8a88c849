#include "app/commands/follow_job.h"

#include "app/commands/command_failure.h"

#include <chrono>

namespace studio::app {
namespace {

constexpr std::chrono::milliseconds kWait{100};  ///< how late Ctrl+C may be noticed

engine::EngineEvent waitForOutcome(engine::Generator& generator, engine::JobId job, EventPrinter& printer,
                                   const CommandEnvironment& environment) {
  bool stopping = false;
  while (true) {
    generator.events().waitFor(kWait);
    for (const engine::EngineEvent& event : generator.events().drain()) {
      if (engine::jobOf(event) != job) continue;
      printer.print(event);
      if (engine::isOutcome(event)) return event;
      if (const auto* question = std::get_if<engine::ConsentAsked>(&event))
        generator.answer(job, environment.ask && environment.ask(question->what.text()));
    }
    if (environment.terminated()) {
      printer.stopping();
      printer.print(engine::JobCancelled{job});
      return engine::JobCancelled{job};
    }
    if (!stopping && environment.interrupted()) {
      stopping = true;
      printer.stopping();
      generator.cancel(job);
    }
  }
}

}  // namespace

ExitCode followJob(engine::Generator& generator, engine::JobId job, EventPrinter& printer,
                   const CommandEnvironment& environment) {
  const engine::EngineEvent outcome = waitForOutcome(generator, job, printer, environment);
  if (const auto* failed = std::get_if<engine::JobFailed>(&outcome)) return exitCodeOf(failed->error.kind);
  return std::holds_alternative<engine::JobCancelled>(outcome) ? kCancelled : kDone;
}

engine::PreviewMode previewMode(const std::string& argument, bool json) {
  if (argument.empty()) return json ? engine::PreviewMode::Automatic : engine::PreviewMode::Off;
  const auto chosen = engine::choiceFrom<engine::PreviewMode>(argument);
  if (!chosen) refuseArguments("Preview is \"" + argument + "\"; it must be off, rgb, decoder or auto (--preview).");
  return *chosen;
}

}  // namespace studio::app
