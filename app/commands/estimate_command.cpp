#include "app/commands/estimate_command.h"

#include "app/commands/event_json.h"
#include "app/commands/human_text.h"
#include "app/commands/job_flags.h"
#include "app/commands/plan_json.h"

#include <ostream>

namespace studio::app {
namespace {

Json estimateJson(const engine::MemoryEstimate& estimate) {
  Json changes = Json::array();
  for (const engine::MemoryChange& change : estimate.changes) {
    changes.push_back(
        {{"what", change.what.text()}, {"peak_bytes", change.peak.count}, {"changes_picture", change.changesPicture}});
    addSeconds(changes.back(), change.time);
  }
  Json json = planJson(estimate.plan);
  for (std::size_t i = 0; i < json["phases"].size(); ++i)
    addSeconds(json["phases"][i], i < estimate.times.size() ? estimate.times[i] : std::nullopt);
  addSeconds(json, estimate.time());
  addSeconds(json, estimate.loading, "loading_");
  if (estimate.patience) json["patience"] = estimate.patience->text();
  json["available_bytes"] = estimate.available.count;
  json["verdict"] = engine::verdictName(estimate.verdict);
  json["changes"] = std::move(changes);
  return json;
}

std::string verdictText(const engine::MemoryEstimate& estimate) {
  const std::string sizes = " (" + bytesText(estimate.plan.peak()) + " of " + bytesText(estimate.available) + ").\n";
  switch (estimate.verdict) {
    case engine::Verdict::Fits:
      return "It fits" + sizes;
    case engine::Verdict::FitsWith:
      if (estimate.plan.decode.mode == engine::DecodeMode::Tiles) return "It fits when it is decoded in tiles" + sizes;
      if (estimate.plan.mode == engine::MemoryMode::Cpu)
        return "It fits when everything works on the processor" + sizes;
      if (estimate.plan.mode == engine::MemoryMode::Hybrid)
        return "It fits when text encoders and VAE work on the processor" + sizes;
      return "It fits when parts are brought in at every pass" + sizes;
    case engine::Verdict::DoesNotFit:
      return "It does not fit" + sizes;
  }
  return {};
}

std::string timesText(const engine::MemoryEstimate& estimate) {
  const auto time = estimate.time();
  std::string text = time ? "It takes " + timeText(time) : "The time is not known yet";
  if (time && estimate.loading) text += ", and " + timeText(estimate.loading) + " to read the model";
  text += ".\n";
  if (estimate.patience) text += estimate.patience->text() + "\n";
  return text;
}

std::string estimateText(const engine::MemoryEstimate& estimate) {
  std::string text = planText(estimate.plan, estimate.times) + verdictText(estimate) + timesText(estimate);
  if (!estimate.changes.empty()) text += "What would fit:\n";
  for (const engine::MemoryChange& change : estimate.changes)
    text += "  " + bytesText(change.peak) + (change.time ? ", " + timeText(change.time) : "") + "  " +
            change.what.text() + "\n";
  return text;
}

class EstimateCommand final : public Command {
 public:
  explicit EstimateCommand(CLI::App& app) {
    flags_.addTo(app);
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer(
        "Nothing is computed and no weight is read: the answer comes from the files' headers, and the time from\n"
        "what pictures took before on this machine, or at first from a short trial of the processor.\n"
        "\n"
        "Examples:\n"
        "  studio estimate --model sdxl.safetensors --width 1024 --height 1024\n"
        "  studio estimate --model sd15.safetensors --batch-size 4 --device-budget 4GiB --json | jq .verdict");
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const engine::GenerationRequest request = flags_.request(environment);
    const auto estimate = environment.makeEstimator()->estimate(request, flags_.options(environment));
    if (!estimate) throw engine::EngineException(estimate.error());
    if (json_) {
      printJson(environment.out, estimateJson(estimate.value()));
    } else {
      environment.out << estimateText(estimate.value()) << std::flush;
    }
    return kDone;
  }

 private:
  JobFlags flags_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeEstimateCommand(CLI::App& app) { return std::make_unique<EstimateCommand>(app); }

}  // namespace studio::app
