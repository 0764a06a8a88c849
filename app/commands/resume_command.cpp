#include "app/commands/resume_command.h"

#include "app/commands/command_failure.h"
#include "app/commands/follow_job.h"

#include <algorithm>
#include <ostream>

namespace studio::app {
namespace {

using engine::UnfinishedJob;

/// The newest one that may go on; one that was set aside only when there is no other.
const UnfinishedJob& lastOf(const std::vector<UnfinishedJob>& jobs) {
  const auto find = [&jobs](bool setAside) {
    return std::find_if(jobs.rbegin(), jobs.rend(), [setAside](const UnfinishedJob& job) {
      return job.readable && !job.running && job.setAside == setAside;
    });
  };
  auto last = find(false);
  if (last == jobs.rend()) last = find(true);
  if (last == jobs.rend())
    throw engine::EngineException(engine::ErrorKind::MissingFile, "There is no unfinished job to go on with.");
  return *last;
}

const UnfinishedJob& namedOf(const std::vector<UnfinishedJob>& jobs, const std::string& id) {
  const auto named = std::find_if(jobs.begin(), jobs.end(), [&id](const UnfinishedJob& job) { return job.id == id; });
  if (named == jobs.end())
    throw engine::EngineException(engine::ErrorKind::MissingFile,
                                  "There is no unfinished job \"" + id + "\"; 'studio jobs' lists them.");
  return *named;
}

class ResumeCommand final : public Command {
 public:
  explicit ResumeCommand(CLI::App& app) {
    app.add_option("job", job_, "what 'studio jobs' calls it")->type_name("JOB");
    app.add_flag("--last", last_, "the newest one");
    app.add_flag("--partial", partial_, "only show what it has so far, in a picture beside its own; it stays kept");
    app.add_option("--preview", preview_, "off, rgb, decoder or auto; events of --json (default there: auto)")
        ->type_name("NAME");
    app.add_flag("--json", json_, "one JSON object per event on standard output, as with generate");
    app.footer(
        "The job goes on at the step after the last one that was kept, and its pictures are those it would have made.\n"
        "\n"
        "Examples:\n"
        "  studio resume --last\n"
        "  studio resume --last --partial\n"
        "  studio resume 20261121-153042-123456 --json");
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    if (last_ != job_.empty()) refuseArguments("Name one job, or --last.");
    const std::vector<UnfinishedJob> jobs = environment.makeUnfinishedJobs()->list();
    const UnfinishedJob& chosen = last_ ? lastOf(jobs) : namedOf(jobs, job_);
    if (chosen.setAside)
      environment.error << "The studio ended " << chosen.crashes << " times in the middle of this job.\n";
    const std::unique_ptr<engine::Generator> generator = environment.makeGenerator(options(environment));
    EventPrinter printer(environment.out, environment.error, environment.errorIsTerminal, json_,
                         chosen.request.batchCount);
    const engine::JobId job = partial_ ? generator->keepPartial(chosen.id, {}) : generator->resume(chosen.id);
    return followJob(*generator, job, printer, environment);
  }

 private:
  engine::EngineOptions options(const CommandEnvironment& environment) const {
    engine::EngineOptions options;
    options.preview = previewMode(preview_, json_);
    options.cacheFolder = environment.cacheFolder;
    options.choicesFile = environment.choicesFile;
    options.stateFolder = environment.stateFolder;
    return options;
  }

  std::string job_;
  std::string preview_;
  bool last_ = false;
  bool partial_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeResumeCommand(CLI::App& app) { return std::make_unique<ResumeCommand>(app); }

}  // namespace studio::app
