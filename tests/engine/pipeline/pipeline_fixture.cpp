#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/stack.h>

#include <chrono>

namespace studio::engine {
namespace {

std::unique_ptr<tests::TemporaryFolder> sharedFolder;

constexpr std::chrono::milliseconds kPatience{60'000};

EngineOptions exactOptions() {
  EngineOptions options;
  options.precision = Precision::Float32;
  options.threads = 1;  // networks this small gain nothing from more
  options.preview = PreviewMode::LatentRgb;
  return options;
}

}  // namespace

at::Tensor tensorOf(const Image& image) {
  auto* bytes = const_cast<std::uint8_t*>(image.pixels->data());
  return at::from_blob(bytes, {image.size.height, image.size.width, image.channels}, at::kByte).clone();
}

void PipelineTest::SetUpTestSuite() {
  sharedFolder = std::make_unique<tests::TemporaryFolder>();
  tests::writeSingleFile(model(), {.leftovers = true});
}

void PipelineTest::TearDownTestSuite() { sharedFolder.reset(); }

PipelineTest::PipelineTest() : generator_(makeGenerator(exactOptions(), {})) {}

const tests::TemporaryFolder& PipelineTest::modelFolder() { return *sharedFolder; }
std::filesystem::path PipelineTest::model() { return *sharedFolder / "tiny.safetensors"; }

GenerationRequest PipelineTest::appleRequest() {
  GenerationRequest request;
  request.model = model();
  request.prompt = "a (red apple:1.3) on a [wooden] table, masterpiece";
  request.negativePrompt = "blurry, low quality";
  request.size = {64, 64};
  request.steps = 8;
  request.sampler = Sampler::Euler;
  request.schedule = Schedule::Karras;
  request.guidanceScale = 5;
  request.seed = Seed{11};
  return request;
}

std::vector<EngineEvent> PipelineTest::eventsOf(JobId job, const std::function<void(const EngineEvent&)>& onEvent) {
  std::vector<EngineEvent> all;
  while (generator_->events().waitFor(kPatience)) {
    bool over = false;
    for (EngineEvent& event : generator_->events().drain()) {
      if (jobOf(event) != job) continue;
      if (onEvent) onEvent(event);
      over = over || isOutcome(event);
      all.push_back(std::move(event));
    }
    if (over) return all;
  }
  ADD_FAILURE() << "the job gave no outcome";
  return all;
}

at::Tensor PipelineTest::pictures(const GenerationRequest& request) {
  const auto events = run(request);
  for (const JobFailed& failed : only<JobFailed>(events))
    ADD_FAILURE() << failed.error.message << " " << failed.error.detail;
  std::vector<at::Tensor> all;
  for (const ImageFinished& picture : only<ImageFinished>(events)) all.push_back(tensorOf(picture.image));
  if (all.empty()) throw std::runtime_error("no picture");
  return at::stack(all);
}

EngineError PipelineTest::failure(const GenerationRequest& request) {
  const auto events = run(request);
  const auto failed = only<JobFailed>(events);
  if (failed.size() == 1) return failed.front().error;
  ADD_FAILURE() << "the job did not fail";
  return {};
}

int distance(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return 999;
  return (a.to(at::kInt) - b.to(at::kInt)).abs().max().item<int>();
}

}  // namespace studio::engine
