#include "engine/diffusion/unet.h"
#include "engine/memory/block_runner.h"
#include "engine/memory/stream_simulator.h"
#include "engine/ops/footprint.h"
#include "engine/ops/ops.h"
#include "tests/engine/pipeline/true_sizes.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

/// What streaming SDXL would cost on known cards, by its shape run and the simulator.
namespace studio::engine {
namespace {

constexpr double kTera = 1e12, kGiga = 1e9;
constexpr std::int64_t kRing = std::int64_t{256} << 20;

/// SDXL at 1024 x 1024 with guidance, in 16 bits.
std::vector<StreamedRun> runsOfSdxl() {
  const c10::InferenceMode inference;
  const UNet unet(tests::stableDiffusionXlUNet());
  Residency residency(unet.weights(), nullptr, ops::ComputeFormat::BFloat16, at::kMeta);
  ProfileRecorder recorder("unet");
  BlockRunner runner(residency, recorder);
  const ops::FootprintScope footprint(ops::gpuFootprints());
  const auto shape = [](at::IntArrayRef sizes) {
    return ops::place(at::empty(sizes, at::TensorOptions().device(at::kMeta).dtype(at::kFloat)),
                      ops::ComputeFormat::BFloat16, at::kMeta);
  };
  UNetConditioning conditioning{shape({2, 77, 2048}), shape({2, 1280}), at::full({2, 6}, 1024.0, at::kFloat)};
  unet.forward(runner, shape({2, 4, 128, 128}), at::full({2}, 500.0, at::kFloat), conditioning);
  std::vector<StreamedRun> runs;
  for (const BlockProfile& block : recorder.take().blocks)
    runs.push_back({block.block, block.passingBytes, block.work});
  return runs;
}

struct Card {
  const char* name;
  double teraflops, gigabytes;        ///< a second
  double share;                       ///< of the weights stays
  double best, bound, alone, prefix;  ///< milliseconds that were computed for it in the design
};

class StreamFigures : public testing::TestWithParam<Card> {
 protected:
  /// As many blocks in the order of the rule as the share has room for.
  std::vector<bool> staying(StayRule rule) const {
    std::vector<bool> stays(1 + std::max_element(runs_.begin(), runs_.end(), [](const auto& a, const auto& b) {
                                  return a.block < b.block;
                                })->block);
    auto room = static_cast<std::int64_t>(GetParam().share * static_cast<double>(bytes_));
    for (const std::size_t block : stayOrder(runs_, rule)) {
      const auto run = std::find_if(runs_.begin(), runs_.end(), [block](const auto& r) { return r.block == block; });
      if (run->bytes > room) continue;
      room -= run->bytes;
      stays[block] = true;
    }
    return stays;
  }
  double milliseconds(StayRule rule) const { return 1000 * passSeconds(runs_, staying(rule), rates_); }

  const std::vector<StreamedRun> runs_ = runsOfSdxl();
  const std::int64_t bytes_ = std::accumulate(runs_.begin(), runs_.end(), std::int64_t{0},
                                              [](std::int64_t sum, const StreamedRun& run) { return sum + run.bytes; });
  const double work_ = std::accumulate(runs_.begin(), runs_.end(), 0.0,
                                       [](double sum, const StreamedRun& run) { return sum + run.work; });
  // Two operations to a multiplication.
  const StreamRates rates_{GetParam().gigabytes * kGiga, GetParam().teraflops* kTera / 2, kRing};
};

TEST_P(StreamFigures, areThoseOfTheDesign) {
  const Card& card = GetParam();
  const double compute = 1000 * work_ / rates_.workPerSecond;
  const double copy = 1000 * (1 - card.share) * static_cast<double>(bytes_) / rates_.bytesPerSecond;
  double best = milliseconds(StayRule::LargestFirst);
  for (const StayRule rule : {StayRule::BytesPerWorkFirst, StayRule::EvenSpread, StayRule::Prefix})
    best = std::min(best, milliseconds(rule));
  SCOPED_TRACE(card.name);
  EXPECT_NEAR(std::max(compute, copy), card.bound, 0.05 * card.bound);
  EXPECT_NEAR(compute + copy, card.alone, 0.05 * card.alone);
  // Or better: what makes keys and values of the text are blocks of their own, so that more can be chosen from.
  EXPECT_LE(best, 1.05 * card.best);
  EXPECT_GE(best, 0.99 * std::max(compute, copy));
  EXPECT_NEAR(milliseconds(StayRule::Prefix), card.prefix, 0.05 * card.prefix);
}

INSTANTIATE_TEST_SUITE_P(Cards, StreamFigures,
                         testing::Values(Card{"3060", 22, 24, 0, 615, 615, 829, 615},
                                         Card{"3060 on PCIe 3 x8", 22, 6.8, 0.5, 615, 615, 993, 728},
                                         Card{"4090, half", 120, 25, 0.5, 126, 113, 216, 160},
                                         Card{"4090, three quarters", 120, 25, 0.75, 113, 113, 165, 132},
                                         Card{"H200", 540, 50, 0.75, 29, 26, 51, 39}));

}  // namespace
}  // namespace studio::engine
