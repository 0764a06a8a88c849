#include "engine/api/image_io.h"
#include "tests/app/command_fixture.h"

namespace studio::app {
namespace {

class InspectCommandTest : public CommandTest {
 protected:
  /// What was printed, with one space between columns whatever the longest name is.
  std::string printed() const {
    std::string text;
    for (const char c : out.str()) {
      if (c != ' ' || text.empty() || text.back() != ' ') text += c;
    }
    return text;
  }

  std::string model() { return addFile("model.safetensors").string(); }

  std::filesystem::path picture() {
    engine::PictureMetadata metadata;
    metadata.request.prompt = "a \x1B[31mduck\nat dawn";
    metadata.request.model = "/secret/duck.safetensors";
    metadata.request.seed = engine::Seed{18446744073709551615U};
    const engine::Image image{{8, 8}, 3, std::make_shared<const std::vector<std::uint8_t>>(192, 7)};
    return engine::writePicture(image, metadata, folder / "picture.png").value();
  }
};

TEST_F(InspectCommandTest, remembersWhatIsChosenForAModel) {
  EXPECT_EQ(run({"inspect", model(), "--remember-prediction", "v", "--remember-zero-terminal-snr", "on"}), kDone);
  EXPECT_NE(printed().find("Chosen v-prediction, zero terminal SNR on"), std::string::npos) << printed();
  EXPECT_EQ(run({"inspect", model(), "--remember-prediction", "guess"}), kBadArguments);
}

TEST_F(InspectCommandTest, saysWhatAModelHoldsAndLacks) {
  EXPECT_EQ(run({"inspect", model()}), kDone);
  EXPECT_EQ(out.str(),
            "Model       small\n"
            "Family      SD 1.x\n"
            "Layout      single file, 3.00 MiB\n"
            "Precision   fp16\n"
            "Prediction  Epsilon (usual for the family)\n"
            "Size        128 × 192\n"
            "UNet        859,520,964 parameters, fp16\n"
            "VAE         not in this file\n"
            "Missing     The file has no VAE: add one with --vae.\n"
            "Unknown     3 tensors\n");
  EXPECT_EQ(run({"inspect", model(), "--json"}), kDone);
  const auto json = jsonLines().at(0);
  EXPECT_EQ(json["type"], "model");
  EXPECT_EQ(json["kind"], "checkpoint");
  EXPECT_EQ(json["family"], "sd15");
  EXPECT_TRUE(json["suggestion"].is_null());
  EXPECT_EQ(json["parts"][0]["parameters"], 859520964);
  EXPECT_EQ(json["missing"].size(), 1U);
}

TEST_F(InspectCommandTest, saysWhatALoraIs) {
  engine::LoraInfo lora;
  lora.name = "water";
  lora.kind = "LoKr";
  lora.algorithm = "lokr";
  lora.base = engine::ModelFamily::StableDiffusionXl;
  lora.rank = 16;
  lora.alpha = 8;
  lora.reason = "LoKr is not understood yet.";
  lora.triggers = {"wet", "blue"};
  inspected = engine::FileInfo(lora);
  EXPECT_EQ(run({"inspect", model()}), kDone);
  EXPECT_NE(out.str().find("LoKr, rank 16, alpha 8"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("no: LoKr is not understood yet."), std::string::npos);
  EXPECT_NE(out.str().find("wet, blue"), std::string::npos);
  EXPECT_EQ(run({"inspect", model(), "--json"}), kDone);
  EXPECT_EQ(jsonLines().at(0)["kind"], "lora");
  EXPECT_EQ(jsonLines().at(0)["algorithm"], "lokr");
  EXPECT_EQ(jsonLines().at(0)["family"], "sdxl");
  EXPECT_EQ(jsonLines().at(0)["triggers"][1], "blue");
}

TEST_F(InspectCommandTest, saysHowAPictureWasMadeWithoutSteeringTheTerminal) {
  EXPECT_EQ(run({"inspect", picture()}), kDone);
  EXPECT_NE(printed().find("Made with Kiln Studio\n"), std::string::npos) << out.str();
  EXPECT_NE(printed().find("Prompt a ?[31mduck\n at dawn\n"), std::string::npos) << out.str();
  EXPECT_NE(printed().find("Seed 18446744073709551615\n"), std::string::npos);
  EXPECT_EQ(out.str().find("secret"), std::string::npos);
}

TEST_F(InspectCommandTest, printsTheRequestOfAPictureAsJson) {
  EXPECT_EQ(run({"inspect", "--json", picture()}), kDone);
  const auto json = jsonLines().at(0);
  EXPECT_EQ(json["type"], "picture");
  EXPECT_EQ(json["width"], 8);
  EXPECT_EQ(json["request"]["seed"], 18446744073709551615U);
  EXPECT_EQ(json["request"]["model"], "duck.safetensors");
  EXPECT_EQ(json["kind"], "picture");
  EXPECT_EQ(json["source"], "studio");
}

TEST_F(InspectCommandTest, saysWhatAPictureNeedsThatIsNotHere) {
  addFile("duck.safetensors");
  EXPECT_EQ(run({"inspect", "--json", picture()}), kDone);
  auto files = jsonLines().at(0)["files"];
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0]["path"], (folder / "duck.safetensors").string());
  EXPECT_EQ(files[0]["found_by"], "name");
  std::filesystem::remove(folder / "duck.safetensors");
  EXPECT_EQ(run({"inspect", "--json", folder / "picture.png"}), kDone);
  EXPECT_EQ(jsonLines().at(0)["files"][0]["missing"], true);
  EXPECT_EQ(run({"inspect", folder / "picture.png"}), kDone);
  EXPECT_NE(printed().find("Missing model duck.safetensors\n"), std::string::npos) << out.str();
}

TEST_F(InspectCommandTest, saysOfAPictureWithoutSettingsThatNoProgramIsKnown) {
  const engine::Image image{{8, 8}, 3, std::make_shared<const std::vector<std::uint8_t>>(192, 7)};
  engine::writePicture(image, {}, folder / "a.png").value();
  std::ifstream in(folder / "a.png", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  for (const char* word : {"parameters", "studio"}) bytes.replace(bytes.find(word), 1, "x");
  addFile("b.png", bytes);
  EXPECT_EQ(run({"inspect", "--json", folder / "b.png"}), kDone);
  EXPECT_EQ(jsonLines().at(0)["source"], "none");
  EXPECT_TRUE(jsonLines().at(0)["request"].empty());
}

TEST_F(InspectCommandTest, takesAPictureForOneWhateverItsName) {
  std::filesystem::rename(picture(), folder / "picture.safetensors");
  EXPECT_EQ(run({"inspect", folder / "picture.safetensors", "--json"}), kDone);
  EXPECT_EQ(jsonLines().at(0)["type"], "picture");
}

TEST_F(InspectCommandTest, endsWithThreeForFilesThatAreMissingOrBroken) {
  EXPECT_EQ(run({"inspect", folder / "absent.png"}), kBadInputFile);
  EXPECT_NE(error.str().find("There is no file"), std::string::npos);
  inspected = engine::EngineError{engine::ErrorKind::BadFile, "The file is cut short.", "x"};
  EXPECT_EQ(run({"inspect", model(), "--json"}), kBadInputFile);
  EXPECT_EQ(jsonLines().at(0)["kind"], "bad_file");
  EXPECT_EQ(run({"inspect", addFile("broken.png", "\x89PNG\r\n\x1A\n")}), kBadInputFile);
  EXPECT_EQ(run({"inspect"}), kBadArguments);
}

}  // namespace
}  // namespace studio::app
