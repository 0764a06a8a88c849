#pragma once

#include "engine/api/choices.h"
#include "engine/api/phase.h"
#include "engine/api/sentence.h"
#include "engine/memory/oom_ladder.h"
#include "engine/weights/key_map.h"

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// Everything besides the request that a picture's bits hang on.
struct CheckpointRecipe {
  Precision precision = Precision::Float32;
  int threads = 1;
  std::string machine;  ///< device and instructions of the processor
  std::string engineVersion;
  std::string files;  ///< sizes and times of the model's files and of the others
  bool operator==(const CheckpointRecipe&) const = default;
};

/// A part that computes in fp32 since it gave numbers that are not finite in a narrower format.
struct Widening {
  Part part = Part::UNet;
  bool ofRefiner = false;  ///< of the second checkpoint, else of the first
  Sentence why;
  bool operator==(const Widening&) const = default;
};

/// Where a job is. Written at the borders between its steps; what a resume begins with.
struct JobCheckpoint {
  CheckpointRecipe recipe;
  std::time_t started = 0;          ///< {date} in the names of its pictures
  int picturesDone = 0;             ///< on disk, in their order
  int batch = 0;                    ///< the one at work
  int step = 0;                     ///< steps done of it
  int of = 0;                       ///< 0: not known yet
  Phase phase = Phase::Denoise;     ///< Decode once all steps are done
  bool refines = false;             ///< the refiner has taken over
  Execution asked, execution;       ///< how the job was to be carried out, and how it is since memory ran out
  std::vector<Sentence> rungs;      ///< what led from the one to the other
  std::vector<Widening> widenings;  ///< in their order; also among the rungs
  bool memoryWasShort = false;      ///< of the machine, when it was looked at last
  std::string state;                ///< serialised SamplerState; empty before the first step
  bool operator==(const JobCheckpoint&) const = default;
};

/// With a checksum, so that a torn or spoilt file is known. About the size of the state.
std::string bytesOf(const JobCheckpoint& checkpoint);

/// The bytes and their checksum, which ends a checkpoint.
std::string withChecksum(std::string bytes);

/// Throws EngineException(BadFile) when the bytes are no checkpoint; never allocates more than a few times what they
/// hold.
JobCheckpoint checkpointFrom(std::string_view bytes);

/// The numbers out of a checkpoint's first bytes, without state and unchecked: for people. Nothing when they are none.
std::optional<JobCheckpoint> checkpointSummary(std::string_view start);

}  // namespace studio::engine
