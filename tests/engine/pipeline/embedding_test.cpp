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

TEST_F(EmbeddingPictures, ofAnotherWidthAreNotUsed) {
  const at::Tensor unknown = pictureOf("zorbfruit");
  tests::writeBytes(folder_ / "embeddings" / "zorbfruit.safetensors",
                    tests::safetensorsBytes({{"emb_params", {"F32", {1, 768}, std::string(768 * 4, '\0')}}}));
  EXPECT_EQ(distance(pictureOf("zorbfruit"), unknown), 0);
}

}  // namespace
}  // namespace studio::engine
