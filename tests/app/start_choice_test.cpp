#include "app/commands/start_choice.h"

#include <gtest/gtest.h>

#include <map>

namespace studio::app {
namespace {

Start start(const std::vector<std::string>& arguments, std::map<std::string, std::string> environment = {}) {
  return startChoice(arguments, [&](const char* name) { return environment[name]; });
}

TEST(StartChoice, opensTheWindowWithoutArgumentsWhereThereIsADisplay) {
  EXPECT_EQ(start({}, {{"DISPLAY", ":0"}}), Start::Window);
  EXPECT_EQ(start({"gui"}, {{"WAYLAND_DISPLAY", "wayland-0"}}), Start::Window);
  EXPECT_EQ(start({}, {{"QT_QPA_PLATFORM", "offscreen"}}), Start::Window);
}

TEST(StartChoice, noticesThatThereIsNoDisplayBeforeQtEndsTheProgram) {
  EXPECT_EQ(start({}), Start::NoDisplay);
  EXPECT_EQ(start({"gui"}), Start::NoDisplay);
  EXPECT_EQ(start({"-style", "fusion"}), Start::NoDisplay);
  EXPECT_EQ(start({"-platform", "offscreen"}), Start::Window);
  EXPECT_EQ(start({"gui", "-display", ":1"}), Start::Window);
}

TEST(StartChoice, leavesEverythingElseToTheCommandLine) {
  for (const char* word : {"generate", "--help", "--foo", "-x", "picture.png"}) {
    EXPECT_EQ(start({word}, {{"DISPLAY", ":0"}}), Start::CommandLine) << word;
  }
}

}  // namespace
}  // namespace studio::app
