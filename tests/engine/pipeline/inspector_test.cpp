#include "tests/engine/pipeline/pipeline_fixture.h"
#include "tests/support/test_data.h"

namespace studio::engine {
namespace {

class InspectorTest : public PipelineTest {
 protected:
  template <class Info>
  Info inspected(const std::filesystem::path& path) const {
    const auto result = makeInspector()->inspect(path);
    if (!result) throw std::runtime_error(result.error().message);
    return std::get<Info>(result.value());
  }
};

TEST_F(InspectorTest, describesACheckpoint) {
  const auto info = inspected<ModelInfo>(model());
  EXPECT_EQ(info.name, "tiny");
  EXPECT_EQ(info.layout, "single file");
  EXPECT_EQ(info.family, ModelFamily::StableDiffusion1);
  EXPECT_EQ(info.precision, "fp16");
  ASSERT_EQ(info.parts.size(), 3U);
  for (const ModelPart& part : info.parts) EXPECT_TRUE(part.present && part.parameters > 0) << part.name;
  EXPECT_TRUE(info.missing.empty());
  EXPECT_EQ(info.ignoredTensors, 11);
  EXPECT_EQ(info.unknownTensors, 1);
  EXPECT_EQ(info.fileBytes.count, static_cast<std::int64_t>(std::filesystem::file_size(model())));
}

TEST_F(InspectorTest, describesAFolder) {
  const auto info = inspected<ModelInfo>(tests::writeDiffusersFolder(folder_ / "My model", {.type = "F32"}));
  EXPECT_EQ(info.name, "My model");
  EXPECT_EQ(inspected<ModelInfo>(folder_ / "My model" / "").name, "My model");
  EXPECT_EQ(info.layout, "diffusers folder");
  EXPECT_EQ(info.precision, "fp32");
  EXPECT_TRUE(info.missing.empty());
}

TEST_F(InspectorTest, saysWhatMustBeAdded) {
  const auto info = inspected<ModelInfo>(tests::writeSingleFile(folder_ / "u.safetensors", {.networks = {"unet"}}));
  ASSERT_EQ(info.missing.size(), 2U);
  EXPECT_NE(info.missing[0].find("text encoder"), std::string::npos);
  EXPECT_NE(info.missing[1].find("VAE"), std::string::npos);
}

TEST_F(InspectorTest, tellsVaesPreviewDecodersAndLorasApart) {
  EXPECT_EQ(inspected<OtherInfo>(tests::writeSingleFile(folder_ / "v.safetensors", {.networks = {"vae"}})).kind, "VAE");
  tests::StoredTensors decoder;
  for (auto& [name, tensor] : tests::singleFileTensors({.networks = {"tiny_vae"}})) {
    if (name.starts_with("taesd_decoder.")) decoder[name] = tensor;
  }
  EXPECT_EQ(inspected<OtherInfo>(folder_.write("d.safetensors", tests::safetensorsBytes(decoder))).kind,
            "Preview decoder");
  EXPECT_EQ(
      inspected<OtherInfo>(folder_.write("x.safetensors", tests::safetensorsBytes({{"x", {"U8", {1}, "a"}}}))).kind,
      "Unknown");
  for (const auto naming : {tests::LoraNaming::Kohya, tests::LoraNaming::Peft}) {
    const auto lora = inspected<LoraInfo>(tests::writeLora(folder_ / "l.safetensors", naming));
    EXPECT_EQ(lora.rank, 4);
    EXPECT_EQ(lora.unetModules, 8);
  }
}

TEST_F(InspectorTest, saysOfEveryOutsideFileWhatItIs) {
  STUDIO_NEED_TEST_DATA("preview/taef2_encoder.pth");
  for (const char* folder : {"lora", "embeddings", "tokenizers", "preview"}) {
    for (const auto& entry : std::filesystem::directory_iterator(tests::testData(folder))) {
      const auto result = makeInspector()->inspect(entry.path());
      ASSERT_TRUE(result) << entry.path() << ": " << result.error().message;
      const auto* other = std::get_if<OtherInfo>(&result.value());
      EXPECT_FALSE(other != nullptr && other->type == FileKind::Unknown) << entry.path();
      EXPECT_EQ(std::holds_alternative<LoraInfo>(result.value()), std::string_view(folder) == "lora") << entry.path();
    }
  }
  EXPECT_EQ(inspected<OtherInfo>(tests::testData("preview/taef2_encoder.pth")).family, ModelFamily::Flux2);
  EXPECT_EQ(inspected<OtherInfo>(tests::testData("tokenizers/t5_spiece.model")).kind, "Tokenizer (SentencePiece)");
}

TEST_F(InspectorTest, tellsTokenizersFromOtherTexts) {
  EXPECT_EQ(inspected<OtherInfo>(folder_.write("merges.txt", "#version: 0.2\na b\nab c\n")).kind,
            "Tokenizer (byte pair merges)");
  EXPECT_EQ(inspected<OtherInfo>(folder_.write("vocab.json", R"({"a": 0, "b": 1})")).kind, "Tokenizer (vocabulary)");
  EXPECT_FALSE(makeInspector()->inspect(folder_.write("notes.txt", "#version: of my notes\n")));
  EXPECT_FALSE(makeInspector()->inspect(folder_.write("other.json", R"({"a": "b"})")));
}

TEST_F(InspectorTest, answersWithASentenceForBrokenFiles) {
  const auto result = makeInspector()->inspect(folder_.write("b.safetensors", "not a model at all"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::BadFile);
  EXPECT_FALSE(makeInspector()->inspect(folder_ / "gone"));
  EXPECT_FALSE(makeInspector()->inspect(folder_.path()));
}

}  // namespace
}  // namespace studio::engine
