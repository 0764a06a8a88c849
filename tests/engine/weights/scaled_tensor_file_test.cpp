#include "engine/weights/scaled_tensor_file.h"

#include "engine/api/engine_error.h"
#include "engine/weights/file_tensor_source.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <cstring>

namespace studio::engine {
namespace {

// 1, 2, -1 and 0.5 as e4m3.
const tests::StoredTensor kEightBit{"F8_E4M3", {2, 2}, "\x38\x40\xB8\x30"};

tests::StoredTensor numbers(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return {"F32", {static_cast<std::int64_t>(values.size())}, bytes};
}

class ScaledWeights : public testing::Test {
 protected:
  std::shared_ptr<const TensorFile> open(const tests::StoredTensors& tensors,
                                         const std::map<std::string, std::string>& metadata = {}) const {
    return openTensorFile(folder_.write("a.safetensors", tests::safetensorsBytes(tensors, metadata)));
  }
  static std::vector<float> values(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.to(at::kFloat).contiguous();
    return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
  }
  const tests::TemporaryFolder folder_;
};

TEST_F(ScaledWeights, areExactWithoutAScale) {
  const auto file = open({{"a.weight", kEightBit}, {"b.weight", {"F8_E5M2", {2}, "\x3C\xC0"}}});
  EXPECT_EQ(values(file->load("a.weight")), (std::vector<float>{1, 2, -1, 0.5}));
  EXPECT_EQ(values(file->load("b.weight")), (std::vector<float>{1, -2}));
}

TEST_F(ScaledWeights, areMultipliedByTheScaleInBothSpellings) {
  const auto marked = open({{"a.weight", kEightBit},
                            {"a.scale_weight", numbers({0.25})},
                            {"a.scale_input", numbers({1})},
                            {"scaled_fp8", {"F8_E4M3", {0}, ""}}});
  EXPECT_EQ(values(marked->load("a.weight")), (std::vector<float>{0.25, 0.5, -0.25, 0.125}));
  EXPECT_EQ(marked->tensors().size(), 1U);
  const std::string note = R"({"format": "float8_e4m3fn"})";
  const auto noted = open({{"a.weight", kEightBit},
                           {"a.weight_scale", numbers({4})},
                           {"a.input_scale", numbers({1})},
                           {"a.comfy_quant", {"U8", {static_cast<std::int64_t>(note.size())}, note}}});
  EXPECT_EQ(values(noted->load("a.weight")), (std::vector<float>{4, 8, -4, 2}));
  EXPECT_EQ(noted->tensors().size(), 1U);
}

TEST_F(ScaledWeights, mayHaveAScaleForEachRow) {
  const auto file = open({{"a.weight", kEightBit}, {"a.weight_scale", numbers({2, 10})}});
  EXPECT_EQ(values(file->load("a.weight")), (std::vector<float>{2, 4, -10, 5}));
  try {
    open({{"a.weight", kEightBit}, {"a.weight_scale", numbers({1, 2, 3})}});
    FAIL();
  } catch (const EngineException& error) {
    EXPECT_NE(error.error().message.find("scale"), std::string::npos);
  }
}

TEST_F(ScaledWeights, inFormatsThatNeedMoreAreNamed) {
  const std::string note = R"({"format": "nvfp4"})";
  try {
    open({{"a.weight", {"U8", {2}, "xx"}},
          {"a.weight_scale", numbers({1})},
          {"a.comfy_quant", {"U8", {static_cast<std::int64_t>(note.size())}, note}}});
    FAIL();
  } catch (const EngineException& error) {
    EXPECT_NE(error.error().message.find("nvfp4"), std::string::npos);
  }
}

TEST_F(ScaledWeights, mayBeNamedForAllLayersInTheHeader) {
  const auto metadata = [](const std::string& format) {
    return std::map<std::string, std::string>{
        {"_quantization_metadata", R"({"format_version": "1.0", "layers": {"a": {"format": ")" + format + R"("}}})"}};
  };
  const auto file = open({{"a.weight", kEightBit}, {"a.weight_scale", numbers({4})}}, metadata("float8_e4m3fn"));
  EXPECT_EQ(values(file->load("a.weight")), (std::vector<float>{4, 8, -4, 2}));
  EXPECT_TRUE(file->metadata().empty());
  for (const tests::StoredTensors& tensors :
       {tests::StoredTensors{{"a.weight", {"U8", {2}, "xx"}}, {"a.weight_scale", numbers({1})}},
        tests::StoredTensors{{"a.weight", {"U8", {2}, "xx"}}}}) {
    try {
      open(tensors, metadata("nvfp4"));
      FAIL();
    } catch (const EngineException& error) {
      EXPECT_NE(error.error().message.find("nvfp4"), std::string::npos);
    }
  }
  EXPECT_EQ(open({{"a.weight", kEightBit}}, {{"_quantization_metadata", "no JSON"}})->tensors().size(), 1U);
}

TEST_F(ScaledWeights, leaveNoUnknownTensorsInAModel) {
  tests::StoredTensors tensors = tests::singleFileTensors();
  const std::string layer = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q";
  ASSERT_TRUE(tensors.contains(layer + ".weight"));
  tensors[layer + ".scale_weight"] = numbers({2});
  tensors[layer + ".scale_input"] = numbers({1});
  tensors["model.diffusion_model.scaled_fp8"] = {"F8_E4M3", {2}, "\x38\x38"};
  const ModelTensors model = openModel(folder_.write("m.safetensors", tests::safetensorsBytes(tensors)));
  EXPECT_EQ(model.unknown, 0);
  const std::string name = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight";
  const at::Tensor plain = tests::networkWeights("unet")->load(name).to(at::kFloat);
  EXPECT_TRUE(model.part(Part::UNet)->load(name).equal(plain + plain));
}

}  // namespace
}  // namespace studio::engine
