// Times operators at the shapes of SD 1.5 (512x512, guidance in one batch of two), ours beside ATen's, interleaved.
// Best wall and processor times (all threads); the latter is disturbed less by a busy machine: set GOMP_SPINCOUNT=0.
//   ops_bench [--filter TEXT] [--threads N] [--repeat N] [--alone 1]

#include "engine/memory/budget_allocator.h"
#include "engine/ops/ops.h"
#include "engine/ops/plain/plain_operators.h"
#include "tests/support/seeded_random.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>

namespace studio::engine::ops {
namespace {

struct Settings {
  std::string filter;
  int threads = 2, repeat = 5;
  bool alone = false;  ///< without ATen
};

double processorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Best of several runs, seconds.
struct Times {
  double wall = 1e9, processor = 1e9;

  void add(const std::function<void()>& work) {
    const double before = processorSeconds();
    const auto start = std::chrono::steady_clock::now();
    work();
    wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    processor = std::min(processor, processorSeconds() - before);
  }
};

class Bench {
 public:
  explicit Bench(Settings settings) : settings_(std::move(settings)) {
    std::printf("%-36s %9s %9s %9s %9s %6s %6s\n", "operator", "ours ms", "ATen ms", "ours cpu", "ATen cpu", "wall",
                "cpu");
  }

  void compare(const std::string& name, double flops, const std::function<void()>& work,
               const std::function<void()>& aten) {
    if (name.find(settings_.filter) == std::string::npos) return;
    Times ours, theirs;
    for (int i = 0; i <= settings_.repeat; ++i) {
      ours.add(work);
      if (!settings_.alone) theirs.add(aten);
    }
    std::printf("%-36s %9.2f %9.2f %9.2f %9.2f %6.2f %6.2f  %.0f GFLOP per processor second\n", name.c_str(),
                ours.wall * 1e3, theirs.wall * 1e3, ours.processor * 1e3, theirs.processor * 1e3,
                ours.wall / theirs.wall, ours.processor / theirs.processor, flops / ours.processor * 1e-9);
    std::fflush(stdout);
  }

  void convolution(std::int64_t batch, std::int64_t side, std::int64_t in, std::int64_t out, std::int64_t kernel = 3) {
    const Conv2dShape shape{.out = out, .in = in, .kernel = kernel, .padding = kernel / 2};
    const std::string name = "conv" + std::to_string(kernel) + " " + std::to_string(batch) + "x" +
                             std::to_string(side) + " " + std::to_string(in) + "->" + std::to_string(out);
    if (name.find(settings_.filter) == std::string::npos) return;
    const Tensor weight = tests::seededRandom({out, in, kernel, kernel}), x = image(batch, in, side);
    const Conv2dWeights own =
        prepareConv2d(weight, tests::seededRandom({out}), shape, ComputeFormat::Float32, at::kCPU);
    const Conv2dWeights other =
        plain::prepareConv2d(weight, tests::seededRandom({out}), shape, ComputeFormat::Float32, at::kCPU);
    compare(
        name, 2.0 * static_cast<double>(batch * side * side * kernel * kernel * in * out), [&] { conv2d(x, own); },
        [&] { plain::conv2d(x, other, {}); });
  }

  void layer(std::int64_t rows, std::int64_t in, std::int64_t out, bool gated = false) {
    const std::string name = std::string(gated ? "geglu " : "linear ") + std::to_string(rows) + " " +
                             std::to_string(in) + "->" + std::to_string(out);
    if (name.find(settings_.filter) == std::string::npos) return;
    const Tensor weight = tests::seededRandom({out, in}), x = tests::seededRandom({1, rows, in});
    const LinearWeights own = prepareLinear(weight, tests::seededRandom({out}), ComputeFormat::Float32, at::kCPU);
    const LinearWeights other =
        plain::prepareLinear(weight, tests::seededRandom({out}), ComputeFormat::Float32, at::kCPU);
    const double flops = 2.0 * static_cast<double>(rows * in * out);
    if (gated) {
      compare(
          name, flops, [&] { linearGeglu(x, own); }, [&] { plain::linearGeglu(x, other); });
    } else {
      compare(
          name, flops, [&] { linear(x, own); }, [&] { plain::linear(x, other, {}); });
    }
  }

