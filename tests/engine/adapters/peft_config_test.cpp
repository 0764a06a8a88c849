#include "engine/adapters/peft_config.h"

#include "engine/adapters/lora_file.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace studio::engine {
namespace {

const std::filesystem::path kFolder = "tests/data/peft";
constexpr double kPeftTolerance = 1e-5;

std::string fileText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The layers' changes are those that peft computed for `kind`, see make_peft_goldens.py.
void expectDeltas(const LoraFile& lora, const std::string& prefix, const std::string& kind) {
  const auto expected = openTensorFile(kFolder / "expected.safetensors");
  for (const std::string layer : {"block.first", "block.second", "other.first"}) {
    const AdapterModule& module = lora.keys().modules.at(prefix + layer);
    const at::Tensor delta = expected->load(std::string(kind).append(".").append(layer));
    EXPECT_LT(tests::relativeError(kLowRank.delta(delta, lora.load(module), 1), delta), kPeftTolerance) << layer;
  }
}

class PeftConfig : public testing::Test {
 protected:
  /// The same tensors under other names and with metadata.
  std::filesystem::path renamed(const std::string& name, const std::string& prefix, const std::string& json) const {
    const auto file = openTensorFile(kFolder / "adapter_model.safetensors");
    tests::StoredTensors tensors;
    for (const auto& [key, info] : file->tensors()) {
      const at::Tensor numbers = file->load(key);
      tensors[prefix + key.substr(std::string("base_model.model.").size())] = {
          "F32", info.shape, {static_cast<const char*>(numbers.const_data_ptr()), numbers.nbytes()}};
    }
    return folder_.write(name, tests::safetensorsBytes(tensors, {{"lora_adapter_metadata", json}}));
  }
  const tests::TemporaryFolder folder_;
};

TEST_F(PeftConfig, besideAFileScalesAsPeftDoes) {
  expectDeltas(LoraFile(kFolder / "adapter_model.safetensors"), "base_model.model.", "stabilised");
  EXPECT_NEAR(inspectLora(kFolder / "adapter_model.safetensors").alpha, 12, 1e-9) << "6 · √4";
}

TEST_F(PeftConfig, withoutStabilisationDividesByTheRank) {
  std::filesystem::copy_file(kFolder / "adapter_model.safetensors", folder_ / "adapter_model.safetensors");
  folder_.write("adapter_config.json",
                R"({"lora_alpha": 6, "alpha_pattern": {"other.first": 3}, "use_rslora": false})");
  expectDeltas(LoraFile(folder_ / "adapter_model.safetensors"), "base_model.model.", "plain");
}

TEST_F(PeftConfig, inTheMetadataCountsForItsNetwork) {
  const auto path = renamed("d.safetensors", "unet.",
                            R"({"text_encoder.lora_alpha": 99, "unet.lora_alpha": 6, "unet.r": 4,
                                "unet.alpha_pattern": {"other.first": 3}, "unet.use_rslora": true})");
  expectDeltas(LoraFile(path), "unet.", "stabilised");
}

TEST_F(PeftConfig, thatMakesNoSenseIsLeftAside) {
  for (const char* json : {"[]", "{", R"({"lora_alpha": "six"})", R"({"lora_alpha": -1, "alpha_pattern": 3})"}) {
    const LoraFile lora(renamed("d.safetensors", "unet.", json));
    for (const auto& [name, module] : lora.keys().modules) EXPECT_EQ(module.alpha, 0) << json;
  }
}

TEST_F(PeftConfig, ofAStrangerInTheSameFolderChangesNothing) {
  folder_.write("adapter_config.json", fileText(kFolder / "adapter_config.json"));
  const LoraFile lora(tests::writeLora(folder_ / "mine.safetensors", tests::LoraNaming::Peft));
  for (const auto& [name, module] : lora.keys().modules) EXPECT_EQ(module.alpha, 0) << name;
}

}  // namespace
}  // namespace studio::engine
