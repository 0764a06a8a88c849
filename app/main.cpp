#include "app/application.h"
#include "app/commands/exit_code.h"
#include "app/commands/run_command.h"
#include "app/commands/start_choice.h"

#include <cstdlib>
#include <iostream>

namespace {

std::string environmentVariable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

int main(int argc, char** argv) {
  using studio::app::Start;
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  switch (studio::app::startChoice(arguments, environmentVariable)) {
    case Start::CommandLine:
      return studio::app::runCommand(argc, argv);
    case Start::NoDisplay:
      std::cerr
          << "There is no display to open the window on. Start the program in a desktop session, or make pictures "
             "on the command line: studio generate --help\n";
      return studio::app::kFailed;
    case Start::Window:
      return studio::app::Application(argc, argv).run();
  }
}
