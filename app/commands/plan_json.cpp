#include "app/commands/plan_json.h"

#include "app/commands/human_text.h"

namespace studio::app {

namespace {

Json wayJson(const engine::DecodeWay& way) {
  Json json{{"way", std::string(engine::idOf(way.mode))}};
  if (way.mode == engine::DecodeMode::Strips) json["rows"] = way.size;
  if (way.mode == engine::DecodeMode::Tiles) json["cells"] = way.size;
  return json;
}

/// Empty for the whole.
std::string wayText(const engine::DecodeWay& way) {
  if (way.mode == engine::DecodeMode::Strips)
    return "decoded in strips of " + std::to_string(way.size) + " rows, which give the same picture";
  if (way.mode == engine::DecodeMode::Tiles)
    return "decoded in tiles of " + std::to_string(way.size) + " latent cells, whose colours may differ a little";
  return {};
}

/// "text_encoder, vae"; empty when all work on the device.
std::string onHost(const engine::MemoryPlan& plan) {
  std::string names;
  for (const engine::NetworkPlacement& network : plan.networks) {
    if (network.place == engine::WorkPlace::Host) names += (names.empty() ? "" : ", ") + network.network;
  }
  return names;
}

}  // namespace

Json planJson(const engine::MemoryPlan& plan) {
  Json phases = Json::array(), networks = Json::array();
  for (const engine::PhaseMemory& phase : plan.phases) {
    phases.push_back({{"name", engine::phaseName(phase.phase)},
                      {"weights_bytes", phase.weights.count},
                      {"activation_bytes", phase.activations.count},
                      {"workspace_bytes", phase.workspace.count},
                      {"peak_bytes", phase.peak().count},
                      {"host_bytes", phase.host.count},
                      {"networks", phase.networks}});
  }
  for (const engine::NetworkPlacement& network : plan.networks) {
    networks.push_back({{"name", network.network},
                        {"works_on", network.place == engine::WorkPlace::Host ? "host" : "device"},
                        {"resident_bytes", network.resident.count},
                        {"streamed_bytes", network.streamed.count},
                        {"ring_bytes", network.ring.count}});
  }
  return {{"mode", std::string(engine::idOf(plan.mode))},
          {"budget_bytes", plan.budget.count},
          {"peak_bytes", plan.peak().count},
          {"host_peak_bytes", plan.hostPeak().count},
          {"phases", std::move(phases)},
          {"networks", std::move(networks)},
          {"decode", wayJson(plan.decode)},
          {"streamed_bytes_per_step", plan.streamedPerStep.count}};
}

std::string planText(const engine::MemoryPlan& plan, const std::vector<std::optional<engine::PredictedTime>>& times) {
  std::vector<std::vector<std::string>> rows{{"Phase", "Weights", "Activations", "Workspace", "Peak", "Time"}};
  for (std::size_t i = 0; i < plan.phases.size(); ++i) {
    const engine::PhaseMemory& phase = plan.phases[i];
    rows.push_back({engine::phaseName(phase.phase), bytesText(phase.weights), bytesText(phase.activations),
                    bytesText(phase.workspace), bytesText(phase.peak()),
                    timeText(i < times.size() ? times[i] : std::nullopt)});
  }
  std::string text = alignedTable(rows);
  for (const engine::NetworkPlacement& network : plan.networks) {
    if (network.streamed.count > 0)
      text += network.network + ": " + bytesText(network.resident) + " stay, " + bytesText(network.streamed) +
              " are brought in at every pass\n";
  }
  if (const std::string names = onHost(plan); !names.empty())
    text += "On the processor: " + names + ", with " + bytesText(plan.hostPeak()) + " of the host's memory\n";
  if (const std::string way = wayText(plan.decode); !way.empty()) text += "The picture is " + way + ".\n";
  return text;
}

std::string planSentence(const engine::MemoryPlan& plan) {
  std::string text = "Plan: at most " + bytesText(plan.peak()) + " of " + bytesText(plan.budget);
  for (const engine::NetworkPlacement& network : plan.networks) {
    if (network.streamed.count > 0)
      text += ", " + bytesText(network.streamed) + " of the " + network.network + " pass by";
  }
  if (const std::string names = onHost(plan); !names.empty())
    text += ", " + names + " on the processor with " + bytesText(plan.hostPeak());
  if (const std::string way = wayText(plan.decode); !way.empty()) text += ", " + way;
  return text;
}

}  // namespace studio::app
