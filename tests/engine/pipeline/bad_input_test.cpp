#include "engine/api/image_io.h"
#include "engine/api/token_counter.h"
#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/rescue_folder.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <csignal>
#include <cstdlib>
#include <limits>
#include <optional>

#include <sys/resource.h>
#include <unistd.h>

namespace studio::engine {
namespace {

class BadInput : public PipelineTest {
 protected:
  /// Expects the job to fail with this kind and a sentence that contains `part`; then a good job must still succeed.
  void expectFailure(const GenerationRequest& request, ErrorKind kind, const std::string& part) {
    SCOPED_TRACE(part);
    const EngineError error = failure(request);
    EXPECT_STREQ(errorKindName(error.kind), errorKindName(kind)) << error.message << " " << error.detail;
    EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
    EXPECT_TRUE(error.message.ends_with('.')) << error.message;
  }

  GenerationRequest withModel(const std::filesystem::path& model) const {
    GenerationRequest request = appleRequest();
    request.model = model;
    return request;
  }
};

TEST_F(BadInput, namesAValueOutOfRangeAndWhatIsAllowed) {
  for (const auto& [width, part] : std::vector<std::pair<int, const char*>>{
           {0, "64 to 8192"}, {100000, "64 to 8192"}, {-64, "64 to 8192"}, {100, "multiple of 8"}}) {
    GenerationRequest request = appleRequest();
    request.size.width = width;
    expectFailure(request, ErrorKind::BadRequest, part);
  }
  GenerationRequest steps = appleRequest();
  steps.steps = 0;
  expectFailure(steps, ErrorKind::BadRequest, "Steps");
  GenerationRequest guidance = appleRequest();
  guidance.guidanceScale = std::numeric_limits<double>::quiet_NaN();
  expectFailure(guidance, ErrorKind::BadRequest, "Guidance");
}

TEST_F(BadInput, asksForAModel) { expectFailure(withModel({}), ErrorKind::BadRequest, "No model is chosen"); }

TEST_F(BadInput, namesAFileThatIsNotThere) {
  expectFailure(withModel(folder_ / "gone.safetensors"), ErrorKind::MissingFile, "gone.safetensors");
}

TEST_F(BadInput, refusesATruncatedModel) {
  const auto path = folder_ / "cut.safetensors";
  std::filesystem::copy_file(model(), path);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 100);
  expectFailure(withModel(path), ErrorKind::BadFile, "truncated");
}

TEST_F(BadInput, saysWhichPartIsMissingAndHowToAddIt) {
  expectFailure(withModel(tests::writeSingleFile(folder_ / "a.safetensors", {.networks = {"unet", "text_encoder"}})),
                ErrorKind::MissingPart, "VAE");
  expectFailure(withModel(tests::writeSingleFile(folder_ / "b.safetensors", {.networks = {"unet", "vae"}})),
                ErrorKind::MissingPart, "text encoder");
  expectFailure(withModel(tests::writeSingleFile(folder_ / "c.safetensors", {.networks = {"vae"}})),
                ErrorKind::MissingPart, "UNet");
}

TEST_F(BadInput, namesFamiliesThatCannotBeUsed) {
  const tests::StoredTensors flux{{"model.diffusion_model.double_blocks.0.img_attn.qkv.weight", {"F16", {1}, "ab"}}};
  expectFailure(withModel(folder_.write("flux.safetensors", tests::safetensorsBytes(flux))), ErrorKind::WrongFamily,
                "Flux.1");
}

TEST_F(BadInput, namesTheTextEncoderThatSdxlLacks) {
  tests::StoredTensors tensors = tests::singleFileTensors();
  tensors["conditioner.embedders.0.x"] = {"F16", {1}, "ab"};
  expectFailure(withModel(folder_.write("xl.safetensors", tests::safetensorsBytes(tensors))), ErrorKind::MissingPart,
                "bigG");
}

TEST_F(BadInput, refusesAnIncompleteNetwork) {
  tests::StoredTensors tensors = tests::singleFileTensors();
  tensors.erase("model.diffusion_model.middle_block.0.in_layers.2.bias");
  expectFailure(withModel(folder_.write("hole.safetensors", tests::safetensorsBytes(tensors))), ErrorKind::BadFile,
                "UNet is incomplete");
}

TEST_F(BadInput, refusesATensorOfAnotherShape) {
  tests::StoredTensors tensors = tests::singleFileTensors();
  tests::StoredTensor& tensor = tensors.at("model.diffusion_model.out.2.weight");
  tensor.shape = {4, 32 * 9};
  expectFailure(withModel(folder_.write("shape.safetensors", tests::safetensorsBytes(tensors))), ErrorKind::BadFile,
                "UNet");
}

TEST_F(BadInput, refusesPartsThatDoNotBelongTogether) {
  GenerationRequest request = appleRequest();
  request.vae = tests::writeSingleFile(folder_ / "not-a-vae.safetensors", {.networks = {"text_encoder"}});
  expectFailure(request, ErrorKind::MissingPart, "VAE");
}

TEST_F(BadInput, findsAnUnwritableFolderBeforeTheWork) {
  // Below a file there can be no folder, not even for root.
  tests::writeBytes(folder_ / "file", "x");
  std::filesystem::create_symlink("loop", folder_ / "loop");
  for (const auto& place : {folder_ / "file", folder_ / std::string(300, 'x'), folder_ / "loop"}) {
    const auto events = eventsOf(generator_->submit(appleRequest(), {(place / "{index}.png").string(), 92}));
    ASSERT_EQ(only<JobFailed>(events).size(), 1U);
    const EngineError error = only<JobFailed>(events).front().error;
    EXPECT_EQ(error.kind, ErrorKind::CannotWrite) << error.message;
    EXPECT_TRUE(error.message.starts_with("The folder for the pictures cannot be written to: ")) << error.message;
    EXPECT_TRUE(only<PhaseStarted>(events).empty()) << "found before the model is loaded";
  }
}

TEST_F(BadInput, refusesAWeightInThePromptThatIsOutOfRange) {
  tests::writeLora(folder_ / "tag.safetensors", tests::LoraNaming::Kohya);
  generator_->setOptions({.precision = Precision::Float32, .threads = 1, .loraFolders = {folder_.path()}});
  for (const char* weight : {"1e30", "-101", "101"}) {
    GenerationRequest request = appleRequest();
    request.prompt += std::string(" <lora:tag:") + weight + ">";
    expectFailure(request, ErrorKind::BadRequest, "tag.safetensors");
  }
}

TEST_F(BadInput, refusesAPromptOfTooManyChunks) {
  GenerationRequest request = appleRequest();
  request.steps = 1;
  for (int i = 0; i < kMostChunks - 1; ++i) request.negativePrompt += " BREAK apple";
  EXPECT_EQ(only<JobFinished>(run(request)).size(), 1U);
  request.negativePrompt += " BREAK apple";
  expectFailure(request, ErrorKind::BadRequest, "65 chunks of 75; at most 64");
  std::swap(request.prompt, request.negativePrompt);
  expectFailure(request, ErrorKind::BadRequest, "The prompt has");
}

TEST_F(BadInput, refusesASideThatTheVaeCannotDivide) {
  // Four levels more than the tiny one has, none of which changes anything but the scale: 16.
  tests::StoredTensors tensors = tests::singleFileTensors({.networks = {"tiny_vae"}});
  tests::StoredTensors larger;
  for (auto& [name, tensor] : tensors) {
    if (!name.starts_with("taesd_decoder.")) continue;
    const std::size_t dot = name.find('.', 14);
    const int place = std::stoi(name.substr(14, dot - 14));
    larger["taesd_decoder." + std::to_string(place > 3 ? place + 2 : place) + name.substr(dot)] = tensor;
  }
  GenerationRequest request = appleRequest();
  request.vae = folder_.write("deep.safetensors", tests::safetensorsBytes(larger));
  request.size = {64, 72};
  expectFailure(request, ErrorKind::BadRequest, "multiple of 16");
}

/// While it lives a variable of the environment has another value.
class Environment {
 public:
  Environment(const char* name, const std::filesystem::path& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// While it lives no file grows beyond a few bytes, as on a full disk.
class FullDisk {
 public:
  FullDisk() {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{100, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST_F(BadInput, leavesNothingHalfWrittenOnAFullDisk) {
  std::vector<EngineEvent> events;
  {
    const Environment state("XDG_STATE_HOME", modelFolder() / "state");
    const FullDisk full;
    events = run(appleRequest());
  }
  ASSERT_EQ(only<JobFailed>(events).size(), 1U);
  EXPECT_EQ(only<JobFailed>(events).front().error.kind, ErrorKind::CannotWrite);
  EXPECT_TRUE(only<ImageFinished>(events).empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(BadInput, rescuesEveryPictureOfABatchWhoseFolderFails) {
  const Environment state("XDG_STATE_HOME", folder_ / "state"), temporary("TMPDIR", folder_ / "tmp");
  GenerationRequest request = appleRequest();
  request.steps = 100;
  request.batchSize = 3;
  request.batchCount = 2;
  bool broken = false;
  const auto events = eventsOf(generator_->submit(request, {(folder_ / "gone" / "{index}.png").string(), 92, true}),
                               [&](const EngineEvent& event) {
                                 if (broken || !std::holds_alternative<StepFinished>(event)) return;
                                 broken = true;  // nothing can be made below a file
                                 std::filesystem::remove_all(folder_ / "gone");
                                 folder_.write("gone", "a file");
                               });
  const auto images = only<ImageFinished>(events);
  ASSERT_EQ(images.size(), 3U) << "the batch that was made, not the next";
  for (const ImageFinished& image : images) {
    EXPECT_EQ(image.path.parent_path(), folder_ / "state" / "kiln-studio" / "pictures");
    EXPECT_TRUE(readPictureInfo(image.path));
  }
  ASSERT_EQ(only<JobFailed>(events).size(), 1U);
  const EngineError error = only<JobFailed>(events)[0].error;
  EXPECT_EQ(error.kind, ErrorKind::CannotWrite);
  EXPECT_TRUE(error.message.starts_with("3 pictures could not be written")) << error.message;
  EXPECT_NE(error.message.find(images[0].path.parent_path().string()), std::string::npos) << error.message;
}

TEST_F(BadInput, rescuesOnlyIntoFoldersOfOnesOwn) {
  const Environment state("XDG_STATE_HOME", folder_ / "state"), temporary("TMPDIR", folder_.path());
  const auto own = folder_ / "state" / "kiln-studio" / "pictures";
  const auto shared = folder_ / ("kiln-studio-pictures-" + std::to_string(geteuid()));
  EXPECT_EQ(rescueFolders(), (std::vector{own, shared}));
  EXPECT_EQ(std::filesystem::status(shared).permissions(), std::filesystem::perms::owner_all);
  std::filesystem::remove(shared);
  std::filesystem::create_symlink(own, shared);  // as somebody else may do in a folder that all can write to
  EXPECT_EQ(rescueFolders(), std::vector{own});
  std::filesystem::permissions(own, std::filesystem::perms::all);
  EXPECT_TRUE(rescueFolders().empty());
}

TEST_F(BadInput, saysWhenMemoryRunsOutOnTheWayAndGoesOnAfterwards) {
  GenerationRequest request = appleRequest();
  request.steps = 150;
  generator_->setOptions({.precision = Precision::Float32, .threads = 1, .oomPolicy = OomPolicy::Off});
  const auto events = eventsOf(submit(request), [](const EngineEvent& event) {
    if (std::holds_alternative<StepFinished>(event)) setDeviceBudget({1 << 16});
  });
  setDeviceBudget({0});
  ASSERT_EQ(only<JobFailed>(events).size(), 1U);
  EXPECT_EQ(only<JobFailed>(events).at(0).error.kind, ErrorKind::OutOfMemory);
  EXPECT_FALSE(only<JobFailed>(events).at(0).error.detail.empty());
  EXPECT_LE(distance(pictures(appleRequest()), tests::golden("picture.apple")), kPictureTolerance);
}

TEST_F(BadInput, leavesTheGeneratorWorking) {
  failure(withModel(folder_ / "gone.safetensors"));
  failure(withModel(tests::writeSingleFile(folder_ / "b.safetensors", {.networks = {"unet", "vae"}})));
  EXPECT_LE(distance(pictures(appleRequest()), tests::golden("picture.apple")), kPictureTolerance);
}

}  // namespace
}  // namespace studio::engine
