#include "app/commands/run_command.h"

#include "app/commands/command_line.h"
#include "engine/api/engine_factory.h"
#include "settings/app_settings.h"
#include "settings/paths.h"

#include <QCoreApplication>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>

namespace studio::app {
namespace {

volatile sig_atomic_t interruptedFlag = 0;
volatile sig_atomic_t terminatedFlag = 0;

extern "C" void onInterrupt(int signal) {
  interruptedFlag = 1;
  if (signal == SIGTERM) terminatedFlag = 1;
}

/// The first Ctrl+C is a question, the second one the system's own answer.
void listenForInterrupts() {
  struct sigaction action {};
  action.sa_handler = onInterrupt;
  action.sa_flags = SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

std::filesystem::path pathFrom(const QString& text) { return engine::pathFromUtf8(text.toStdString()); }

void addFolders(CommandEnvironment& environment) {
  const settings::AppSettings settings(settings::settingsFile());
  environment.starterModel = pathFrom(settings::starterModelFile());
  for (const QString& folder : settings::searchFolders(settings)) environment.searchFolders.push_back(pathFrom(folder));
  environment.cacheFolder = pathFrom(settings::cacheFolder());
  environment.stateFolder = pathFrom(settings::stateFolder());
  environment.choicesFile = pathFrom(settings::modelChoicesFile());
}

/// Warnings of the engine are for people; the rest would drown them.
void logToError(engine::LogLevel level, const std::string&, const std::string& message) {
  if (level == engine::LogLevel::Warning || level == engine::LogLevel::Error) std::cerr << message << std::endl;
}

/// No unless the answer begins with y; Ctrl+C and an end of input are a no too.
bool askAtTerminal(const std::string& question) {
  std::cerr << question << " Go on like this? [y/N] " << std::flush;
  constexpr int kWait = 100;  // milliseconds between looks at Ctrl+C
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (::poll(&input, 1, kWait) <= 0) {
    if (interruptedFlag != 0 || terminatedFlag != 0) return false;
  }
  std::string line;
  std::getline(std::cin, line);
  return !line.empty() && (line.front() == 'y' || line.front() == 'Y');
}

}  // namespace

int runCommand(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const QCoreApplication application(argc, argv);
  listenForInterrupts();
  CommandEnvironment environment{.out = std::cout, .error = std::cerr};
  environment.errorIsTerminal = ::isatty(STDERR_FILENO) == 1;
  if (environment.errorIsTerminal && ::isatty(STDIN_FILENO) == 1) environment.ask = askAtTerminal;
  environment.interrupted = [] { return interruptedFlag != 0; };
  environment.terminated = [] { return terminatedFlag != 0; };
  environment.makeGenerator = [](const engine::EngineOptions& options) {
    return engine::makeGenerator(options, logToError);
  };
  environment.makeInspector = [&environment] {
    return engine::makeInspector(environment.cacheFolder, environment.choicesFile);
  };
  environment.makeConverter = engine::makeConverter;
  environment.makeBenchmark = engine::makeBenchmark;
  environment.makeHardwareSurvey = engine::makeHardwareSurvey;
  environment.makeUnfinishedJobs = [&environment] { return engine::makeUnfinishedJobs(environment.stateFolder); };
  environment.makeEstimator = engine::makeEstimator;
  environment.version = engine::engineVersion();
  addFolders(environment);
  return runCommandLine(arguments, environment);
}

}  // namespace studio::app
