#pragma once

#include "app/commands/command.h"
#include "app/commands/event_printer.h"

#include <string>

namespace studio::app {

/// Prints a job's events until its outcome, which becomes the exit code. Ctrl+C cancels the job;
/// when the system asks to end, it is left to the generator, which keeps it for another time.
ExitCode followJob(engine::Generator& generator, engine::JobId job, EventPrinter& printer,
                   const CommandEnvironment& environment);

/// What `--preview` means; when it is not given, previews are made only where `json` has a reader for them. Throws
/// BadRequest.
engine::PreviewMode previewMode(const std::string& argument, bool json);

}  // namespace studio::app
