#pragma once

#include "engine/api/choices.h"
#include "engine/api/units.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// One LoRA as used by a request.
struct LoraUse {
  std::filesystem::path file;
  double weight = 1.0;               ///< of the UNet's layers
  std::optional<double> textWeight;  ///< of the text encoders' layers; absent: as `weight`
  int dynamicRank = 0;               ///< use only so many of its ranks; 0: all
  std::string blocks;                ///< weights of the UNet's blocks ("1,0,0.5,…" or "MIDD"); empty: all 1
  bool operator==(const LoraUse&) const = default;
};

/// Everything that decides the pixels of a job's pictures, and nothing else.
/// The job makes batchSize × batchCount pictures; picture i starts from seed + i.
struct GenerationRequest {
  std::filesystem::path model;         ///< single file or diffusers folder
  std::filesystem::path vae;           ///< empty: the model's own, else the file beside it
  std::filesystem::path textEncoder;   ///< empty: the model's own
  std::filesystem::path textEncoder2;  ///< SDXL's second one, likewise
  std::string prompt;
  std::string negativePrompt;
  PixelSize size{512, 512};
  int steps = 20;
  Sampler sampler = Sampler::DpmPlusPlus2M;
  Schedule schedule = Schedule::Karras;
  double guidanceScale = 7.0;
  double eta = 1;      ///< ancestral and SDE samplers: part of each step's noise that is fresh
  double ddimEta = 0;  ///< the same for DDIM
  double sNoise = 1;   ///< factor on fresh noise
  double sChurn = 0;   ///< noise added before steps of Euler, Heun and DPM2 …
  double sTmin = 0;    ///< … while sigma is from here …
  double sTmax = 0;    ///< … to here; 0 is no limit
  std::string sigmas;  ///< noise levels of one's own in place of scheduler and steps, see sigma_list.h; empty: none
  PenultimateSigma penultimateSigma = PenultimateSigma::Automatic;
  double guidanceRescale = 0;    ///< part of the contrast that guidance adds which is taken back
  double promptOnly = 0;         ///< part of the steps, from the start, that leave the negative prompt out
  double thresholdQuantile = 1;  ///< dynamic thresholding: values beyond this quantile are pulled in; 1: off
  double mimicScale = 7;         ///< … to what this guidance scale would reach
  Profile profile = Profile::Studio;
  std::string programVersion;  ///< of the profile's program, as it writes it ("v1.5.1", "f2.0.1v1.10.1"); empty: new
  std::string compatibility;   ///< single old ways of A1111, see compatibility.h
  int ensd = 0;                ///< A1111's "eta noise seed delta", by which the steps' noise has another seed; 0: none
  PathNoise pathNoise = PathNoise::Automatic;
  int gpuThreads = 0;  ///< of the card whose noise a profile asks for: multiprocessors × threads; 0: a card of any size
  std::optional<Seed> seed;  ///< empty: chosen when the job starts and reported with every picture
  int batchSize = 1;         ///< pictures made side by side
  int batchCount = 1;        ///< how often in a row
  int clipSkip = 1;          ///< 1: the text encoder's last layer, 2: the one before, …
  Emphasis emphasis = Emphasis::Automatic;
  PredictionType prediction = PredictionType::Automatic;
  ZeroTerminalSnr zeroTerminalSnr = ZeroTerminalSnr::Automatic;
  std::filesystem::path refiner;  ///< a second checkpoint of the same latents that takes the last steps; empty: none
  double refinerSwitchAt = 0.8;   ///< fraction of the steps after which it takes over
  std::vector<LoraUse> loras;
  /// What cannot be used, a LoRA above all, fails the job instead of being left out with a notice. Empty: as isStrict
  /// of reproduction_profile.h decides. Says nothing of the pixels, so it is no field of request_fields.h.
  std::optional<bool> strict;
  bool operator==(const GenerationRequest&) const = default;
};

/// A request of which only the named fields count (ids of request_fields.h), as read from a picture or a preset.
struct RequestPatch {
  GenerationRequest values;
  std::vector<std::string> present;  ///< ids, see visitFields
};

}  // namespace studio::engine
