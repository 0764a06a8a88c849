#pragma once

namespace studio::app {

/// Runs one command with the real engine and this person's folders; returns the exit code of exit_code.h.
/// Makes its own QCoreApplication, so none may exist. Ctrl+C asks the work to end; a second one ends the process.
int runCommand(int argc, char** argv);

}  // namespace studio::app
