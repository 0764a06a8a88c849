#include "engine/api/model_catalog.h"

#include <gtest/gtest.h>

#include <fstream>

namespace studio::engine {
namespace {

/// Tells by the name what a file is, as the real one tells by its header.
class NameInspector final : public Inspector {
 public:
  Result<FileInfo> inspect(const std::filesystem::path& path) const override {
    const std::string name = utf8FromPath(path.stem());
    if (name.starts_with("broken")) return EngineError{ErrorKind::BadFile, "The file is cut short.", ""};
    if (name.starts_with("lora")) return FileInfo(LoraInfo{.path = path, .name = name});
    if (name.starts_with("vae")) return FileInfo(OtherInfo{.path = path, .kind = "VAE"});
    return FileInfo(ModelInfo{.path = path, .name = name});
  }
};

class ModelCatalogTest : public testing::Test {
 protected:
  ModelCatalogTest() {
    std::string name = (std::filesystem::temp_directory_path() / "kiln-test-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~ModelCatalogTest() override { std::filesystem::remove_all(folder); }

  std::filesystem::path add(const std::string& name) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << "x";
    return folder / name;
  }

  std::filesystem::path folder;
};

TEST_F(ModelCatalogTest, sortsWhatItFindsByKindAndName) {
  add("b.safetensors");
  add("deep/er/a.safetensors");
  add("deep/lora.safetensors");
  add("vae.safetensors");
  add("notes.txt");
  const CatalogListing listing = listModels(NameInspector(), {folder});
  ASSERT_EQ(listing.models.size(), 2U);
  EXPECT_EQ(listing.models[0].name, "b");
  EXPECT_EQ(listing.models[1].name, "a");
  EXPECT_EQ(listing.loras.size(), 1U);
  EXPECT_EQ(listing.others.size(), 1U);
  EXPECT_TRUE(listing.problems.empty());
}

TEST_F(ModelCatalogTest, findsEveryFormatWhateverTheCaseOfItsName) {
  for (const char* name : {"a.ckpt", "b.gguf", "c.pt", "d.PTH", "e.bin", "f.SafeTensors", "g.zip", "h"}) add(name);
  EXPECT_EQ(findModelFiles({folder}).size(), 6U);
}

TEST_F(ModelCatalogTest, takesADiffusersFolderForOneModel) {
  add("duck/model_index.json");
  add("duck/unet/diffusion_pytorch_model.safetensors");
  EXPECT_EQ(findModelFiles({folder}), std::vector<std::filesystem::path>{folder / "duck"});
}

TEST_F(ModelCatalogTest, listsAFileOnceHoweverOftenItsFolderIsNamed) {
  const auto file = add("deep/a.safetensors");
  EXPECT_EQ(findModelFiles({folder, folder / "deep", folder}), std::vector<std::filesystem::path>{file});
}

TEST_F(ModelCatalogTest, reportsFilesThatCannotBeReadAndGoesOn) {
  add("broken.safetensors");
  add("good.safetensors");
  const CatalogListing listing = listModels(NameInspector(), {folder, folder / "absent"});
  EXPECT_EQ(listing.models.size(), 1U);
  ASSERT_EQ(listing.problems.size(), 1U);
  EXPECT_TRUE(listing.problems[0].detail.starts_with((folder / "broken.safetensors").string()));
}

TEST_F(ModelCatalogTest, survivesACircleOfLinks) {
  add("a.safetensors");
  std::filesystem::create_directory_symlink(folder, folder / "again");
  EXPECT_EQ(findModelFiles({folder}).size(), 1U);
}

TEST(FindByName, prefersTheWholeNameAndIgnoresCase) {
  const std::vector<std::filesystem::path> files{"/m/sd.v1.safetensors", "/m/sd.v1.safetensors.safetensors",
                                                 "/m/Duck.safetensors"};
  EXPECT_EQ(findByName("duck", files), files[2]);
  EXPECT_EQ(findByName("DUCK.safetensors", files), files[2]);
  EXPECT_EQ(findByName("sd.v1", files), files[0]);
  EXPECT_EQ(findByName("sd.v1.safetensors", files), files[0]);
  EXPECT_EQ(findByName("sd", files), "");
  EXPECT_EQ(findByName("", files), "");
}

TEST(FindByName, looksAtTheLastPartOfAPathOnly) {
  EXPECT_EQ(findByName("../../elsewhere/duck", {"/m/duck.safetensors"}), "/m/duck.safetensors");
}

}  // namespace
}  // namespace studio::engine
