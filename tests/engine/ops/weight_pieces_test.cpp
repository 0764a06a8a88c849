#include "engine/ops/weight_pieces.h"
#include "tests/engine/ops/reference.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <algorithm>

namespace studio::engine::ops {
namespace {

/// The weight again, its pieces copied one behind the other into memory of their own.
template <class Weights>
Weights moved(const Weights& w, Tensor& memory) {
  std::int64_t bytes = 0;
  for (const Tensor& piece : piecesOf(w)) bytes += alignedToPieces(static_cast<std::int64_t>(piece.nbytes()));
  memory = at::empty({bytes}, at::kByte);
  std::vector<Tensor> copies;
  std::int64_t offset = 0;
  for (const Tensor& piece : piecesOf(w)) {
    copies.push_back(pieceIn(memory, offset, piece));
    copies.back().copy_(piece);
    offset += alignedToPieces(static_cast<std::int64_t>(piece.nbytes()));
  }
  return over(w, copies);
}

/// True when all of the weight lies in the memory.
template <class Weights>
bool liesIn(const Weights& w, const Tensor& memory) {
  const auto pieces = piecesOf(w);
  return !pieces.empty() &&
         std::all_of(pieces.begin(), pieces.end(), [&](const Tensor& piece) { return piece.is_alias_of(memory); });
}

class WeightPieces : public OperatorTest {
 protected:
  static constexpr Conv2dShape kShape{.out = 40, .in = 32, .kernel = 3, .padding = 1};
};

TEST_F(WeightPieces, ofAConvolutionGiveTheSameResultInOtherMemory) {
  const Tensor x = random({2, 32, 12, 9});
  for (const bool bias : {true, false}) {
    const auto w = prepareConv2d(random({40, 32, 3, 3}), bias ? std::optional<Tensor>(random({40})) : std::nullopt,
                                 kShape, ComputeFormat::Float32, at::kCPU);
    Tensor memory;
    const Conv2dWeights other = moved(w, memory);
    EXPECT_TRUE(liesIn(other, memory));
    EXPECT_FALSE(liesIn(w, memory));
    EXPECT_TRUE(conv2d(x, other).equal(conv2d(x, w)));
    memory.zero_();
    EXPECT_FALSE(conv2d(x, other).equal(conv2d(x, w))) << "it is that memory which is read";
  }
}

TEST_F(WeightPieces, ofTheOtherRolesGiveTheSameResultInOtherMemory) {
  const Tensor x = random({2, 5, 32}), ids = at::full({1, 3}, 2, at::kLong);
  const auto layer = prepareLinear(random({24, 32}), random({24}), ComputeFormat::Float32, at::kCPU);
  const auto norm = prepareNorm(random({32}), random({32}), 4, 1e-5, at::kCPU);
  const auto table = prepareEmbedding(random({10, 6}), ComputeFormat::BFloat16, at::kCPU);
  Tensor memory;
  EXPECT_TRUE(linear(x, moved(layer, memory)).equal(linear(x, layer)));
  EXPECT_TRUE(layerNorm(x, moved(norm, memory)).equal(layerNorm(x, norm)));
  EXPECT_EQ(moved(norm, memory).groups, 4);
  EXPECT_TRUE(embedding(ids, moved(table, memory)).equal(embedding(ids, table)));
}

TEST_F(WeightPieces, ofTheFormThatGpusWantAreChannelsLastThereToo) {
  const auto w = plain::prepareConv2d(random({40, 32, 3, 3}), random({40}), kShape, ComputeFormat::Float32, at::kCPU);
  Tensor memory;
  const Conv2dWeights other = moved(w, memory);
  EXPECT_TRUE(liesIn(other, memory));
  EXPECT_TRUE(piecesOf(other)[0].is_contiguous(at::MemoryFormat::ChannelsLast));
  const Tensor x = random({1, 32, 8, 8});
  EXPECT_TRUE(plain::conv2d(x, other, {}).equal(plain::conv2d(x, w, {})));
  const auto layer = plain::prepareLinear(random({24, 32}), std::nullopt, ComputeFormat::BFloat16, at::kCPU);
  const Tensor row = random({3, 32}).to(at::kBFloat16);
  EXPECT_TRUE(plain::linear(row, moved(layer, memory), {}).equal(plain::linear(row, layer, {})));
}

TEST_F(WeightPieces, takeNothingElseInTheirPlace) {
  const auto w = prepareLinear(random({24, 32}), random({24}), ComputeFormat::Float32, at::kCPU);
  const std::vector<Tensor> own = piecesOf(w);
  EXPECT_THROW(over(w, std::vector<Tensor>{own[0]}), c10::Error);
  EXPECT_THROW(over(w, std::vector<Tensor>{own[0], own[0]}), c10::Error);
  EXPECT_THROW(over(w, std::vector<Tensor>{own[0].to(at::kHalf), own[1]}), c10::Error);
  const Tensor memory = at::empty({512}, at::kByte), small = at::empty({64}, at::kFloat);
  EXPECT_NO_THROW(pieceIn(memory, 256, small));
  EXPECT_THROW(pieceIn(memory, 512, small), c10::Error) << "beyond the end";
  EXPECT_THROW(pieceIn(memory, 64, small), c10::Error) << "not aligned";
  EXPECT_THROW(pieceIn(memory, 256, at::empty({65}, at::kFloat)), c10::Error);
  EXPECT_THROW(pieceIn(memory, -256, small), c10::Error);
}

TEST_F(WeightPieces, areMadeOnTheHostForAnotherDevice) {
  const Home home = Home::onHost(at::Device(at::kMeta));
  EXPECT_TRUE(home.works.is_meta());
  EXPECT_TRUE(prepareNorm(random({8}), random({8}), 2, 1e-5, home).scale.is_cpu());
}

}  // namespace
}  // namespace studio::engine::ops
