#include "app/commands/command_line.h"

#include "app/commands/bench_command.h"
#include "app/commands/command_failure.h"
#include "app/commands/convert_command.h"
#include "app/commands/decode_command.h"
#include "app/commands/devices_command.h"
#include "app/commands/estimate_command.h"
#include "app/commands/generate_command.h"
#include "app/commands/inspect_command.h"
#include "app/commands/jobs_command.h"
#include "app/commands/resume_command.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>
#include <utility>

namespace studio::app {
namespace {

constexpr const char* kFooter =
    "Without a command the window opens.\n"
    "\n"
    "Exit codes: 0 done, 2 bad arguments, 3 bad input file, 4 out of memory, 5 cancelled, 1 anything else.\n"
    "\n"
    "Examples:\n"
    "  studio generate --prompt \"a red apple\" --seed 7 --out apple.png\n"
    "  studio inspect apple.png\n"
    "  studio convert old.ckpt new.safetensors --type f16\n"
    "  studio bench unet --threads 2 --json\n"
    "\n"
    "'studio COMMAND --help' says more about a command.";

struct Parsed {
  CLI::App app{"Kiln Studio makes pictures from words.", "studio"};
  std::vector<std::pair<CLI::App*, std::unique_ptr<Command>>> commands;
};

void addCommands(Parsed& parsed, const std::string& version) {
  CLI::App& app = parsed.app;
  app.set_version_flag("--version", "Kiln Studio " + version);
  app.footer(kFooter);
  app.require_subcommand(1);
  app.option_defaults()->take_last();  // of a flag given twice, as a script and its caller may do
  app.get_formatter()->column_width(32);
  const auto add = [&](const char* name, const char* description, auto make) {
    CLI::App* command = app.add_subcommand(name, description);
    parsed.commands.emplace_back(command, make(*command));
  };
  add("generate", "Make pictures from a prompt", makeGenerateCommand);
  add("estimate", "Say what a picture would take of memory, before it is made", makeEstimateCommand);
  add("jobs", "List the jobs that are not finished", makeJobsCommand);
  add("resume", "Go on with a job that was interrupted", makeResumeCommand);
  add("decode", "Make the picture of a kept latent again", makeDecodeCommand);
  add("inspect", "Say what is in a model, a LoRA or a picture", makeInspectCommand);
  add("convert", "Write a model file in another format", makeConvertCommand);
  add("devices", "List the processors that may make pictures", makeDevicesCommand);
  add("bench", "Measure how fast this machine is", makeBenchCommand);
}

/// CLI11 prints help and version by exceptions too; everything else is a mistake in the arguments.
int endParsing(const Parsed& parsed, const CLI::ParseError& end, bool json, CommandEnvironment& environment) {
  if (end.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    parsed.app.exit(end, environment.out, environment.error);
    return kDone;
  }
  const engine::EngineError error{engine::ErrorKind::BadRequest, end.what(), ""};
  reportFailure(error, json, environment);
  environment.error << "Run with --help for the flags and examples.\n";
  return kBadArguments;
}

/// CLI11 would only say that a subcommand is required.
void checkCommandWord(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments[0].starts_with('-')) return;
  const auto& names = commandNames();
  if (!arguments.empty() && std::find(names.begin(), names.end(), arguments[0]) != names.end()) return;
  const std::string what = arguments.empty() ? "There is no command" : "\"" + arguments[0] + "\" is not a command";
  throw CLI::ValidationError(what +
                             "; the commands are generate, estimate, jobs, resume, decode, inspect, convert, devices "
                             "and bench.");
}

int runParsed(const Parsed& parsed, CommandEnvironment& environment) {
  for (const auto& [subcommand, command] : parsed.commands) {
    if (!subcommand->parsed()) continue;
    try {
      return command->run(environment);
    } catch (const engine::EngineException& failure) {
      reportFailure(failure.error(), command->isJson(), environment);
      return exitCodeOf(failure.error().kind);
    }
  }
  return kFailed;
}

/// A full disk or a closed file behind standard output is a failure too.
int withOutputWritten(int exitCode, CommandEnvironment& environment) {
  if (environment.out.flush()) return exitCode;
  environment.error << "The output could not be written.\n";
  return exitCode == kDone ? static_cast<int>(kFailed) : exitCode;
}

}  // namespace

const std::vector<std::string>& commandNames() {
  static const std::vector<std::string> names{"generate", "estimate", "jobs",    "resume", "decode",
                                              "inspect",  "convert",  "devices", "bench"};
  return names;
}

int runCommandLine(const std::vector<std::string>& arguments, CommandEnvironment& environment) {
  Parsed parsed;
  addCommands(parsed, environment.version);
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  try {
    checkCommandWord(arguments);
    parsed.app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
    return withOutputWritten(runParsed(parsed, environment), environment);
  } catch (const CLI::ParseError& end) {
    return endParsing(parsed, end, json, environment);
  } catch (const std::bad_alloc&) {
    reportFailure({engine::ErrorKind::OutOfMemory, "There is not enough memory.", ""}, json, environment);
    return kOutOfMemory;
  } catch (const std::exception& failure) {
    reportFailure({engine::ErrorKind::Internal, "Something went wrong inside the studio.", failure.what()}, json,
                  environment);
    return kFailed;
  }
}

}  // namespace studio::app
