#include "app/commands/start_choice.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace studio::app {
namespace {

/// Flags that QGuiApplication and QApplication take, without their dashes.
constexpr std::array<std::string_view, 14> kQtFlags{"platform",        "platformpluginpath",
                                                    "platformtheme",   "plugin",
                                                    "qwindowgeometry", "qwindowicon",
                                                    "qwindowtitle",    "reverse",
                                                    "session",         "display",
                                                    "fontengine",      "dialogs",
                                                    "style",           "stylesheet"};

bool isQtFlag(std::string_view argument) {
  if (!argument.starts_with('-')) return false;
  argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
  const std::string_view name = argument.substr(0, argument.find('='));
  return std::find(kQtFlags.begin(), kQtFlags.end(), name) != kQtFlags.end();
}

bool choosesPlatform(const std::string& argument) {
  return isQtFlag(argument) &&
         (argument.find("platform") != std::string::npos || argument.find("display") != std::string::npos);
}

}  // namespace

Start startChoice(const std::vector<std::string>& arguments, const std::function<std::string(const char*)>& variable) {
  const bool window = arguments.empty() || arguments.front() == "gui" || isQtFlag(arguments.front());
  if (!window) return Start::CommandLine;
  const bool hasDisplay = !variable("DISPLAY").empty() || !variable("WAYLAND_DISPLAY").empty() ||
                          !variable("QT_QPA_PLATFORM").empty() ||
                          std::any_of(arguments.begin(), arguments.end(), choosesPlatform);
  return hasDisplay ? Start::Window : Start::NoDisplay;
}

}  // namespace studio::app
