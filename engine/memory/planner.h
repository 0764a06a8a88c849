#pragma once

#include "engine/api/memory_plan.h"
#include "engine/memory/activation_profile.h"
#include "engine/memory/host_share.h"
#include "engine/memory/stream_simulator.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace studio::engine {

/// Another way to decode, which takes less memory. Its profile is made when the planner asks for it.
struct OtherWay {
  DecodeWay way;
  std::function<ActivationProfile()> profile;
};

/// One phase as the planner is told of it: the networks it runs one after another.
struct PhaseProfile {
  Phase phase = Phase::Denoise;
  std::vector<ActivationProfile> networks;
  double passes = 1;                     ///< how often they run
  bool isOver = false;                   ///< done before: its networks may still be there, but it is not planned
  bool comesAgain = false;               ///< later phases may be followed by this one: there is more than one batch
  DecodeWay way = {};                    ///< of the network in it that decodes: the VAE, or the one for previews
  std::vector<OtherWay> otherWays = {};  ///< for its only network, the next best first
};

/// Decides what of each network stays on the device and which networks are there in which phase, so that no phase
/// takes more than `budget` (0: no limit). Where everything has room everything stays; else text encoders leave after
/// their phase, then the VAE, then the network that denoises, then of the phase's own networks the blocks that only a
/// first call needs, and at last others of their blocks are placed for each use, the largest staying longest. A plan
/// that cannot be within the budget is the smallest there is, see MemoryPlan::fits. Of the ways to decode it takes the
/// first with which everything can stay that may, else the first with which the VAE stays, else the first that fits;
/// tiles, which change the picture, only where nothing else fits. `present` are the networks that are on the device
/// before the first phase. The budget is the device's alone: what works on the host counts there, and has room.
/// Networks of the hybrid and CPU modes come and go as in the automatic one. Where `rates` are known, blocks of
/// what denoises pass through a ring, which counts as weights, and of several choices of those that stay the one with
/// the fastest pass is taken. Pure: the same input gives the same plan.
MemoryPlan planMemory(const std::vector<PhaseProfile>& phases, Bytes budget, MemoryMode mode,
                      const std::set<std::string>& present = {}, HostShare host = HostShare::Nobody,
                      const StreamRates& rates = {});

}  // namespace studio::engine
