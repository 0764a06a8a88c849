#include "engine/api/image_io.h"
#include "engine/text/tokens/clip_tokenizer.h"
#include "engine/weights/file_tensor_source.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

namespace studio::engine {
namespace {

/// The rows of the model's own token table for these words, as a textual inversion.
tests::StoredTensors vectorsOf(const std::filesystem::path& model, const std::string& words) {
  const at::Tensor table =
      openModel(model).part(Part::TextEncoder)->load("embeddings.token_embedding.weight").to(at::kFloat);
  std::string bytes;
  const auto tokens = ClipTokenizer().encode(words);
  for (const Token& token : tokens) {
    const at::Tensor row = table[token.id].contiguous();
    bytes.append(static_cast<const char*>(row.const_data_ptr()), row.nbytes());
  }
  return {{"emb_params", {"F32", {static_cast<std::int64_t>(tokens.size()), table.size(1)}, bytes}}};
}

class EmbeddingPictures : public PipelineTest {
 protected:
  EmbeddingPictures() {
    EngineOptions options{.precision = Precision::Float32};
    options.embeddingFolders = {folder_ / "embeddings"};
    generator_->setOptions(options);
  }
  void writeEmbedding(const std::string& name, const std::string& words) const {
    tests::writeBytes(folder_ / "embeddings" / name, tests::safetensorsBytes(vectorsOf(model(), words)));
  }
  at::Tensor pictureOf(const std::string& prompt, const std::string& negative = {}) {
    GenerationRequest request = appleRequest();
    request.prompt = prompt;
    request.negativePrompt = negative;
    return pictures(request);
  }
};

TEST_F(EmbeddingPictures, standForTheWordsTheirVectorsCameFrom) {
  const at::Tensor words = pictureOf("a red apple, (old:1.2)", "dark");
  EXPECT_GT(distance(pictureOf("a zorbfruit, (old:1.2)", "dark"), words), kPictureTolerance);
  writeEmbedding("zorbfruit.safetensors", "red apple");
  writeEmbedding("Bad-Ones.safetensors", "dark");
  EXPECT_EQ(distance(pictureOf("a zorbfruit, (old:1.2)", "bad-ones"), words), 0);
}

TEST_F(EmbeddingPictures, followAFileThatComesOrGoes) {
  const at::Tensor unknown = pictureOf("zorbfruit");
  writeEmbedding("zorbfruit.safetensors", "red apple");
  EXPECT_EQ(distance(pictureOf("zorbfruit"), pictureOf("red apple")), 0);
  std::filesystem::remove(folder_ / "embeddings" / "zorbfruit.safetensors");
  EXPECT_EQ(distance(pictureOf("zorbfruit"), unknown), 0);
}

TEST_F(EmbeddingPictures, mayComeWithALoraWhileItIsUsed) {
  tests::StoredTensors tensors = vectorsOf(model(), "red apple");
  tensors["bundle_emb.zorbfruit.emb_params"] = tensors.extract("emb_params").mapped();
  // A layer that changes nothing.
  const std::string layer = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
  tensors[layer + ".lora_down.weight"] = {"F32", {1, 32}, std::string(128, '\0')};
  tensors[layer + ".lora_up.weight"] = {"F32", {32, 1}, std::string(128, '\0')};
  GenerationRequest request = appleRequest();
  request.prompt = "a zorbfruit";
  request.negativePrompt.clear();
  const at::Tensor unknown = pictures(request);
  request.loras = {{folder_.write("fruit.safetensors", tests::safetensorsBytes(tensors)), 1}};
  EXPECT_EQ(distance(pictures(request), pictureOf("a red apple")), 0);
  request.loras.clear();
  EXPECT_EQ(distance(pictures(request), unknown), 0);
}

TEST_F(EmbeddingPictures, areNamedWithTheirHashesInThePicture) {
  writeEmbedding("zorbfruit.safetensors", "red apple");
  writeEmbedding("unused.safetensors", "red apple");
  GenerationRequest request = appleRequest();
  request.prompt = "a zorbfruit";
  const auto finished = only<ImageFinished>(run(request));
  ASSERT_EQ(finished.size(), 1U);
  const auto info = readPictureInfo(finished.front().path);
  ASSERT_TRUE(info);
  ASSERT_EQ(info.value().fileHashes.size(), 1U);
  EXPECT_EQ(info.value().fileHashes.front().name, "zorbfruit");
  EXPECT_EQ(info.value().fileHashes.front().kind, "embedding");
  EXPECT_EQ(info.value().fileHashes.front().hash.size(), 12U);
  EXPECT_EQ(makeInspector()->findByHash(info.value().fileHashes.front().hash,
                                        {folder_ / "embeddings" / "zorbfruit.safetensors"}, {}),
            folder_ / "embeddings" / "zorbfruit.safetensors");
}

TEST_F(EmbeddingPictures, ofAnotherWidthAreNotUsed) {
  const at::Tensor unknown = pictureOf("zorbfruit");
  tests::writeBytes(folder_ / "embeddings" / "zorbfruit.safetensors",
                    tests::safetensorsBytes({{"emb_params", {"F32", {1, 768}, std::string(768 * 4, '\0')}}}));
  EXPECT_EQ(distance(pictureOf("zorbfruit"), unknown), 0);
}

}  // namespace
}  // namespace studio::engine
