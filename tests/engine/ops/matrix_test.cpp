#include "tests/engine/ops/reference.h"

namespace studio::engine::ops {
namespace {

class LinearOperator : public OperatorTest {};

TEST_F(LinearOperator, agreesWithTheFormulaAtAnyWidth) {
  for (const std::int64_t rows : {1, 2, 13, 77, 300}) {
    for (const std::int64_t out : {1, 7, 16, 33, 320}) {
      const Layer layer = makeLayer(random({out, 40}), random({out}));
      const Tensor x = random({2, rows, 40});
      EXPECT_CLOSE(linear(x, layer.own), plain::linear(x.to(at::kDouble), layer.exact, {}), kSumTolerance);
    }
  }
}

TEST_F(LinearOperator, addsSiluAndResidualWhileItWrites) {
  for (const std::int64_t out : {20, 64}) {
    const Layer layer = makeLayer(random({out, 48}), std::nullopt);
    const Tensor x = random({3, 10, 48});
    const Epilogue epilogue{std::nullopt, true, random({3, 10, out})};
    EXPECT_CLOSE(linear(x, layer.own, epilogue), plain::linear(x.to(at::kDouble), layer.exact, exact(epilogue)),
                 kSumTolerance);
  }
}

TEST_F(LinearOperator, gatesWithTheExactGelu) {
  for (const std::int64_t half : {32, 64, 320, 40, 7}) {
    for (const std::int64_t rows : {1, 5, 14, 100}) {
      const Layer layer = makeLayer(random({2 * half, 24}), random({2 * half}));
      const Tensor x = random({2, rows, 24});
      EXPECT_CLOSE(linearGeglu(x, layer.own), plain::linearGeglu(x.to(at::kDouble), layer.exact), kSumTolerance);
    }
  }
}

TEST_F(LinearOperator, acceptsRowsThatDoNotLieTogether) {
  const Layer layer = makeLayer(random({24, 16}), std::nullopt);
  const Tensor x = random({5, 16, 6}).transpose(1, 2);
  EXPECT_CLOSE(linear(x, layer.own), plain::linear(x.to(at::kDouble), layer.exact, {}), kSumTolerance);
}

TEST_F(LinearOperator, assertsThatAResidualHasTheShapeOfTheOutput) {
  const Layer layer = makeLayer(random({24, 16}), std::nullopt);
  const Tensor x = random({2, 5, 16});
  EXPECT_THROW(linear(x, layer.own, {.residual = random({2, 5, 23})}), c10::Error);
  EXPECT_THROW(linear(x, layer.own, {.residual = random({1, 5, 24})}), c10::Error);
  EXPECT_NO_THROW(linear(x, layer.own, {.residual = random({2, 5, 24})}));
}

}  // namespace
}  // namespace studio::engine::ops
