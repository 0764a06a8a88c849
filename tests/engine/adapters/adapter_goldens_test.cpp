#include "engine/adapters/effective_weights.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <gtest/gtest.h>

#include <ostream>

namespace studio::engine {
namespace {

constexpr double kStrength = 0.7;  // of tests/reference/make_adapter_goldens.py
constexpr double kTolerance = 1e-5;

const std::filesystem::path kGoldens = "tests/data/adapters.safetensors";

struct Case {
  const char* name;
  const char* algorithm;
};
void PrintTo(const Case& which, std::ostream* out) { *out << which.name; }

class AdapterGoldens : public testing::TestWithParam<Case> {
 protected:
  at::Tensor stored(const std::string& key) const { return file_->load(key); }

  const std::shared_ptr<const TensorFile> file_ = openTensorFile(kGoldens);
  const LoraFile lora_{kGoldens};
};

TEST_P(AdapterGoldens, changeAWeightAsTheReferenceDoes) {
  const std::string name = GetParam().name;
  const AdapterModule& module = lora_.keys().modules.at(name);
  EXPECT_STREQ(module.algorithm->id, GetParam().algorithm);
  const at::Tensor base = stored("base:" + name), expected = stored("expected:" + name);
  const auto extent = module.algorithm->extent(module.shapes);
  ASSERT_TRUE(extent);
  EXPECT_TRUE(admits(*extent, base.sizes().vec()));
  const at::Tensor changed = changedWeight(base, *module.algorithm, lora_.load(module), kStrength);
  EXPECT_LT(tests::relativeError(changed, expected), kTolerance);
  EXPECT_GT(tests::relativeError(base, expected), 1000 * kTolerance) << "the case changes nothing";
}

TEST_P(AdapterGoldens, changeNothingAtStrengthZero) {
  const AdapterModule& module = lora_.keys().modules.at(GetParam().name);
  const at::Tensor base = stored(std::string("base:") + GetParam().name);
  EXPECT_LT(tests::relativeError(changedWeight(base, *module.algorithm, lora_.load(module), 0), base), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, AdapterGoldens,
    testing::Values(Case{"lora", "lora"}, Case{"locon", "lora"}, Case{"locon_mid", "lora"}, Case{"loha", "loha"},
                    Case{"loha_conv", "loha"}, Case{"loha_tucker", "loha"}, Case{"lokr", "lokr"},
                    Case{"lokr_both", "lokr"}, Case{"lokr_whole", "lokr"}, Case{"lokr_conv", "lokr"},
                    Case{"lokr_tucker", "lokr"}, Case{"dora_output", "lora"}, Case{"dora_input", "lora"},
                    Case{"dora_conv", "lora"}, Case{"dora_loha", "loha"}, Case{"dora_lokr", "lokr"},
                    Case{"dora_peft", "lora"}, Case{"oft", "oft"}, Case{"oft_bound", "oft"}, Case{"boft", "boft"},
                    Case{"boft_conv", "boft"}, Case{"glora", "glora"}, Case{"glora_old", "glora"}, Case{"ia3", "ia3"},
                    Case{"ia3_input", "ia3"}, Case{"full", "full"}, Case{"full_conv", "full"}, Case{"norm", "full"}),
    [](const auto& given) { return std::string(given.param.name); });

TEST(DynamicRank, usesOnlyTheFirstRanks) {
  const LoraFile lora(kGoldens);
  const AdapterModule& module = lora.keys().modules.at("lora");
  AdapterFactors factors = lora.load(module);
  const at::Tensor base = openTensorFile(kGoldens)->load("base:lora");
  factors.dynamicRank = 2;
  const at::Tensor two = kLowRank.delta(base, factors, 1);
  const at::Tensor expected =
      at::matmul(factors.at(Factor::Up).narrow(1, 0, 2), factors.at(Factor::Down).narrow(0, 0, 2)) * 0.5;
  EXPECT_LT(tests::relativeError(two, expected), 1e-6);
}

}  // namespace
}  // namespace studio::engine
