#pragma once

#include <functional>
#include <string>
#include <vector>

namespace studio::app {

/// What the program's arguments and surroundings ask for.
enum class Start {
  Window,
  CommandLine,
  NoDisplay,  ///< the window is wanted, but there is nothing to show it on
};

/// `arguments` without the program's name. Nothing, "gui" and Qt's own flags ("-platform xcb") mean the window;
/// everything else is for the command line, which also says what is wrong with it. `variable` looks up the
/// environment: empty for what is not set.
Start startChoice(const std::vector<std::string>& arguments, const std::function<std::string(const char*)>& variable);

}  // namespace studio::app
