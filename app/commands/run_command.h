#pragma once

namespace studio::app {

/// True when the arguments are for the command line (`studio generate …`, `studio --help`), not for the window.
bool isCommand(int argc, char** argv);

/// Runs one command with the real engine and this person's folders; returns the exit code of exit_code.h.
/// Makes its own QCoreApplication, so none may exist. Ctrl+C asks the work to end; a second one ends the process.
int runCommand(int argc, char** argv);

}  // namespace studio::app
