#include "tests/ui/support/fake_generator.h"

#include <memory>

namespace studio::ui::test {

engine::JobId FakeGenerator::submit(const engine::GenerationRequest& request, const engine::OutputOptions& output) {
  const engine::JobId id{submitted.size() + 1};
  submitted.push_back({id, request, output});
  return id;
}

void FakeGenerator::start(engine::JobId job) {
  const engine::GenerationRequest& request = submitted[job.value - 1].request;
  queue_.push(
      engine::JobStarted{job, request.seed.value_or(engine::Seed{4213}), request.batchSize * request.batchCount});
  queue_.push(engine::PhaseStarted{job, engine::Phase::Load});
  queue_.push(engine::ModelLoaded{
      job, request.model, "SD 1.x", engine::Precision::BFloat16, 2, {"bf16 was faster.", {}}, engine::Seconds(1.5)});
}

void FakeGenerator::goOn(engine::JobId job, const engine::StepPlace& from, int earlier) {
  const engine::GenerationRequest& request = submitted[job.value - 1].request;
  queue_.push(engine::JobStarted{job, {}, request.batchSize * request.batchCount, earlier, from});
  queue_.push(engine::PhaseStarted{job, engine::Phase::Load});
}

void FakeGenerator::denoiseFrom(engine::JobId job, const engine::StepPlace& from) {
  queue_.push(engine::PhaseStarted{job, engine::Phase::Denoise, from});
}

void FakeGenerator::phase(engine::JobId job, engine::Phase phase) { queue_.push(engine::PhaseStarted{job, phase}); }

void FakeGenerator::step(engine::JobId job, int step, int of, double seconds, int batch) {
  queue_.push(engine::StepFinished{job, batch, step, of, engine::Seconds(seconds)});
}

void FakeGenerator::preview(engine::JobId job, int step, const std::vector<engine::Image>& images) {
  queue_.push(engine::PreviewReady{job, 0, step, images});
}

void FakeGenerator::picture(engine::JobId job, int index, std::uint64_t seed, const std::filesystem::path& path,
                            const engine::Image& image) {
  queue_.push(engine::ImageFinished{job, index, path, engine::Seed{seed}, image});
}

void FakeGenerator::finish(engine::JobId job, int images, double seconds) {
  queue_.push(engine::JobFinished{job, images, engine::Seconds(seconds), engine::Bytes{std::int64_t{2} << 30}, {}});
}

void FakeGenerator::fail(engine::JobId job, engine::EngineError error) {
  queue_.push(engine::JobFailed{job, std::move(error)});
}

void FakeGenerator::confirmCancel(engine::JobId job) { queue_.push(engine::JobCancelled{job}); }

engine::Image testPicture(int width, int height, int variant) {
  auto pixels = std::make_shared<std::vector<std::uint8_t>>();
  pixels->reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels->push_back(static_cast<std::uint8_t>(255 * x / width));
      pixels->push_back(static_cast<std::uint8_t>(255 * y / height));
      pixels->push_back(static_cast<std::uint8_t>((variant * 40 + 90) % 256));
    }
  }
  return {{width, height}, 3, std::move(pixels)};
}

}  // namespace studio::ui::test
