#include "engine/memory/planner.h"

#include "engine/memory/placement.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace studio::engine {
namespace {

constexpr std::int64_t kNoLimit = Placement::kNoLimit;

/// Who leaves first when there is too little room: the later in the list, the longer it stays.
int rankOf(const std::string& network) {
  if (network.starts_with("text_encoder")) return 0;
  return network == "vae" ? 1 : 2;
}

const std::string kDenoiser = "unet", kRefiner = "refiner";

class Planner {
 public:
  Planner(const std::vector<PhaseProfile>& phases, Bytes budget, MemoryMode mode, HostShare host,
          const StreamRates& rates)
      : phases_(phases), room_(budget.count > 0 ? budget.count : kNoLimit), mode_(mode), rates_(rates) {
    plan_.mode = modeWith(host, mode);
    plan_.budget = budget;
    for (const PhaseProfile& phase : phases) {
      for (const ActivationProfile& network : phase.networks) {
        const WorkPlace place = placeOf(network.network, host);
        // What is called once or twice would be prepared on the host for nothing.
        const bool passes = rates.known() && place == WorkPlace::Device && phase.phase == Phase::Denoise &&
                            &network == &phase.networks.front();
        placements_.try_emplace(network.network, network, place, passes ? rates.ring : 0);
      }
    }
  }

  MemoryPlan plan(const std::set<std::string>& present) {
    std::set<std::string> there = present;
    for (const PhaseProfile& phase : phases_) placeOwn(phase);
    for (const PhaseProfile& phase : phases_) {
      if (phase.isOver) continue;
      if (phase.comesAgain) {
        for (const PhaseProfile& other : phases_) {
          if (other.comesAgain) addNames(other, there);
        }
      }
      plan_.phases.push_back(memoryOf(phase, there));
      addNames(phase, there);
    }
    for (const PhaseProfile& phase : phases_) {
      for (const ActivationProfile& network : phase.networks)
        plan_.networks.push_back(placements_.at(network.network).value());
      if (phase.phase == Phase::Decode) plan_.decode = phase.way;
      if (phase.phase == Phase::Denoise) plan_.preview = phase.way;
    }
    return std::move(plan_);
  }

 private:
  /// A block of one of a phase's networks.
  struct OwnBlock {
    Placement* placement;
    std::size_t number;
    std::int64_t bytes() const { return placement->weightOf(number); }
  };

  /// The phase's own networks, as if there were no others: all blocks, or those there is room for, the largest first.
  /// A large block that stays lowers what passes by, and for the same bytes fewer copies are made.
  void placeOwn(const PhaseProfile& phase) {
    const std::int64_t most = mode_ == MemoryMode::Streaming ? 0 : mostResident(phase);
    if (hasRoom(phase, most)) return;
    for (const ActivationProfile& network : phase.networks) {
      Placement& placement = placements_.at(network.network);
      if (placement.place() == WorkPlace::Device) placement.dropNeededOnce();
    }
    if (hasRoom(phase, most)) return;
    std::vector<OwnBlock> blocks;
    for (const ActivationProfile& network : phase.networks) {
      Placement& placement = placements_.at(network.network);
      if (placement.place() == WorkPlace::Host) continue;
      for (std::size_t i = 0; i < placement.blocks(); ++i) {
        if (placement.weightOf(i) > 0 && !placement.isNeededOnce(i)) blocks.push_back({&placement, i});
      }
    }
    std::stable_sort(blocks.begin(), blocks.end(),
                     [](const OwnBlock& x, const OwnBlock& y) { return x.bytes() > y.bytes(); });
    keepInOrder(phase, blocks, most);
    Placement& first = placements_.at(phase.networks.front().network);
    if (rates_.known() && first.place() == WorkPlace::Device && most > 0) keepFastest(phase, first, blocks, most);
  }

  bool hasRoom(const PhaseProfile& phase, std::int64_t most) const {
    return ownPeak(phase) <= room_ && ownResident(phase) <= most;
  }

  void keepInOrder(const PhaseProfile& phase, const std::vector<OwnBlock>& blocks, std::int64_t most) {
    for (const OwnBlock& block : blocks) block.placement->setStays(block.number, false);
    fitRings(phase);
    for (const OwnBlock& block : blocks) {
      block.placement->setStays(block.number, true);
      if (!hasRoom(phase, most)) block.placement->setStays(block.number, false);
    }
  }

  /// A smaller ring where there is no room for the usual one although nothing stays.
  void fitRings(const PhaseProfile& phase) {
    for (const ActivationProfile& network : phase.networks) {
      Placement& placement = placements_.at(network.network);
      placement.limitRing(kNoLimit);
      const std::int64_t excess = ownPeak(phase) - room_;
      if (excess > 0) placement.limitRing(placement.ring() - excess);
    }
  }

