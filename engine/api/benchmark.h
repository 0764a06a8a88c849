#pragma once

#include "engine/api/choices.h"
#include "engine/api/engine_error.h"
#include "engine/api/engine_options.h"
#include "engine/api/units.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace studio::engine {

enum class BenchmarkSubject { UNet, Vae, Image };

/// True SD 1.5 size with seeded random weights made in memory, unless a model is given.
struct BenchmarkRequest {
  BenchmarkSubject subject = BenchmarkSubject::UNet;
  PixelSize size{512, 512};
  int repeats = 3;
  int steps = 20;               ///< Image only
  std::filesystem::path model;  ///< empty: random weights
};

struct BenchmarkResult {
  std::vector<double> seconds;  ///< of each repeat: a guided step, a decode, a whole picture
  double bestSeconds = 0;
  double medianSeconds = 0;
  Bytes peakHostBytes;
  Precision precision = Precision::Float32;
  int threads = 1;
};

/// Runs on the calling thread, which must not be the GUI's.
class Benchmark {
 public:
  virtual ~Benchmark() = default;
  virtual Result<BenchmarkResult> run(const BenchmarkRequest& request, const EngineOptions& options,
                                      std::stop_token stop, const std::function<void(int done, int of)>& progress) = 0;
};

}  // namespace studio::engine
