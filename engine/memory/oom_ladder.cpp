#include "engine/memory/oom_ladder.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace studio::engine {
namespace {

constexpr int kMostSqueezes = 3;
constexpr std::int64_t kSqueezedTenths = 9;  // of the room before

std::int64_t mebibytes(Bytes bytes) { return (bytes.count + (1 << 20) - 1) >> 20; }

Bytes peakIn(const MemoryPlan& plan, Phase phase) {
  const PhaseMemory* memory = plan.phaseOf(phase);
  return memory == nullptr ? plan.peak() : memory->peak();
}

Bytes hostPeakIn(const MemoryPlan& plan, Phase phase) {
  const PhaseMemory* memory = plan.phaseOf(phase);
  return memory == nullptr ? plan.hostPeak() : memory->host;
}

using Need = std::array<std::int64_t, 3>;

Need hostNeedOf(const MemoryPlan& plan, const Execution& execution, const MemoryShortage& shortage) {
  const std::int64_t onHost = hostPeakIn(plan, shortage.phase).count;
  if (shortage.oneMemory) return {0, onHost + peakIn(plan, shortage.phase).count, 0};
  const std::int64_t copies = copiesOf(plan, execution).count;
  return {0, onHost + copies, execution.copies == HostCopies::Pinned ? copies : 0};
}

/// How much a plan lacks, in the order of importance: beyond the room there is, in all phases; in the one that failed;
/// of that what the system cannot page.
Need needOf(const MemoryPlan& plan, const Execution& execution, const MemoryShortage& shortage) {
  if (shortage.pool == MemoryPool::Host) return hostNeedOf(plan, execution, shortage);
  std::int64_t beyond = 0;
  for (const PhaseMemory& phase : plan.phases)
    beyond += std::max<std::int64_t>(0, phase.peak().count - shortage.available.count);
  return {shortage.available.count > 0 ? beyond : 0, peakIn(plan, shortage.phase).count, 0};
}

/// The rung changes nothing that a plan knows of.
bool isSameAgain(const Execution& now, const Execution& next) {
  return next.retried != now.retried || next.alone != now.alone;
}

template <class Change>
Rung changed(const Execution& now, const char* what, const MemoryShortage& shortage, Change change) {
  Rung rung{now, sentence(what, mebibytes(shortage.missing))};
  change(rung.execution);
  return rung;
}

std::optional<Rung> idleModelsLeave(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.alone || !shortage.ran || shortage.pool != MemoryPool::Host || shortage.idle.count <= 0) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: models that were kept for later have left memory.", shortage,
                 [](Execution& next) { next.alone = true; });
}

/// There are copies only where the device has memory of its own.
bool mindsCopies(const MemoryShortage& shortage) { return shortage.pool == MemoryPool::Host && !shortage.oneMemory; }

std::optional<Rung> unpinned(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.copies != HostCopies::Pinned || !mindsCopies(shortage)) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: main memory that holds weights is no longer pinned.", shortage,
                 [](Execution& next) { next.copies = HostCopies::Pageable; });
}

std::optional<Rung> readAtEachUse(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.copies == HostCopies::None || !mindsCopies(shortage)) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: weights are read from the disk each time they are needed.", shortage,
                 [](Execution& next) { next.copies = HostCopies::None; });
}

std::optional<Rung> retry(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.retried || !shortage.ran) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: caches were emptied and the same was tried again.", shortage,
                 [](Execution& next) { next.retried = true; });
}

std::optional<Rung> withoutDecodedPreviews(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (!now.decodesPreviews) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: previews are coloured cells from here on.", shortage,
                 [](Execution& next) { next.decodesPreviews = false; });
}

std::optional<Rung> onePictureAtOnce(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.rows != CallRows::All) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: the pictures of a batch are computed one after another.", shortage,
                 [](Execution& next) { next.rows = CallRows::OnePicture; });
}

std::optional<Rung> oneRowAtOnce(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.rows == CallRows::One) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: prompt and negative prompt are computed one after another.",
                 shortage, [](Execution& next) { next.rows = CallRows::One; });
}

