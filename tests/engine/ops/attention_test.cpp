#include "tests/engine/ops/reference.h"

namespace studio::engine::ops {
namespace {

class AttentionOperator : public OperatorTest {
 protected:
  void expectFormula(std::int64_t batch, std::int64_t queries, std::int64_t keys, std::int64_t heads,
                     std::int64_t width, bool causal = false) {
    const Tensor q = random({batch, queries, heads * width}), k = random({batch, keys, heads * width}),
                 v = random({batch, keys, heads * width});
    const Tensor wanted = plain::attention(q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble), heads, causal);
    EXPECT_CLOSE(attention(q, k, v, heads, causal), wanted, kSumTolerance);
  }
};

TEST_F(AttentionOperator, agreesWithTheFormulaForEveryHeadWidthInUse) {
  for (const std::int64_t width : {40, 64, 80, 160, 512}) expectFormula(2, 65, 77, 2, width);
}

TEST_F(AttentionOperator, agreesWithTheFormulaWhenBlocksDoNotDivideTheLength) {
  expectFormula(1, 150, 1100, 3, 40);
  expectFormula(2, 1, 1, 1, 8);
  expectFormula(1, 71, 513, 1, 5);
}

TEST_F(AttentionOperator, aCausalQueryNeverSeesLaterKeys) {
  expectFormula(2, 77, 77, 3, 64, true);
  expectFormula(1, 600, 600, 1, 16, true);
}

TEST_F(AttentionOperator, staysFiniteWhenScoresAreHuge) {
  const Tensor q = random({1, 20, 16}) * 1000, k = random({1, 600, 16}) * 1000, v = random({1, 600, 16});
  const Tensor wanted = plain::attention(q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble), 1, false);
  // Scores of 1e6 in fp32 are off by about 0.1, a winner by less than that may lose: only most rows must agree.
  const Tensor y = attention(q, k, v, 1, false);
  EXPECT_TRUE(y.isfinite().all().item<bool>());
  EXPECT_GT(((y - wanted).abs().amax(-1) < 1e-3).to(at::kDouble).mean().item<double>(), 0.9);
}

}  // namespace
}  // namespace studio::engine::ops
