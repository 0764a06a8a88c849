#pragma once

#include "engine/api/generation_request.h"

#include <cstdint>
#include <string_view>

namespace studio::engine {

/// Where a generator of random numbers runs: torch's CPU and CUDA generators give other numbers.
enum class NoiseDevice { Cpu, Gpu };

/// What the first latent is: noise times this.
enum class StartScale {
  Sigma,              ///< the first sigma
  VarianceAtLargest,  ///< √(1 + σ²) when the walk begins at the network's largest sigma, else the sigma
  Variance            ///< √(1 + σ²)
};

/// Which training timestep the network is told for a sigma.
enum class TimestepRule {
  Fractional,  ///< log sigma interpolated
  Nearest,     ///< the whole one whose log sigma is nearest
  Twentieth,   ///< of the levels of TrainingSigmas::everyTwentieth the one whose log sigma is nearest
  WholeBelow   ///< the fractional one without its fraction
};

/// Whose forms of the schedules and their ends are used, see sigma_schedule.h. diffusers' multistep solvers have ends
/// of their own.
enum class ScheduleForms { Studio, A1111, ComfyUi, Diffusers, DiffusersMultistep };

/// Some samplers walk whole timesteps of their own and stop short of sigma 0: A1111's, and diffusers' DDIM, which ends
/// at the network's smallest sigma.
enum class OwnTimesteps { None, Ddim, UniPc, Leading };

/// Whose brackets a prompt is read with.
enum class PromptGrammar {
  A1111,    ///< all of it: weights, [], prompt editing, AND, BREAK
  ComfyUi,  ///< ( ) and (word:1.2); all else is text
  Plain     ///< none
};

/// How a prompt of more than 75 tokens is cut.
enum class ChunkRule {
  CommaBackTrack,  ///< chunks of 75 that end after a comma when one is near, as A1111 does
  Words,           ///< chunks of 75 between stretches of equal weight; only long ones are cut, as ComfyUI does
  FirstOnly        ///< what is beyond 75 is left out, as in diffusers
};

/// What becomes of the shorter of prompt and negative prompt when one has more chunks.
enum class UnequalLengths {
  EmptyChunks,  ///< empty chunks are added
  AsTheyAre,    ///< each is looked at in its own length; of prompts joined by AND the shorter repeat their last vector
  LastVector    ///< the negative prompt's last vector is repeated, or its end is cut off
};

/// What a CLIP skip above 1 does.
enum class ClipSkipRule {
  FirstEncoderOnly,  ///< counts from the end for SD 1.x; other families take no notice (A1111)
  FromTheEnd,        ///< counts from the end in every text encoder (ComfyUI)
  OnTop              ///< counts on from what the family leaves out by itself, for the prompt alone (diffusers)
};

/// What an empty negative prompt is for SDXL.
enum class EmptyNegative { Zeros, Encoded };

/// What a version of A1111 before 1.6 understood by the number in `[a:b:when]`.
enum class PromptEditing { PointIsShare, BelowOneIsShare };

enum class PixelRounding { Nearest, Down };

/// What a refiner's share is counted in.
enum class RefinerShare { Noise, Steps };

/// The ways in which programs make another picture out of the same settings, and what each is for one request: the one
/// place that asks which program is followed. Everything else asks a row of this value. Rows that are the same in all
/// programs (the final norm of a skipped layer, SDXL's padding token and sizes) are no rows here.
struct ReproductionProfile {
  // The first latent's noise.
  NoiseDevice firstNoise = NoiseDevice::Cpu;
  int gpuThreads = 0;             ///< of the card where a generator runs on the GPU; 0: a card of any size
  bool noiseOfBatch = false;      ///< one generator for all pictures of a batch, which are parts of one tensor
  bool noiseInPrecision = false;  ///< drawn in the number format of the run, not in fp32
  StartScale startScale = StartScale::Sigma;

  // The noise of the steps.
  bool stepNoiseAnew = false;  ///< from generators seeded for it; false: the first ones go on
  NoiseDevice stepNoise = NoiseDevice::Cpu;
  std::uint64_t stepSeedDelta = 0;  ///< what such a seed is above the picture's
  bool brownianPath = true;         ///< SDE samplers follow a path of the picture's seed; false: they draw
  NoiseDevice pathNoise = NoiseDevice::Cpu;
  bool ownStepsAreFree = true;  ///< DPM fast and adaptive add noise as `eta` says; false: never

  // Sigmas and timesteps.
  TimestepRule timesteps = TimestepRule::Fractional;
  ScheduleForms schedules = ScheduleForms::Studio;
  OwnTimesteps ownTimesteps = OwnTimesteps::None;
  Schedule schedule = Schedule::Normal;  ///< the request's; never Automatic
  bool everyTwentieth = false;           ///< only every 20th timestep is known, as LCM networks learnt them
  bool discardsPenultimate = false;      ///< the last sigma before 0 is left out
  bool signalsInHalf = false;            ///< alpha bar and what follows from it rounded to fp16

  // Prompts.
  PromptGrammar grammar = PromptGrammar::A1111;
  Emphasis emphasis = Emphasis::Original;  ///< never Automatic
  PromptEditing editing = PromptEditing::PointIsShare;
  ChunkRule chunks = ChunkRule::CommaBackTrack;
  UnequalLengths unequalLengths = UnequalLengths::EmptyChunks;
  ClipSkipRule clipSkip = ClipSkipRule::FirstEncoderOnly;
  EmptyNegative emptyNegative = EmptyNegative::Zeros;

  // The rest.
  double guidanceFactor = 1;  ///< of the request's guidance scale
  RefinerShare refinerShare = RefinerShare::Noise;
  PixelRounding rounding = PixelRounding::Nearest;
};

/// What the request's profile, version and own choices come to. An explicit choice of the request always wins.
ReproductionProfile reproductionProfile(const GenerationRequest& request);

/// The seed that picture `index` of a job is made from, where pictures come in batches: each has its own, one above the
/// other, or those of a batch share one.
Seed seedOfPicture(const ReproductionProfile& rows, Seed first, int index, int batchSize);

/// True when what cannot be used of the request's files fails the job: as the request says, and where it says nothing,
/// for every profile but the studio's own, which promise the same picture.
bool isStrict(const GenerationRequest& request);

/// A version as programs write it. Texts without a number count as new.
struct ProgramVersion {
  int major = 1 << 20, minor = 0, patch = 0;
  int build = 0;       ///< behind a '-'; -1 for a release candidate
  bool forge = false;  ///< Forge's "f2.0.1v1.10.1": the numbers are those of the A1111 it stands on
  /// True when this one is older.
  bool before(int otherMajor, int otherMinor, int otherPatch = 0, int otherBuild = 0) const;
};
ProgramVersion programVersion(std::string_view text);

}  // namespace studio::engine
