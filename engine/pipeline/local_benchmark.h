#pragma once

#include "engine/api/benchmark.h"

namespace studio::engine {

/// Times a guided UNet step, a VAE decode or a whole picture on the calling thread.
class LocalBenchmark final : public Benchmark {
 public:
  Result<BenchmarkResult> run(const BenchmarkRequest& request, const EngineOptions& options, std::stop_token stop,
                              const std::function<void(int done, int of)>& progress) override;
};

}  // namespace studio::engine
