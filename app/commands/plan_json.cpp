#include "app/commands/plan_json.h"

#include "app/commands/human_text.h"

namespace studio::app {

Json planJson(const engine::MemoryPlan& plan) {
  Json phases = Json::array(), networks = Json::array();
  for (const engine::PhaseMemory& phase : plan.phases) {
    phases.push_back({{"name", engine::phaseName(phase.phase)},
                      {"weights_bytes", phase.weights.count},
                      {"activation_bytes", phase.activations.count},
                      {"workspace_bytes", phase.workspace.count},
                      {"peak_bytes", phase.peak().count},
                      {"networks", phase.networks}});
  }
  for (const engine::NetworkPlacement& network : plan.networks) {
    networks.push_back({{"name", network.network},
                        {"resident_bytes", network.resident.count},
                        {"streamed_bytes", network.streamed.count}});
  }
  return {{"mode", std::string(engine::idOf(plan.mode))},
          {"budget_bytes", plan.budget.count},
          {"peak_bytes", plan.peak().count},
          {"phases", std::move(phases)},
          {"networks", std::move(networks)}};
}

std::string planText(const engine::MemoryPlan& plan) {
  std::vector<std::vector<std::string>> rows{{"Phase", "Weights", "Activations", "Workspace", "Peak"}};
  for (const engine::PhaseMemory& phase : plan.phases) {
    rows.push_back({engine::phaseName(phase.phase), bytesText(phase.weights), bytesText(phase.activations),
                    bytesText(phase.workspace), bytesText(phase.peak())});
  }
  std::string text = alignedTable(rows);
  for (const engine::NetworkPlacement& network : plan.networks) {
    if (network.streamed.count > 0)
      text += network.network + ": " + bytesText(network.resident) + " stay, " + bytesText(network.streamed) +
              " are brought in at every pass\n";
  }
  return text;
}

std::string planSentence(const engine::MemoryPlan& plan) {
  std::string text = "Plan: at most " + bytesText(plan.peak()) + " of " + bytesText(plan.budget);
  for (const engine::NetworkPlacement& network : plan.networks) {
    if (network.streamed.count > 0)
      text += ", " + bytesText(network.streamed) + " of the " + network.network + " pass by";
  }
  return text;
}

}  // namespace studio::app
