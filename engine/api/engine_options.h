#pragma once

#include "engine/api/choices.h"
#include "engine/api/units.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// Failures made up for tests: which allocations on the device do not succeed, counted from the start of each job.
struct AllocationFailure {
  std::int64_t number = 0;  ///< this one, from 1; 0: none
  int stickyPercent = 0;    ///< above 0: not that one, but from it on the device holds this part of the planned peak
  Bytes largerThan;         ///< each that is larger; 0: none
  /// Above 0: the device is this part of the planned peak, in which blocks lie where they were put, and what is free
  /// lies in pieces between them.
  int fragmentedPercent = 0;
  bool operator==(const AllocationFailure&) const = default;
};

/// How and where the engine works; never decides what a picture shows beyond rounding.
struct EngineOptions {
  Precision precision = Precision::Automatic;
  int threads = 0;  ///< 0: as many as there are physical cores allowed to this process
  MemoryMode memoryMode = MemoryMode::Automatic;
  Bytes deviceBudget;  ///< most that the engine may take on the device, on the CPU for networks and their work; 0: all
  Bytes reserve;       ///< of the budget, or of what the device has free: left for other programs
  PinnedMemory pinned = PinnedMemory::Automatic;
  std::optional<int> keptModels;  ///< that stay in main memory beside those in use; nothing: as many as have room
  DecodeMode decode = DecodeMode::Automatic;  ///< Automatic: the plan decides
  OomPolicy oomPolicy = OomPolicy::Lossless;
  AllocationFailure failAllocation;
  PreviewMode preview = PreviewMode::Automatic;
  int previewEverySteps = 1;
  std::vector<std::filesystem::path> loraFolders;       ///< where <lora:name:weight> in a prompt is looked up
  std::vector<std::filesystem::path> embeddingFolders;  ///< textual inversions that prompts name by their file's name
  std::filesystem::path cacheFolder;  ///< for measurements that are worth keeping; empty: none are kept
  bool checkpoint = true;             ///< jobs are kept on disk while they are unfinished, if there is a place
  std::filesystem::path stateFolder;  ///< that place; empty: none are kept
  std::filesystem::path choicesFile;  ///< what Inspector::remember keeps; empty: nothing is remembered
  bool operator==(const EngineOptions&) const = default;
};

/// Of the options what may be changed so that a job takes less memory; what is absent stays.
struct OptionsPatch {
  std::optional<MemoryMode> memoryMode;
  std::optional<DecodeMode> decode;
  std::optional<OomPolicy> oomPolicy;
  std::optional<PreviewMode> preview;
  std::optional<Bytes> deviceBudget;
  bool operator==(const OptionsPatch&) const = default;
};
void applyPatch(const OptionsPatch& patch, EngineOptions& options);

/// Where a job's pictures go. `pattern` knows {index} {seed} {date} {model}; several pictures without
/// {index} get -0, -1, …; an existing file is never replaced: the next free name is taken and reported.
/// The extension (.png .jpg .webp) decides the format.
struct OutputOptions {
  std::string pattern = "{date}-{seed}.png";  ///< UTF-8 path
  int quality = 92;                           ///< JPEG and WebP only, 1..100
  bool keepLatents = false;                   ///< also writes "<name>.latent.safetensors" before it is decoded
  bool operator==(const OutputOptions&) const = default;
};

}  // namespace studio::engine
