#include "app/commands/jobs_command.h"

#include "app/commands/event_json.h"
#include "app/commands/human_text.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <ostream>

namespace studio::app {
namespace {

using engine::UnfinishedJob;
using engine::utf8FromPath;

constexpr std::size_t kPromptStart = 60;  ///< bytes

/// Local time as "2026-11-21 15:30".
std::string timeText(std::time_t time) {
  std::tm parts{};
  ::localtime_r(&time, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts);
  return {text.data(), length};
}

/// On one line, cut where a character ends.
std::string promptStart(std::string prompt) {
  for (char& c : prompt) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  if (prompt.size() <= kPromptStart) return prompt;
  std::size_t length = kPromptStart;
  while (length > 0 && (static_cast<unsigned char>(prompt[length]) & 0xC0U) == 0x80U) --length;
  return prompt.substr(0, length) + "…";
}

std::string stateText(const UnfinishedJob& job) {
  if (job.running) return "running";
  const std::string cause = job.memoryWasShort ? " (main memory was nearly full)" : "";
  return (job.setAside ? "set aside after " + std::to_string(job.crashes) + " crashes" : "may go on") + cause;
}

std::string placeText(const UnfinishedJob& job) {
  std::string text =
      job.steps > 0 ? "step " + std::to_string(job.step) + " of " + std::to_string(job.steps) : "not begun";
  if (job.phase == engine::Phase::Decode) text = "to be decoded";
  if (job.pictures > 1)
    text += ", picture " + std::to_string(std::min(job.picturesDone + 1, job.pictures)) + " of " +
            std::to_string(job.pictures);
  return text;
}

Json jobJson(const UnfinishedJob& job) {
  return {{"id", job.id},
          {"submitted", job.submitted},
          {"readable", job.readable},
          {"model", utf8FromPath(job.request.model)},
          {"prompt", job.request.prompt},
          {"seed", job.request.seed ? Json(job.request.seed->value) : Json(nullptr)},
          {"pictures", job.pictures},
          {"pictures_done", job.picturesDone},
          {"step", job.step},
          {"of", job.steps},
          {"phase", engine::phaseName(job.phase)},
          {"running", job.running},
          {"crashes", job.crashes},
          {"memory_was_short", job.memoryWasShort},
          {"set_aside", job.setAside}};
}

std::vector<std::string> jobRow(const UnfinishedJob& job) {
  if (!job.readable) return {job.id, "", "", "cannot be read", stateText(job), ""};
  return {job.id,         timeText(job.submitted), printable(utf8FromPath(job.request.model.stem())),
          placeText(job), stateText(job),          printable(promptStart(job.request.prompt))};
}

class JobsCommand final : public Command {
 public:
  explicit JobsCommand(CLI::App& app) {
    app.add_option("--discard", discard_, "take a job away for good; one that runs stays")->type_name("JOB");
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer(
        "Jobs are kept while they are unfinished: those that run or wait, and those whose studio ended before them.\n"
        "\n"
        "Examples:\n"
        "  studio jobs\n"
        "  studio jobs --json | jq -r '.jobs[] | select(.running | not).id'\n"
        "  studio jobs --discard 20261121-153042-123456");
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const auto store = environment.makeUnfinishedJobs();
    if (!discard_.empty()) {
      if (auto failed = store->discard(discard_)) throw engine::EngineException(std::move(*failed));
      if (json_) printJson(environment.out, {{"discarded", discard_}});
      return kDone;
    }
    json_ ? printList(store->list(), environment.out) : printTable(store->list(), environment);
    return kDone;
  }

 private:
  static void printList(const std::vector<UnfinishedJob>& jobs, std::ostream& out) {
    Json list = Json::array();
    for (const UnfinishedJob& job : jobs) list.push_back(jobJson(job));
    printJson(out, {{"jobs", std::move(list)}});
  }

  static void printTable(const std::vector<UnfinishedJob>& jobs, CommandEnvironment& environment) {
    if (jobs.empty()) {
      environment.error << "There is no unfinished job.\n";
      return;
    }
    std::vector<std::vector<std::string>> rows{{"Job", "Since", "Model", "Place", "State", "Prompt"}};
    for (const UnfinishedJob& job : jobs) rows.push_back(jobRow(job));
    environment.out << alignedTable(rows) << std::flush;
  }

  std::string discard_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeJobsCommand(CLI::App& app) { return std::make_unique<JobsCommand>(app); }

}  // namespace studio::app
