#pragma once

#include "engine/api/choices.h"
#include "engine/api/generation_request.h"
#include "engine/api/phase.h"
#include "engine/api/predicted_time.h"
#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// What one phase of a job takes on the device, and on the host what works there.
struct PhaseMemory {
  Phase phase = Phase::Denoise;
  std::vector<std::string> networks;  ///< whose weights are there; the others leave before it begins
  Bytes weights;                      ///< of them, prepared
  Bytes activations;                  ///< without operators' scratch, when most is alive
  Bytes workspace;                    ///< operators' scratch at that moment
  Bytes host;                         ///< weights, activations and scratch of the networks that work on the host
  double work = 0;                    ///< multiplications
  double passes = 1;                  ///< how often its networks run
  Bytes peak() const { return {weights.count + activations.count + workspace.count}; }
  bool operator==(const PhaseMemory&) const = default;
};

/// Which memory a network's weights and work are in.
enum class WorkPlace { Device, Host };

/// Where one network's blocks are while it works.
struct NetworkPlacement {
  std::string network;      ///< "unet", "vae", "text_encoder", "text_encoder_2", "refiner", "preview"
  std::vector<bool> stays;  ///< for each block of its weight table; others are placed for each use
  Bytes resident;           ///< of the blocks that stay
  Bytes streamed;           ///< of the others, brought to the device at every pass
  WorkPlace place = WorkPlace::Device;
  Bytes once;                ///< of blocks that do not stay and that only the first call needs
  Bytes ring = {};           ///< on the device while the network is there, for blocks that pass through it
  std::vector<int> passing;  ///< numbers of those blocks, in the order of their uses at every call but the first
  bool operator==(const NetworkPlacement&) const = default;
};

/// How a latent becomes a picture.
struct DecodeWay {
  DecodeMode mode = DecodeMode::Whole;
  int size = 0;  ///< rows of a strip, or latent cells of a tile's side
  bool operator==(const DecodeWay&) const = default;
};

/// What will be where, and its peak, for one job. Made before anything runs; a value.
struct MemoryPlan {
  MemoryMode mode = MemoryMode::Automatic;  ///< what was asked for
  Bytes budget;                             ///< of the device; 0: none was set
  std::vector<PhaseMemory> phases;          ///< in their order, those that use the device
  std::vector<NetworkPlacement> networks;
  DecodeWay decode;
  DecodeWay preview;      ///< of the small decoder between steps
  Bytes streamedPerStep;  ///< brought to the device at each step, in all its calls of the network

  Bytes peak() const;
  Bytes hostPeak() const;  ///< of what works on the host
  /// Null when the plan has none of that name.
  const NetworkPlacement* placementOf(const std::string& network) const;
  const PhaseMemory* phaseOf(Phase phase) const;
  bool fits() const { return budget.count <= 0 || peak() <= budget; }
  bool operator==(const MemoryPlan&) const = default;
};

enum class Verdict { Fits, FitsWith, DoesNotFit };

/// "fits", "fits_with", "does_not_fit".
const char* verdictName(Verdict verdict);

/// A change to the request or to the options that lowers the peak.
struct MemoryChange {
  Sentence what;
  Bytes peak;  ///< with this change alone
  bool changesPicture = false;
  RequestPatch patch;                 ///< what it changes of the request
  std::optional<MemoryMode> mode;     ///< and of the options
  std::optional<PredictedTime> time;  ///< that the job then takes, where known
};

/// What can be said about a request before it runs.
struct MemoryEstimate {
  MemoryPlan plan;
  Bytes available;  ///< what the plan may use: the budget, else what the device has free
  Verdict verdict = Verdict::Fits;
  std::vector<MemoryChange> changes;                ///< cheapest first; only what makes it fit
  std::vector<std::optional<PredictedTime>> times;  ///< of the plan's phases, in their order; nothing: not known yet
  std::optional<PredictedTime> loading;             ///< beside them, when the model is not in memory; if known
  std::optional<Sentence> patience;                 ///< what is to be said first of a job that takes very long

  /// Of all phases; nothing as long as one of them is not known.
  std::optional<PredictedTime> time() const { return sumOf(times); }
};

}  // namespace studio::engine
