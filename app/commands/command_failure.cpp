#include "app/commands/command_failure.h"

#include "app/commands/event_json.h"

#include <ostream>

namespace studio::app {

void reportFailure(const engine::EngineError& error, bool json, CommandEnvironment& environment) {
  if (json) printJson(environment.out, *eventJson(engine::JobFailed{{}, error}));
  environment.error << "Error: " << error.message << "\n";
  if (!error.detail.empty()) environment.error << "  " << error.detail << "\n";
  environment.error.flush();
}

void refuseArguments(const std::string& message) {
  throw engine::EngineException(engine::ErrorKind::BadRequest, message);
}

}  // namespace studio::app
