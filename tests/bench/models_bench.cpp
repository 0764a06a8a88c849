// What going back to a model costs that was used before: makes a picture with each of the files in turn, twice around,
// and prints what loading took (what a model needs to be read from the disk is in it) and what lies idle then. The
// second round is compared to the first; pictures of both must be the same.
//   models_bench FIRST.safetensors SECOND.safetensors [MORE...]

#include "engine/api/engine_factory.h"
#include "engine/memory/budget_allocator.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace studio::engine {
namespace {

struct Made {
  double loading = 0, all = 0;
  Image image;
};

Made pictureOf(Generator& generator, const std::filesystem::path& model, const std::filesystem::path& folder) {
  GenerationRequest request;
  request.model = model;
  request.prompt = "a red apple on a wooden table";
  request.size = {256, 256};
  request.steps = 1;
  request.seed = Seed{1};
  generator.submit(request, {(folder / "picture.png").string(), 92});
  Made made;
  while (generator.events().waitFor(std::chrono::minutes(30))) {
    for (const EngineEvent& event : generator.events().drain()) {
      if (const auto* loaded = std::get_if<ModelLoaded>(&event)) made.loading = loaded->seconds.count();
      if (const auto* picture = std::get_if<ImageFinished>(&event)) made.image = picture->image;
      if (const auto* finished = std::get_if<JobFinished>(&event)) made.all = finished->seconds.count();
      if (const auto* failed = std::get_if<JobFailed>(&event))
        std::fprintf(stderr, "%s\n", failed->error.message.c_str());
      if (isOutcome(event)) return made;
    }
  }
  return made;
}

bool isSame(const Image& a, const Image& b) { return a.pixels && b.pixels && *a.pixels == *b.pixels; }

int run(const std::vector<std::filesystem::path>& models) {
  const auto folder = std::filesystem::temp_directory_path() / "studio_models_bench";
  std::filesystem::create_directories(folder);
  const auto generator = makeGenerator({.preview = PreviewMode::Off, .checkpoint = false}, {});
  std::vector<Made> first;
  bool same = true;
  std::printf("%-32s %10s %10s %10s\n", "model", "loading s", "whole s", "idle MiB");
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      const Made made = pictureOf(*generator, models[i], folder);
      std::printf("%-32s %10.3f %10.3f %10lld", models[i].filename().c_str(), made.loading, made.all,
                  static_cast<long long>(idlePool().current.count >> 20));
      if (round == 0) first.push_back(made);
      if (round == 1) {
        same = same && isSame(made.image, first[i].image);
        std::printf("   loading 1/%.0f of the first time's", first[i].loading / made.loading);
      }
      std::printf("\n");
    }
  }
  std::filesystem::remove_all(folder);
  std::printf(same ? "the same pictures\n" : "NOT the same pictures\n");
  return same ? 0 : 1;
}

}  // namespace
}  // namespace studio::engine

int main(int count, char** values) { return studio::engine::run({values + 1, values + count}); }