  /// Tries other orders for the phase's first network, and keeps the fastest. `blocks` are in the order tried before.
  void keepFastest(const PhaseProfile& phase, Placement& network, const std::vector<OwnBlock>& blocks,
                   std::int64_t most) {
    const std::vector<StreamedRun> runs = network.runs();
    const auto save = [&] {
      std::vector<std::vector<bool>> all;
      for (const ActivationProfile& own : phase.networks) all.push_back(placements_.at(own.network).stays());
      return all;
    };
    auto best = save();
    const auto passOf = [&] {
      StreamRates rates = rates_;
      rates.ring = network.ring();
      return passSeconds(runs, network.stays(), rates);
    };
    double seconds = passOf();
    for (const StayRule rule : {StayRule::BytesPerWorkFirst, StayRule::EvenSpread, StayRule::Prefix}) {
      std::vector<OwnBlock> order;
      for (const std::size_t block : stayOrder(runs, rule)) order.push_back({&network, block});
      std::copy_if(blocks.begin(), blocks.end(), std::back_inserter(order),
                   [&](const OwnBlock& block) { return block.placement != &network; });
      keepInOrder(phase, order, most);
      const double tried = passOf();
      if (hasRoom(phase, most) && tried < seconds) best = save(), seconds = tried;
    }
    for (std::size_t i = 0; i < best.size(); ++i) placements_.at(phase.networks[i].network).setAll(best[i]);
  }

  /// lowvram without a budget keeps half of what denoises.
  std::int64_t mostResident(const PhaseProfile& phase) const {
    const bool half = mode_ == MemoryMode::LowVram && phase.phase == Phase::Denoise && room_ == kNoLimit;
    return half ? ownResident(phase) / 2 : kNoLimit;
  }

  std::int64_t ownResident(const PhaseProfile& phase, WorkPlace place = WorkPlace::Device) const {
    std::int64_t bytes = 0;
    for (const ActivationProfile& network : phase.networks) {
      const Placement& placement = placements_.at(network.network);
      bytes += placement.place() == place ? placement.resident() : 0;
    }
    return bytes;
  }
  Placement::Moment worstOf(const PhaseProfile& phase, WorkPlace place = WorkPlace::Device) const {
    Placement::Moment worst;
    for (const ActivationProfile& network : phase.networks) {
      const Placement& placement = placements_.at(network.network);
      if (placement.place() != place) continue;
      const Placement::Moment moment = placement.worst();
      if (moment.total() > worst.total()) worst = moment;
    }
    return worst;
  }
  std::int64_t ownHeld(const PhaseProfile& phase) const {
    std::int64_t bytes = ownResident(phase);
    for (const ActivationProfile& network : phase.networks) bytes += placements_.at(network.network).ring();
    return bytes;
  }
  std::int64_t ownPeak(const PhaseProfile& phase) const { return ownHeld(phase) + worstOf(phase).total(); }

  /// Networks of other phases that may stay beside this one's.
  std::vector<std::string> guestsOf(const PhaseProfile& phase) const {
    std::vector<std::string> guests;
    if (mode_ != MemoryMode::Automatic && mode_ != MemoryMode::HighVram) return guests;
    const bool keepsEncoders = mode_ == MemoryMode::HighVram && !placements_.contains(kRefiner);
    for (const auto& [name, placement] : placements_) {
      const bool own = std::any_of(phase.networks.begin(), phase.networks.end(),
                                   [&name = name](const ActivationProfile& n) { return n.network == name; });
      // Text encoders have done their part for all batches; only the mode that keeps everything keeps them, and not
      // where those of a second checkpoint follow.
      // The network that denoises and the one that takes over from it are never there together.
      const bool takesTurns = name == kRefiner || (name == kDenoiser && phase.networks.front().network == kRefiner);
      if (!own && !takesTurns && (rankOf(name) > 0 || keepsEncoders)) guests.push_back(name);
    }
    std::stable_sort(guests.begin(), guests.end(),
                     [](const std::string& a, const std::string& b) { return rankOf(a) > rankOf(b); });
    std::int64_t peak = ownPeak(phase);
    std::erase_if(guests, [&](const std::string& name) {
      if (placements_.at(name).place() == WorkPlace::Host) return false;
      const std::int64_t bytes = placements_.at(name).held();
      const bool leaves = mode_ != MemoryMode::HighVram && bytes > room_ - peak;
      peak += leaves ? 0 : bytes;
      return leaves;
    });
    return guests;
  }

  static void addNames(const PhaseProfile& phase, std::set<std::string>& names) {
    for (const ActivationProfile& network : phase.networks) names.insert(network.network);
    if (phase.networks.front().network == kRefiner) names.erase(kDenoiser);
  }

