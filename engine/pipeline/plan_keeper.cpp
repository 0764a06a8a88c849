#include "engine/pipeline/plan_keeper.h"

#include "engine/device/weight_copies.h"
#include "engine/memory/weight_stream.h"
#include "engine/pipeline/device_room.h"
#include "engine/pipeline/model_profile.h"

#include <algorithm>

namespace studio::engine {
namespace {

void workWhere(Residency& residency, WorkPlace place, at::Device device) {
  residency.workOn(place == WorkPlace::Host ? at::Device(at::kCPU) : device, poolOf(place));
}

/// Blocks that stay do so from their next use on; `share`: networks that share the room on the host.
void place(Residency& residency, const NetworkPlacement& placement, HostCopies copies, int share) {
  residency.keepOnly(placement.stays);
  HostRoom room = roomForCopies(copies, residency.device(), residency.hostBytes());
  room.most.count /= share, room.pinned.count /= share;
  residency.stream({placement.passing, placement.ring}, room, {makeCopyEngine, pinnedBytes});
}

}  // namespace

PlanKeeper::PlanKeeper(const LoadedModel& model, const LoadedModel* refiner, MemoryPlan plan, HostCopies copies)
    : plan_(std::move(plan)) {
  for (const Conditioner::Encoder& encoder : model.conditioner().encoders())
    networks_[networkName(encoder)] = encoder.residency.get();
  networks_["unet"] = model.unet().residency.get();
  networks_["vae"] = model.vae().residency.get();
  if (model.previewDecoder()) networks_["preview"] = model.previewDecoder().residency.get();
  const at::Device device = model.recipe().device;
  for (const auto& [name, residency] : networks_) {
    const NetworkPlacement* placement = plan_.placementOf(name);
    if (placement == nullptr) continue;
    workWhere(*residency, placement->place, device);
    engine::place(*residency, *placement, copies, refiner == nullptr ? 1 : 2);
  }
  if (refiner == nullptr) return;
  carryOut(*refiner, copies);
  networks_["refiner"] = refiner->unet().residency.get();
}

void PlanKeeper::carryOut(const LoadedModel& refiner, HostCopies copies) const {
  const at::Device device = refiner.recipe().device;
  for (const Conditioner::Encoder& encoder : refiner.conditioner().encoders()) {
    const NetworkPlacement* placement = plan_.placementOf(networkName(encoder));
    if (placement != nullptr) workWhere(*encoder.residency, placement->place, device);
  }
  // It comes and goes with the hand-over, not with a phase.
  const NetworkPlacement* placement = plan_.placementOf("refiner");
  if (placement == nullptr) return;
  workWhere(*refiner.unet().residency, placement->place, device);
  engine::place(*refiner.unet().residency, *placement, copies, 2);
}

void PlanKeeper::enter(Phase phase) const {
  const PhaseMemory* memory = plan_.phaseOf(phase);
  if (memory == nullptr) return;
  for (const auto& [name, residency] : networks_) {
    const std::string counted = name == "refiner" ? "unet" : name;  // which it takes the place of
    const bool stays = std::find(memory->networks.begin(), memory->networks.end(), counted) != memory->networks.end();
    if (!stays) residency->dropAll();
  }
}

bool PlanKeeper::wasRefusedPinned() const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [](const auto& network) { return network.second->wasRefusedPinned(); });
}

void PlanKeeper::place(const std::string& network, const std::stop_token& stop) const {
  networks_.at(network)->placeAll(stop);
}

}  // namespace studio::engine