std::optional<Rung> textEncodersAway(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.mode != MemoryMode::HighVram) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: text encoders leave when their part is done.", shortage,
                 [](Execution& next) { next.mode = MemoryMode::Automatic; });
}

std::optional<Rung> decodeInStrips(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.decode == DecodeMode::Strips || now.decode == DecodeMode::Tiles) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: the VAE makes the picture in strips.", shortage,
                 [](Execution& next) { next.decode = DecodeMode::Strips; });
}

std::optional<Rung> decodeInTiles(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.decode == DecodeMode::Tiles) return std::nullopt;
  return changed(now,
                 "Another %1 MiB had no room: the VAE makes the picture in tiles, whose colours may differ a little.",
                 shortage, [](Execution& next) { next.decode = DecodeMode::Tiles; });
}

std::optional<Rung> oneNetworkAtOnce(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.mode != MemoryMode::HighVram && now.mode != MemoryMode::Automatic) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: one network at a time stays in memory (medvram).", shortage,
                 [](Execution& next) { next.mode = MemoryMode::MediumVram; });
}

std::optional<Rung> lowVram(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.mode == MemoryMode::LowVram || now.mode == MemoryMode::Streaming) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: half of the network stays in memory (lowvram).", shortage,
                 [](Execution& next) { next.mode = MemoryMode::LowVram; });
}

/// The planner brings in what has no room, and makes the ring smaller through which that passes.
std::optional<Rung> lessRoom(const Execution& now, const MemoryShortage& shortage, Bytes planned) {
  if (now.squeezes >= kMostSqueezes) return std::nullopt;
  const std::int64_t available = shortage.available.count;
  const bool bounded = now.budget.count > 0;
  std::int64_t room = bounded ? std::min(planned.count, now.budget.count) : planned.count;
  room = room * kSqueezedTenths / 10;
  if (available > 0 && (!bounded || now.budget > shortage.available)) room = available;
  Rung rung{now, sentence("Another %1 MiB had no room: no more than %2 MiB are used, and parts that have no room are "
                          "brought in at every pass.",
                          mebibytes(shortage.missing), mebibytes({room}))};
  rung.execution.budget = {room};
  ++rung.execution.squeezes;
  return rung;
}

std::optional<Rung> streaming(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.mode == MemoryMode::Streaming) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: every part is brought in when it is needed (streaming).", shortage,
                 [](Execution& next) { next.mode = MemoryMode::Streaming; });
}

/// Of no use where it is the host's memory that ran out.
std::optional<Rung> onlyDenoisingOnDevice(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.host != HostShare::Nobody || shortage.pool == MemoryPool::Host) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: text encoders and VAE work on the processor (hybrid).", shortage,
                 [](Execution& next) { next.host = HostShare::AllButDenoising; });
}

std::optional<Rung> nothingOnDevice(const Execution& now, const MemoryShortage& shortage, Bytes) {
  if (now.host == HostShare::Everybody || shortage.pool == MemoryPool::Host) return std::nullopt;
  return changed(now, "Another %1 MiB had no room: everything works on the processor (cpu).", shortage,
                 [](Execution& next) { next.host = HostShare::Everybody; });
}

}  // namespace

Execution executionOf(const EngineOptions& options) {
  const HostShare host = hostShareOf(options.memoryMode);
  return {.mode = host == HostShare::Nobody ? options.memoryMode : MemoryMode::Automatic,
          .host = host,
          .budget = {std::max<std::int64_t>(options.deviceBudget.count, 0)},
          .decode = options.decode,
          .copies = options.pinned == PinnedMemory::Off ? HostCopies::Pageable : HostCopies::Pinned};
}

