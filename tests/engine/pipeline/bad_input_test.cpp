#include "engine/memory/budget_allocator.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <csignal>
#include <limits>

#include <sys/resource.h>

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
  const JobId job = generator_->submit(appleRequest(), {(folder_ / "file" / "{index}.png").string(), 92});
  const auto events = eventsOf(job);
  ASSERT_EQ(only<JobFailed>(events).size(), 1U);
  EXPECT_EQ(only<JobFailed>(events).front().error.kind, ErrorKind::CannotWrite);
  EXPECT_TRUE(only<StepFinished>(events).empty());
}

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
    const FullDisk full;
    events = run(appleRequest());
  }
  ASSERT_EQ(only<JobFailed>(events).size(), 1U);
  EXPECT_EQ(only<JobFailed>(events).front().error.kind, ErrorKind::CannotWrite);
  EXPECT_TRUE(only<ImageFinished>(events).empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

/// While it lives the device pool is this small.
class SmallDevice {
 public:
  explicit SmallDevice(std::int64_t bytes) { setDeviceBudget({bytes}); }
  ~SmallDevice() { setDeviceBudget({0}); }
  SmallDevice(const SmallDevice&) = delete;
  SmallDevice& operator=(const SmallDevice&) = delete;
};

TEST_F(BadInput, saysWhenMemoryRunsOutAndGoesOnAfterwards) {
  const std::vector<EngineEvent> good = run(appleRequest());
  const std::int64_t needed = only<JobFinished>(good).at(0).peakDeviceBytes.count;
  for (const int percent : {90, 50, 10}) {
    generator_ = makeGenerator({.precision = Precision::Float32, .threads = 1}, {});
    const SmallDevice small(needed * percent / 100);
    const EngineError error = failure(appleRequest());
    EXPECT_EQ(error.kind, ErrorKind::OutOfMemory) << percent << " " << error.message << error.detail;
    EXPECT_FALSE(error.detail.empty());
  }
  EXPECT_LE(distance(pictures(appleRequest()), tests::golden("picture.apple")), kPictureTolerance);
}

TEST_F(BadInput, leavesTheGeneratorWorking) {
  failure(withModel(folder_ / "gone.safetensors"));
  failure(withModel(tests::writeSingleFile(folder_ / "b.safetensors", {.networks = {"unet", "vae"}})));
  EXPECT_LE(distance(pictures(appleRequest()), tests::golden("picture.apple")), kPictureTolerance);
}

}  // namespace
}  // namespace studio::engine
