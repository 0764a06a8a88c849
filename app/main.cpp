#include "app/application.h"
#include "app/commands/run_command.h"

#include <cstring>

namespace {

/// `studio` and `studio gui` open the window; Qt's own flags ("-platform") may follow.
bool wantsWindow(int argc, char** argv) { return argc < 2 || std::strcmp(argv[1], "gui") == 0 || argv[1][0] == '-'; }

}  // namespace

int main(int argc, char** argv) {
  if (studio::app::isCommand(argc, argv) || !wantsWindow(argc, argv)) return studio::app::runCommand(argc, argv);
  return studio::app::Application(argc, argv).run();
}
