#include "engine/api/image_io.h"
#include "engine/pipeline/lora_resolver.h"
#include "engine/weights/tensor_file.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

namespace studio::engine {
namespace {

using tests::golden;

class LoraPictures : public PipelineTest {
 protected:
  GenerationRequest loraRequest(tests::LoraNaming naming = tests::LoraNaming::Kohya,
                                double weight = tests::kGoldenLoraWeight) const {
    GenerationRequest request = appleRequest();
    const auto path = folder_ / (naming == tests::LoraNaming::Kohya ? "kohya.safetensors" : "peft.safetensors");
    if (!std::filesystem::exists(path)) tests::writeLora(path, naming);
    request.loras = {{path, weight}};
    return request;
  }
};

TEST_F(LoraPictures, matchTheReference) {
  EXPECT_LE(distance(pictures(loraRequest()), golden("picture.lora")), kPictureTolerance);
}

TEST_F(LoraPictures, areTheSameFromBothNamings) {
  EXPECT_EQ(distance(pictures(loraRequest()), pictures(loraRequest(tests::LoraNaming::Peft))), 0);
}

TEST_F(LoraPictures, areTheSameBitsWhenTheWeightWasChangedBefore) {
  const at::Tensor fresh = pictures(loraRequest());
  generator_ = makeGenerator({.precision = Precision::Float32}, {});
  const at::Tensor other = pictures(loraRequest(tests::LoraNaming::Kohya, 0.3));
  EXPECT_GT(distance(other, fresh), kPictureTolerance);
  EXPECT_EQ(distance(pictures(loraRequest()), fresh), 0);
  EXPECT_LE(distance(pictures(appleRequest()), golden("picture.apple")), kPictureTolerance);
}

TEST_F(LoraPictures, followAFileThatIsReplacedUnderItsName) {
  const GenerationRequest request = loraRequest();
  pictures(request);
  tests::StoredTensors tensors;
  const std::string layer = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
  tensors[layer + ".lora_down.weight"] = {"F32", {1, 32}, std::string(128, '\0')};
  tensors[layer + ".lora_up.weight"] = {"F32", {32, 1}, std::string(128, '\0')};
  tests::writeBytes(request.loras.front().file, tests::safetensorsBytes(tensors));
  EXPECT_LE(distance(pictures(request), golden("picture.apple")), kPictureTolerance);
}

TEST_F(LoraPictures, areLeftAloneByAWeightOfZero) {
  EXPECT_LE(distance(pictures(loraRequest(tests::LoraNaming::Kohya, 0)), golden("picture.apple")), kPictureTolerance);
}

TEST_F(LoraPictures, followATagInThePrompt) {
  tests::writeLora(folder_ / "loras" / "deep" / "Watercolour.safetensors", tests::LoraNaming::Kohya);
  EngineOptions options{.precision = Precision::Float32};
  options.loraFolders = {folder_ / "loras"};
  generator_->setOptions(options);
  GenerationRequest request = appleRequest();
  request.prompt += "<lora:watercolour:0.8>";
  EXPECT_LE(distance(pictures(request), golden("picture.lora")), kPictureTolerance);
}

TEST_F(LoraPictures, areMadeWithoutATagThatNamesNoFile) {
  GenerationRequest request = appleRequest();
  request.prompt += "<lora:nothing:0.8>";
  const auto events = run(request);
  const auto notices = only<Notice>(events);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices.front().message.find("nothing"), std::string::npos);
  EXPECT_EQ(only<JobFinished>(events).size(), 1U);
}

/// A LoRA of SD 1.x in its true size; the test's model is smaller.
tests::StoredTensors largeLora() {
  const std::string layer = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k";
  return {{layer + ".lora_down.weight", {"F32", {1, 768}, std::string(3072, '\0')}},
          {layer + ".lora_up.weight", {"F32", {320, 1}, std::string(1280, '\0')}}};
}

TEST_F(LoraPictures, areMadeWithoutALoraOfAnotherModelAndSaySo) {
  const std::vector<std::pair<std::string, std::string>> files{
      {"large.safetensors", tests::safetensorsBytes(largeLora())},
      {"foreign.safetensors", tests::safetensorsBytes({{"lora_unet_nothing.lora_down.weight", {"F32", {1, 1}, "abcd"}},
                                                       {"lora_unet_nothing.lora_up.weight", {"F32", {1, 1}, "abcd"}}})},
      {"xl.safetensors", tests::safetensorsBytes(largeLora(), {{"ss_base_model_version", "sdxl_base_v1-0"}})}};
  for (const auto& [name, bytes] : files) {
    GenerationRequest request = loraRequest();
    request.loras.insert(request.loras.begin(), {folder_.write(name, bytes), 1});
    const auto events = run(request);
    const auto notices = only<Notice>(events);
    ASSERT_EQ(notices.size(), 1U) << name;
    EXPECT_NE(notices.front().message.find(name), std::string::npos) << notices.front().message;
    EXPECT_EQ(only<JobFinished>(events).size(), 1U) << name;
    EXPECT_LE(distance(pictures(request), golden("picture.lora")), kPictureTolerance) << name;
  }
}

TEST_F(LoraPictures, ofAnotherFamilyFailBeforeAnyStepWhenStrictAndLeaveTheModelUsable) {
  GenerationRequest request = appleRequest();
  request.strict = true;
  request.loras = {{folder_.write("sd15.safetensors", tests::safetensorsBytes(largeLora())), 1}};
  const auto events = run(request);
  EXPECT_TRUE(only<StepFinished>(events).empty());
  ASSERT_EQ(only<JobFailed>(events).size(), 1U);
  EXPECT_EQ(only<JobFailed>(events).front().error.kind, ErrorKind::WrongFamily);
  EXPECT_LE(distance(pictures(appleRequest()), golden("picture.apple")), kPictureTolerance);
}

TEST_F(LoraPictures, sayThatABaseIsUnknownWhereItIs) {
  GenerationRequest request = appleRequest();
  request.strict = true;
  const tests::StoredTensors nothing{{"lora_unet_x.lora_down.weight", {"F32", {1, 1}, "abcd"}},
                                     {"lora_unet_x.lora_up.weight", {"F32", {1, 1}, "abcd"}}};
  request.loras = {{folder_.write("odd.safetensors", tests::safetensorsBytes(nothing)), 1}};
  const EngineError error = failure(request);
  EXPECT_EQ(error.kind, ErrorKind::WrongFamily);
  EXPECT_NE(error.message.find("unknown"), std::string::npos) << error.message;
}

TEST_F(LoraPictures, failForANameInThePromptThatNobodyKnowsWhenStrict) {
  for (const char* tag : {"<lora:nothing:0.8>", "<hypernet:anime:1>"}) {
    GenerationRequest request = appleRequest();
    request.prompt += tag;
    EXPECT_EQ(only<Notice>(run(request)).size(), 1U) << tag;
    request.strict = true;
    EXPECT_EQ(failure(request).kind, ErrorKind::MissingFile) << tag;
  }
}

/// The LoRA of the goldens and a layer that no tiny model has.
tests::StoredTensors withLayer(const std::filesystem::path& path, const std::string& layer) {
  const auto file = openTensorFile(path);
  tests::StoredTensors tensors;
  for (const auto& [key, info] : file->tensors()) {
    const at::Tensor numbers = file->load(key).to(at::kFloat).contiguous();
    tensors[key] = {"F32", info.shape, {static_cast<const char*>(numbers.const_data_ptr()), numbers.nbytes()}};
  }
  tensors[layer + ".lora_down.weight"] = {"F32", {1, 1}, "abcd"};
  tensors[layer + ".lora_up.weight"] = {"F32", {1, 1}, "abcd"};
  return tensors;
}

TEST_F(LoraPictures, sayHowMuchOfALoraFits) {
  GenerationRequest request = loraRequest();
  const auto whole = request.loras.front().file;
  EXPECT_TRUE(only<Notice>(run(request)).empty());
  for (const auto& [layer, words] : {std::pair("lora_unet_nothing", "the others are left out"),
                                     std::pair("lora_te_text_model_nothing", "the others are left out")}) {
    request.loras.front().file = folder_.write("part.safetensors", tests::safetensorsBytes(withLayer(whole, layer)));
    const auto events = run(request);
    const auto notices = only<Notice>(events);
    ASSERT_EQ(notices.size(), 1U) << layer;
    EXPECT_NE(notices.front().message.find(words), std::string::npos) << notices.front().message;
    EXPECT_NE(notices.front().message.find("part.safetensors"), std::string::npos);
    EXPECT_EQ(only<JobFinished>(events).size(), 1U);
    EXPECT_LE(distance(pictures(request), golden("picture.lora")), kPictureTolerance);
  }
}

TEST_F(LoraPictures, areNamedWithTheirHashesInThePicture) {
  tests::writeLora(folder_ / "loras" / "Ink.safetensors", tests::LoraNaming::Kohya);
  EngineOptions options{.precision = Precision::Float32};
  options.loraFolders = {folder_ / "loras"};
  generator_->setOptions(options);
  GenerationRequest request = loraRequest(tests::LoraNaming::Peft);
  request.prompt += "<lora:ink:0.5>";
  request.loras.push_back({folder_.write("xl.safetensors", tests::safetensorsBytes(largeLora())), 1});
  const auto finished = only<ImageFinished>(run(request));
  ASSERT_EQ(finished.size(), 1U);
  const auto info = readPictureInfo(finished.front().path);
  ASSERT_TRUE(info);
  std::vector<std::string> names;
  for (const NamedHash& hash : info.value().fileHashes) {
    EXPECT_EQ(hash.hash.size(), 12U);
    EXPECT_EQ(hash.kind, "lora");
    names.push_back(hash.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"peft", "Ink"})) << "the one that was left out has none";
}