Ladder ladderOf(OomPolicy policy, Consent ask) {
  switch (policy) {
    case OomPolicy::Lossless:
    case OomPolicy::Ask:
      return {{{false, idleModelsLeave},
               {false, retry},
               {false, unpinned},
               {false, readAtEachUse},
               {false, withoutDecodedPreviews},
               {false, onePictureAtOnce},
               {false, textEncodersAway},
               {false, decodeInStrips},
               {false, oneNetworkAtOnce},
               {false, lessRoom},
               {false, streaming},
               {false, oneRowAtOnce},
               {false, onlyDenoisingOnDevice},
               {true, decodeInTiles},
               {false, nothingOnDevice}},
              policy == OomPolicy::Ask ? std::move(ask) : Consent()};
    case OomPolicy::Classic:
      return {{{false, idleModelsLeave},
               {false, retry},
               {false, unpinned},
               {false, readAtEachUse},
               {false, onePictureAtOnce},
               {false, oneNetworkAtOnce},
               {false, lowVram},
               {false, lessRoom},
               {false, streaming},
               {false, withoutDecodedPreviews},
               {false, oneRowAtOnce},
               {false, decodeInStrips},
               {false, onlyDenoisingOnDevice},
               {true, decodeInTiles},
               {false, nothingOnDevice}},
              [](const Sentence&) { return true; }};
    case OomPolicy::Off:
      break;
  }
  return {};
}

bool hasHostRoom(const MemoryPlan& plan, const MemoryShortage& shortage) {
  const auto fits = [&shortage](const PhaseMemory& phase) {
    const std::int64_t here = phase.host.count + (shortage.oneMemory ? phase.peak().count : 0);
    return phase.host.count == 0 || here <= shortage.machine.count;
  };
  return shortage.machine.count <= 0 || std::all_of(plan.phases.begin(), plan.phases.end(), fits);
}

Bytes copiesOf(const MemoryPlan& plan, const Execution& execution) {
  Bytes copies;
  for (const NetworkPlacement& network : plan.networks) {
    if (network.place == WorkPlace::Device) copies.count += network.streamed.count;
  }
  return execution.copies == HostCopies::None ? Bytes() : copies;
}

std::optional<Rung> nextRung(const Execution& now, const MemoryShortage& shortage, const Ladder& ladder,
                             const PlanOf& planOf) {
  if (now.rungs >= kMostRungs || ladder.kinds.empty()) return std::nullopt;
  const MemoryPlan plan = planOf(now);
  const bool last = now.rungs + 1 == kMostRungs;
  for (const RungKind& kind : std::span(ladder.kinds).last(last ? 1 : ladder.kinds.size())) {
    std::optional<Rung> rung = kind.take(now, shortage, peakIn(plan, shortage.phase));
    if (!rung) continue;
    const MemoryPlan next = planOf(rung->execution);
    const bool smaller = needOf(next, rung->execution, shortage) < needOf(plan, now, shortage);
    if (!isSameAgain(now, rung->execution) && !(smaller && hasHostRoom(next, shortage))) continue;
    const bool tiles = next.decode.mode == DecodeMode::Tiles && plan.decode.mode != DecodeMode::Tiles;
    if ((kind.changesPicture || tiles) && !(ladder.consents && ladder.consents(rung->what))) continue;
    rung->execution.rungs = now.rungs + 1;
    return rung;
  }
  return std::nullopt;
}

NextRung byPolicy(OomPolicy policy, Consent ask) {
  return [ladder = ladderOf(policy, std::move(ask))](const Execution& now, const MemoryShortage& shortage,
                                                     const PlanOf& planOf) {
    return nextRung(now, shortage, ladder, planOf);
  };
}

MemoryShortage shortageOf(const MemoryPlan& plan) {
  MemoryShortage shortage{.ran = false, .missing = {plan.peak().count - plan.budget.count}, .available = plan.budget};
  const auto largest = std::max_element(plan.phases.begin(), plan.phases.end(),
                                        [](const PhaseMemory& a, const PhaseMemory& b) { return a.peak() < b.peak(); });
  if (largest != plan.phases.end()) shortage.phase = largest->phase;
  return shortage;
}

std::vector<Rung> descend(const Execution& from, const MemoryShortage& shortage, const NextRung& next,
                          const PlanOf& planOf) {
  std::vector<Rung> rungs;
  Execution now = from;
  while (auto rung = next(now, shortage, planOf)) {
    const bool sameAgain = isSameAgain(now, rung->execution);
    now = rung->execution;
    rungs.push_back(std::move(*rung));
    if (sameAgain || shortage.available.count <= 0 || planOf(now).peak() <= shortage.available) break;
  }
  return rungs;
}

}  // namespace studio::engine
