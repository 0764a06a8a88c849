#include "engine/api/image_io.h"
#include "engine/pipeline/latent_file.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/ops/zeros.h>

#include <fstream>
#include <iterator>

namespace studio::engine {
namespace {

class LatentDecodingTest : public PipelineTest {
 protected:
  static std::string fileBytesOf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// A picture and, beside it, its latent.
  std::filesystem::path makeWithLatent() {
    GenerationRequest request = appleRequest();
    request.steps = 2;
    const auto events =
        eventsOf(generator_->submit(request, {(folder_ / "apple.png").string(), 92, /*keepLatents=*/true}));
    return only<ImageFinished>(events).at(0).path;
  }
  std::vector<EngineEvent> decode(const std::filesystem::path& latent) {
    const Result<PictureInfo> info = readPictureInfo(latent);
    GenerationRequest request;
    if (info) applyPatch(info.value().request, request);
    request.model = model();
    return eventsOf(generator_->decode(latent, request, {(folder_ / "again.png").string(), 92}));
  }
  EngineError failureOf(const std::filesystem::path& latent) {
    const auto failed = only<JobFailed>(decode(latent));
    return failed.empty() ? EngineError{} : failed.front().error;
  }
};

TEST_F(LatentDecodingTest, makesTheSameFileAgain) {
  const auto picture = makeWithLatent();
  const auto events = decode(folder_ / "apple.latent.safetensors");
  ASSERT_EQ(only<JobFinished>(events).size(), 1U);
  EXPECT_TRUE(only<StepFinished>(events).empty());
  const auto again = only<ImageFinished>(events).at(0);
  EXPECT_EQ(again.path, folder_ / "again.png");
  EXPECT_EQ(again.seed, Seed{11});
  EXPECT_TRUE(fileBytesOf(again.path) == fileBytesOf(picture));
}

TEST_F(LatentDecodingTest, goesOnInASmallerWayWhenMemoryRunsOut) {
  makeWithLatent();
  const auto latent = folder_ / "apple.latent.safetensors";
  const Image whole = only<ImageFinished>(decode(latent)).at(0).image;
  generator_->setOptions({.precision = Precision::Float32, .failAllocation = {.number = 1, .stickyPercent = 60}});
  const auto events = decode(latent);
  ASSERT_EQ(only<JobFinished>(events).size(), 1U);
  const JobFinished finished = only<JobFinished>(events)[0];
  ASSERT_GE(finished.rungs.size(), 2U) << "to try the same again is not enough";
  EXPECT_GT(finished.predictedPeakBytes.count, 0);
  const ImageFinished picture = only<ImageFinished>(events).at(0);
  EXPECT_EQ(distance(tensorOf(picture.image), tensorOf(whole)), 0);
  EXPECT_NE(fileBytesOf(picture.path).find(finished.rungs.back().text()), std::string::npos);
}

TEST_F(LatentDecodingTest, namesThePictureInALatentsMetadata) {
  makeWithLatent();
  const auto info = readPictureInfo(folder_ / "apple.latent.safetensors");
  ASSERT_TRUE(info);
  EXPECT_EQ(info.value().request.values.prompt, appleRequest().prompt);
  EXPECT_EQ(info.value().size, (PixelSize{64, 64}));
  EXPECT_EQ(info.value().modelName, "tiny");
}

TEST_F(LatentDecodingTest, refusesWhatIsNoLatent) {
  makeWithLatent();
  const auto latent = folder_ / "apple.latent.safetensors";
  EXPECT_EQ(failureOf(folder_ / "nowhere.latent.safetensors").kind, ErrorKind::MissingFile);
  EXPECT_EQ(failureOf(model()).kind, ErrorKind::BadFile);
  const std::string bytes = fileBytesOf(latent);
  for (const std::size_t length : {bytes.size() - 1, bytes.size() / 2, std::size_t{20}, std::size_t{0}}) {
    std::ofstream(folder_ / "cut", std::ios::binary | std::ios::trunc) << bytes.substr(0, length);
    EXPECT_EQ(failureOf(folder_ / "cut").kind, ErrorKind::BadFile) << length;
  }
}

TEST_F(LatentDecodingTest, refusesALatentOfAnotherKindOfVae) {
  const auto path = writeLatent(at::zeros({1, 16, 8, 8}), R"({"version":1,"request":{}})", folder_ / "x.safetensors");
  const EngineError error = failureOf(path);
  EXPECT_EQ(error.kind, ErrorKind::WrongFamily);
  EXPECT_NE(error.message.find("16 channels"), std::string::npos) << error.message;
}

}  // namespace
}  // namespace studio::engine
