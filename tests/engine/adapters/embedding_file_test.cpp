#include "engine/adapters/embedding_file.h"

#include "engine/api/engine_error.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/test_data.h"

#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using Widths = std::map<Part, std::int64_t>;

tests::StoredTensor zeroVectors(std::int64_t vectors, std::int64_t width) {
  return {"F32", {vectors, width}, std::string(static_cast<std::size_t>(vectors * width * 4), '\0')};
}

class EmbeddingFileTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const tests::StoredTensors& tensors) const {
    return folder_.write(name, tests::safetensorsBytes(tensors));
  }
  const tests::TemporaryFolder folder_;
};

TEST_F(EmbeddingFileTest, knowsEveryForm) {
  const auto plain = EmbeddingFile::open(write("plain.safetensors", {{"emb_params", zeroVectors(3, 768)}}));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->name(), "plain");
  EXPECT_EQ(plain->vectors(), 3);
  EXPECT_EQ(plain->widths(), (Widths{{Part::TextEncoder, 768}}));
  const auto pair =
      EmbeddingFile::open(write("xl.safetensors", {{"clip_l", zeroVectors(2, 768)}, {"clip_g", zeroVectors(2, 1280)}}));
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->vectors(), 2);
  EXPECT_EQ(pair->widths(), (Widths{{Part::TextEncoder, 768}, {Part::TextEncoder2, 1280}}));
  EXPECT_EQ(pair->load(Part::TextEncoder2).sizes().vec(), (std::vector<std::int64_t>{2, 1280}));
  const auto token =
      EmbeddingFile::open(write("token.safetensors", {{"<cat>", {"F16", {1024}, std::string(2048, '\0')}}}));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->vectors(), 1);
  EXPECT_EQ(token->widths(), (Widths{{Part::TextEncoder, 1024}}));
}

TEST_F(EmbeddingFileTest, isNothingForOtherFiles) {
  EXPECT_FALSE(EmbeddingFile::open(write("two.safetensors", {{"a", zeroVectors(1, 768)}, {"b", zeroVectors(1, 768)}})));
  EXPECT_FALSE(EmbeddingFile::open(write("odd.safetensors", {{"odd", zeroVectors(1, 100)}})));
  EXPECT_FALSE(EmbeddingFile::open(write("deep.safetensors", {{"emb_params", {"F32", {0, 768}, ""}}})));
  EXPECT_FALSE(
      EmbeddingFile::open(write("whole.safetensors", {{"emb_params", {"I32", {1, 768}, std::string(3072, '\0')}}})));
  EXPECT_THROW(EmbeddingFile::open(folder_.write("broken.safetensors", "???")), EngineException);
}

TEST_F(EmbeddingFileTest, mayComeWithALora) {
  const auto lora = write("style.safetensors", {{"bundle_emb.red.emb_params", zeroVectors(2, 768)},
                                                {"bundle_emb.blue.string_to_param.*", zeroVectors(3, 768)},
                                                {"bundle_emb.wide.clip_l", zeroVectors(1, 768)},
                                                {"bundle_emb.wide.clip_g", zeroVectors(1, 1280)},
                                                {"bundle_emb.broken.emb_params", {"F32", {0, 768}, ""}},
                                                {"lora_unet_x.alpha", {"F32", {1}, "abcd"}}});
  const auto found = EmbeddingFile::openBundled(lora);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].name(), "blue");
  EXPECT_EQ(found[1].name(), "red");
  EXPECT_EQ(found[1].load(Part::TextEncoder).size(0), 2);
  EXPECT_TRUE(found[1].isBundled());
  EXPECT_EQ(found[2].widths().size(), 2U);
  const auto own = write("red.safetensors", {{"emb_params", zeroVectors(1, 768)}});
  const auto usable = usableEmbeddings({own}, {{Part::TextEncoder, 768}}, {lora, folder_ / "gone.safetensors"});
  ASSERT_EQ(usable.size(), 2U) << "the folder's file goes before the LoRA's of the same name";
  EXPECT_EQ(usable[0].vectors(), 1);
  EXPECT_EQ(usable[1].name(), "blue");
}

TEST_F(EmbeddingFileTest, isFoundWhenTheModelCanUseIt) {
  write("b.safetensors", {{"emb_params", zeroVectors(1, 768)}});
  write("deep/a.safetensors", {{"emb_params", zeroVectors(2, 768)}});
  write("deep/b.safetensors", {{"emb_params", zeroVectors(3, 768)}});
  write("xl.safetensors", {{"clip_l", zeroVectors(2, 768)}, {"clip_g", zeroVectors(2, 1280)}});
  folder_.write("broken.pt", "???");
  folder_.write("notes.txt", "???");
  const auto found =
      usableEmbeddings(embeddingCandidates({folder_.path(), folder_.path() / "nowhere"}), {{Part::TextEncoder, 768}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name(), "b");
  EXPECT_EQ(found[0].vectors(), 1);
  EXPECT_EQ(found[1].name(), "a");
  const Widths both{{Part::TextEncoder, 768}, {Part::TextEncoder2, 1280}};
  EXPECT_EQ(usableEmbeddings(embeddingCandidates({folder_.path()}), both).size(), 1U);
}

TEST(RealEmbeddings, areUnderstood) {
  STUDIO_NEED_TEST_DATA("embeddings/EasyNegative.safetensors");
  STUDIO_NEED_TEST_DATA("embeddings/bad-hands-5.pt");
  const auto found = usableEmbeddings(embeddingCandidates({tests::testData("embeddings/bad-hands-5.pt").parent_path()}),
                                      {{Part::TextEncoder, 768}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name(), "EasyNegative");
  EXPECT_EQ(found[0].vectors(), 8);
  EXPECT_EQ(found[1].name(), "bad-hands-5");
  EXPECT_EQ(found[1].vectors(), 2);
  EXPECT_NEAR(found[1].load(Part::TextEncoder)[0][0].item<double>(), 0.0113, 1e-4);
}

}  // namespace
}  // namespace studio::engine