TEST_F(LoraPictures, takeTheTextEncodersWeightApart) {
  GenerationRequest request = loraRequest();
  request.loras.front().textWeight = 0;
  const at::Tensor withoutText = pictures(request);
  EXPECT_GT(distance(withoutText, golden("picture.lora")), kPictureTolerance);
  request.loras.front().textWeight = request.loras.front().weight;
  EXPECT_LE(distance(pictures(request), golden("picture.lora")), kPictureTolerance);
}

TEST_F(LoraPictures, followBlockWeights) {
  GenerationRequest request = loraRequest();
  request.loras.front().blocks = "NONE";
  EXPECT_LE(distance(pictures(request), golden("picture.apple")), kPictureTolerance);
  request.loras.front().blocks = "what";
  EXPECT_EQ(only<Notice>(run(request)).size(), 1U);
}

TEST_F(LoraPictures, findALoraByItsPathAndByItsTrainersName) {
  tests::writeLora(folder_ / "loras" / "styles" / "Ink.safetensors", tests::LoraNaming::Kohya);
  tests::StoredTensors tensors = largeLora();
  tests::writeBytes(folder_ / "loras" / "000.safetensors",
                    tests::safetensorsBytes(tensors, {{"ss_output_name", "Kiln Style"}}));
  const std::vector<std::filesystem::path> folders{folder_ / "loras"};
  TrainersNames trainers;
  EXPECT_EQ(loraNamed("ink", folders, trainers), folder_ / "loras" / "styles" / "Ink.safetensors");
  EXPECT_EQ(loraNamed("Styles/INK", folders, trainers), folder_ / "loras" / "styles" / "Ink.safetensors");
  EXPECT_EQ(loraNamed("styles\\ink", folders, trainers), folder_ / "loras" / "styles" / "Ink.safetensors");
  EXPECT_EQ(loraNamed("kiln style", folders, trainers), folder_ / "loras" / "000.safetensors");
  EXPECT_EQ(loraNamed("other", folders, trainers), "");
  // A file that is replaced has another name from then on.
  const auto renamed = folder_ / "loras" / "000.safetensors";
  tests::writeBytes(renamed, tests::safetensorsBytes(tensors, {{"ss_output_name", "other"}}));
  std::filesystem::last_write_time(renamed, std::filesystem::last_write_time(renamed) + std::chrono::seconds(2));
  EXPECT_EQ(loraNamed("other", folders, trainers), renamed);
}

}  // namespace
}  // namespace studio::engine