  void attend(std::int64_t batch, std::int64_t queries, std::int64_t keys, std::int64_t heads, std::int64_t width) {
    const Tensor q = tests::seededRandom({batch, queries, heads * width}),
                 k = tests::seededRandom({batch, keys, heads * width});
    compare(
        "attention " + std::to_string(queries) + "x" + std::to_string(keys) + " " + std::to_string(heads) + "x" +
            std::to_string(width),
        4.0 * static_cast<double>(batch * heads * queries * keys * width), [&] { attention(q, k, k, heads); },
        [&] { plain::attention(q, k, k, heads, false); });
  }

  void norm(std::int64_t batch, std::int64_t side, std::int64_t channels) {
    const Tensor x = image(batch, channels, side);
    const NormWeights weights =
        prepareNorm(tests::seededRandom({channels}), tests::seededRandom({channels}), 32, 1e-5, at::kCPU);
    compare(
        "groupNormSilu " + std::to_string(batch) + "x" + std::to_string(side) + " " + std::to_string(channels),
        10.0 * static_cast<double>(x.numel()), [&] { groupNormSilu(x, weights); },
        [&] { plain::groupNorm(x, weights, true); });
  }

 private:
  static Tensor image(std::int64_t batch, std::int64_t channels, std::int64_t side) {
    return tests::seededRandom({batch, channels, side, side}).contiguous(at::MemoryFormat::ChannelsLast);
  }
  Settings settings_;
};

void run(const Settings& settings) {
  const c10::InferenceMode inference;
  at::set_num_threads(settings.threads);
  Bench bench(settings);
  for (const auto& [side, in, out] : {std::tuple{64, 320, 320},
                                      {64, 640, 320},
                                      {64, 960, 320},
                                      {32, 640, 640},
                                      {32, 1280, 640},
                                      {16, 1280, 1280},
                                      {16, 2560, 1280},
                                      {8, 1280, 1280},
                                      {8, 2560, 1280}})
    bench.convolution(2, side, in, out);
  for (const auto& [side, in, out] :
       {std::tuple{64, 512, 512}, {128, 512, 512}, {256, 256, 256}, {512, 128, 128}, {512, 256, 128}, {512, 128, 3}})
    bench.convolution(1, side, in, out);
  bench.convolution(2, 64, 4, 320);
  bench.convolution(2, 64, 320, 4);
  bench.convolution(2, 64, 960, 320, 1);
  for (const auto& [rows, in, out] : {std::tuple{8192, 320, 320},
                                      {8192, 1280, 320},
                                      {2048, 640, 640},
                                      {2048, 2560, 640},
                                      {512, 1280, 1280},
                                      {512, 5120, 1280},
                                      {128, 1280, 1280},
                                      {154, 768, 320},
                                      {2, 1280, 1280}})
    bench.layer(rows, in, out);
  for (const auto& [rows, in, out] : {std::tuple{8192, 320, 2560}, {2048, 640, 5120}, {512, 1280, 10240}})
    bench.layer(rows, in, out, true);
  for (const auto& [queries, width] : {std::pair{4096, 40}, {1024, 80}, {256, 160}, {64, 160}}) {
    bench.attend(2, queries, queries, 8, width);
    bench.attend(2, queries, 77, 8, width);
  }
  bench.attend(1, 4096, 4096, 1, 512);
  bench.norm(2, 64, 320);
  bench.norm(1, 512, 128);
}

Settings parse(int count, char** values) {
  Settings settings;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::strcmp(values[i], "--filter") == 0) settings.filter = values[i + 1];
    if (std::strcmp(values[i], "--alone") == 0) settings.alone = std::atoi(values[i + 1]) != 0;
    if (std::strcmp(values[i], "--threads") == 0) settings.threads = std::atoi(values[i + 1]);
    if (std::strcmp(values[i], "--repeat") == 0) settings.repeat = std::atoi(values[i + 1]);
  }
  return settings;
}

}  // namespace
}  // namespace studio::engine::ops

int main(int count, char** values) {
  studio::engine::installBudgetAllocator();
  studio::engine::ops::run(studio::engine::ops::parse(count, values));
  return 0;
}
