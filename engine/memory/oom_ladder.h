#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/memory_plan.h"
#include "engine/api/sentence.h"
#include "engine/memory/budget_allocator.h"
#include "engine/memory/host_share.h"

#include <functional>
#include <optional>
#include <vector>

/// What is tried when memory runs out: a pure function from how a job is carried out and what went wrong to the next
/// smaller way. It ends from every start, after at most kMostRungs rungs.
namespace studio::engine {

inline constexpr int kMostRungs = 12;

/// Rows of a batch that one call of the network sees: all; those of one picture, that is its prompts and its negative
/// prompt; or one.
enum class CallRows { All, OnePicture, One };

/// Copies on the host of weights that pass by on a device with memory of its own: where copies to the device need not
/// wait for them; in memory that the system may page; or none, and they are read from the disk at each use.
enum class HostCopies { Pinned, Pageable, None };

/// How a job is carried out; what its plan is made of.
struct Execution {
  MemoryMode mode = MemoryMode::Automatic;  ///< of what works on the device
  HostShare host = HostShare::Nobody;
  Bytes budget;  ///< plans keep within it; 0: no limit
  CallRows rows = CallRows::All;
  DecodeMode decode = DecodeMode::Automatic;
  bool decodesPreviews = true;  ///< where the options want it
  HostCopies copies = HostCopies::Pinned;
  bool alone = false;    ///< models kept for later jobs have left
  bool retried = false;  ///< the same was tried again with empty caches
  int squeezes = 0;      ///< how often the budget was lowered
  int rungs = 0;         ///< taken so far
  bool operator==(const Execution&) const = default;
};
Execution executionOf(const EngineOptions& options);

/// Where and how memory ran out.
struct MemoryShortage {
  Phase phase = Phase::Denoise;
  bool ran = true;  ///< false: nothing failed yet, but the plan does not fit
  MemoryPool pool = MemoryPool::Device;
  Bytes missing;    ///< what was asked for in vain
  Bytes available;  ///< the most the device can hold; 0: unknown
  Bytes machine;    ///< the most that the host can hold, with the device where it has no memory of its own; 0: unknown
  bool oneMemory = false;  ///< it has none
  Bytes idle;              ///< of the host's: models kept for later jobs, which no budget counts
};

/// One step down.
struct Rung {
  Execution execution;  ///< from here on
  Sentence what;        ///< what is done, and why
};

/// A kind of rung: the next one of it, or nothing when there is none (left). `planned` is the peak in the phase that
/// failed.
struct RungKind {
  bool changesPicture = false;
  std::function<std::optional<Rung>(const Execution& now, const MemoryShortage& shortage, Bytes planned)> take;
};

/// Asked before a rung that changes the picture is taken. Empty: nobody is there to ask, the answer is no.
using Consent = std::function<bool(const Sentence& what)>;

/// Kinds in the order in which they are tried.
struct Ladder {
  std::vector<RungKind> kinds;
  Consent consents;
};
/// Classic is a standing consent; `ask` counts for Ask alone; Off has no kinds.
Ladder ladderOf(OomPolicy policy, Consent ask = {});

/// The plan that an execution would have; a pure function too.
using PlanOf = std::function<MemoryPlan(const Execution&)>;

/// Whether the host can hold what a plan puts there.
bool hasHostRoom(const MemoryPlan& plan, const MemoryShortage& shortage);

/// What an execution keeps on the host of weights that pass by.
Bytes copiesOf(const MemoryPlan& plan, const Execution& execution);

/// The next rung, or nothing. The first are always to have models leave that nobody uses, and to empty the caches and
/// try the same once more; any other makes what was short strictly smaller: what phases need beyond the room there is,
/// or, where that is unknown, the peak of the phase that failed; where it is the host's memory, what the phase and the
/// copies take there, and then how much of that is pinned. Kinds that would not are passed over, and those for which
/// the host has no room. A plan that decodes in tiles changes the picture too. The last rung there may be is kept for
/// the ladder's last kind.
std::optional<Rung> nextRung(const Execution& now, const MemoryShortage& shortage, const Ladder& ladder,
                             const PlanOf& planOf);
using NextRung = std::function<std::optional<Rung>(const Execution&, const MemoryShortage&, const PlanOf&)>;

/// By the policy; see ladderOf.
NextRung byPolicy(OomPolicy policy, Consent ask = {});

/// What a plan lacks that is not within its budget.
MemoryShortage shortageOf(const MemoryPlan& plan);

/// Rungs until the plan has room, as far as that is known; else one. Empty when there is none.
std::vector<Rung> descend(const Execution& from, const MemoryShortage& shortage, const NextRung& next,
                          const PlanOf& planOf);

}  // namespace studio::engine
