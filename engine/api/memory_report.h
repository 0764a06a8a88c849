#pragma once

#include "engine/api/engine_options.h"
#include "engine/api/generation_request.h"
#include "engine/api/phase.h"
#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// What a change does to the picture.
enum class PictureEffect { Identical, SameToTheEye, Different };

/// "identical", "same_to_the_eye", "different".
const char* pictureEffectName(PictureEffect effect);

/// Somebody who holds memory.
struct MemoryHolder {
  enum class Kind { Weights, Activations, Cache, OtherProgram };
  Kind kind = Kind::Weights;
  std::string name;  ///< of the network whose weights they are, as in plans, or of the program; empty for the others
  Bytes bytes;
  int blocks = 0;         ///< of a network; of them are there
  int presentBlocks = 0;  ///< so many
};

/// "weights", "activations", "cache", "other_program".
const char* holderKindName(MemoryHolder::Kind kind);

/// A change to the request or to the options that lowers the peak.
struct MemoryFix {
  Sentence what;
  Bytes peak;  ///< with this change alone
  PictureEffect effect = PictureEffect::Identical;
  std::optional<Seconds> seconds;  ///< that the whole job then takes longer, or below 0 shorter, where known
  RequestPatch patch;              ///< what it changes of the request
  OptionsPatch options;            ///< and of the options
  /// The steps that are done stay good.
  bool keepsSteps() const { return patch.present.empty(); }
};

/// How things were when memory ran out. A value, made at that moment.
struct MemoryReport {
  Phase phase = Phase::Denoise;
  int step = 0;        ///< so many of the batch were done
  bool ran = true;     ///< false: nothing failed yet, but no plan has room
  bool host = false;   ///< the machine's own memory ran out, not the device's
  Bytes asked;         ///< in vain
  Bytes inUse;         ///< by the engine at that moment
  Bytes free;          ///< of what the engine may take, or of what the machine has
  Bytes largestPiece;  ///< of what is free, where it lies in pieces; 0: not known
  Bytes limit;         ///< the most that the engine may take; 0: what the machine has
  Bytes predictedPeak, measuredPeak;
  Bytes streamedPerStep;              ///< brought to the device at each step
  std::vector<MemoryHolder> holders;  ///< the engine's own first, then other programs, the largest first
  std::vector<Sentence> rungs;        ///< what was tried before, in order
  std::vector<MemoryFix> fixes;       ///< gentlest first
  std::vector<MemoryFix> notEnough;   ///< what would help, but not by itself
};

}  // namespace studio::engine