  /// What a guest takes; the network that denoises stands for the one that took over from it. Nothing when neither is
  /// there.
  std::int64_t bytesOfGuest(const std::string& guest, const std::set<std::string>& there) const {
    const std::string& who = guest == kDenoiser && there.contains(kRefiner) ? kRefiner : guest;
    return there.contains(who) ? placements_.at(who).held() : 0;
  }

  /// Guests that may stay count only when they are there.
  PhaseMemory memoryOf(const PhaseProfile& phase, const std::set<std::string>& there) const {
    PhaseMemory memory{.phase = phase.phase, .passes = phase.passes};
    for (const ActivationProfile& network : phase.networks) {
      memory.networks.push_back(network.network);
      memory.work += network.work() * phase.passes;
    }
    std::int64_t weights = ownHeld(phase), host = ownResident(phase, WorkPlace::Host);
    for (const std::string& guest : guestsOf(phase)) {
      memory.networks.push_back(guest);
      (placements_.at(guest).place() == WorkPlace::Host ? host : weights) += bytesOfGuest(guest, there);
    }
    const Placement::Moment worst = worstOf(phase);
    memory.weights = {weights + worst.passing};
    memory.host = {host + worstOf(phase, WorkPlace::Host).total()};
    memory.activations = {worst.activations - worst.scratch};
    memory.workspace = {worst.scratch};
    return memory;
  }

  const std::vector<PhaseProfile>& phases_;
  std::int64_t room_;
  MemoryMode mode_;
  StreamRates rates_;
  std::map<std::string, Placement> placements_;
  MemoryPlan plan_;
};

/// How well a plan's decode phase goes, compared to the same without a budget.
enum class DecodeRank { DoesNotFit, Fits, NetworkStays, EverythingStays };

DecodeRank rankOf(const MemoryPlan& plan, const MemoryPlan& unlimited) {
  const PhaseMemory* decode = plan.phaseOf(Phase::Decode);
  if (plan.budget.count > 0 && decode->peak() > plan.budget) return DecodeRank::DoesNotFit;
  const auto stays = [decode](const MemoryPlan& p) { return p.placementOf(decode->networks.front())->stays; };
  if (stays(plan) != stays(unlimited)) return DecodeRank::Fits;
  const bool alone = decode->networks != unlimited.phaseOf(Phase::Decode)->networks;
  return alone ? DecodeRank::NetworkStays : DecodeRank::EverythingStays;
}

/// Tries ways to decode until one leaves everything else in its place.
class WayChooser {
 public:
  WayChooser(std::vector<PhaseProfile> phases, Bytes budget, MemoryMode mode, const std::set<std::string>& present,
             HostShare host, const StreamRates& rates)
      : phases_(std::move(phases)), budget_(budget), mode_(mode), present_(present), host_(host), rates_(rates) {}

  MemoryPlan plan() {
    MemoryPlan best = planned(budget_);
    const auto decode = std::find_if(phases_.begin(), phases_.end(),
                                     [](const PhaseProfile& phase) { return !phase.otherWays.empty(); });
    if (decode == phases_.end() || budget_.count <= 0) return best;
    const MemoryPlan unlimited = planned({0});
    DecodeRank rank = rankOf(best, unlimited);
    for (const OtherWay& other : decode->otherWays) {
      if (rank == DecodeRank::EverythingStays) break;
      if (other.way.mode == DecodeMode::Tiles && rank != DecodeRank::DoesNotFit) break;
      decode->way = other.way;
      decode->networks = {other.profile()};
      MemoryPlan next = planned(budget_);
      const DecodeRank nextRank = rankOf(next, unlimited);
      if (nextRank > rank || (rank == DecodeRank::DoesNotFit && decodePeak(next) < decodePeak(best)))
        best = std::move(next), rank = nextRank;
    }
    return best;
  }

 private:
  static Bytes decodePeak(const MemoryPlan& plan) { return plan.phaseOf(Phase::Decode)->peak(); }
  MemoryPlan planned(Bytes budget) const { return Planner(phases_, budget, mode_, host_, rates_).plan(present_); }

  std::vector<PhaseProfile> phases_;
  Bytes budget_;
  MemoryMode mode_;
  const std::set<std::string>& present_;
  HostShare host_;
  StreamRates rates_;
};

}  // namespace

MemoryPlan planMemory(const std::vector<PhaseProfile>& phases, Bytes budget, MemoryMode mode,
                      const std::set<std::string>& present, HostShare host, const StreamRates& rates) {
  const HostShare share = std::max(host, hostShareOf(mode));
  const bool named = hostShareOf(mode) != HostShare::Nobody;
  return WayChooser(phases, budget, named ? MemoryMode::Automatic : mode, present, share, rates).plan();
}

}  // namespace studio::engine
