#include "engine/pipeline/model_choices.h"

#include "tests/engine/pipeline/pipeline_fixture.h"

#include <fstream>

namespace studio::engine {
namespace {

constexpr ModelChoice kChosen{PredictionType::Velocity, ZeroTerminalSnr::On};

class ModelChoicesTest : public PipelineTest {
 protected:
  ModelChoices choices() const { return {folder_ / "state" / "choices.txt", folder_ / "cache"}; }
};

TEST_F(ModelChoicesTest, followAFileThatIsMoved) {
  const auto file = folder_.write("a.safetensors", "abc");
  choices().remember(file, kChosen, {});
  EXPECT_EQ(choices().find(file, {}), kChosen);
  std::filesystem::rename(file, folder_ / "b.safetensors");
  EXPECT_EQ(choices().find(folder_ / "b.safetensors", {}), kChosen);
  EXPECT_EQ(choices().find(folder_.write("c.safetensors", "abd"), {}), ModelChoice());
  EXPECT_EQ(choices().find(folder_ / "gone", {}), ModelChoice());
}

TEST_F(ModelChoicesTest, areForgottenWhenEverythingIsAutomaticAgain) {
  const auto a = folder_.write("a.safetensors", "abc"), b = folder_.write("b.safetensors", "xyz");
  choices().remember(a, kChosen, {});
  choices().remember(b, {PredictionType::Epsilon, ZeroTerminalSnr::Automatic}, {});
  choices().remember(a, {}, {});
  EXPECT_EQ(choices().find(a, {}), ModelChoice());
  EXPECT_EQ(choices().find(b, {}).prediction, PredictionType::Epsilon);
}

TEST_F(ModelChoicesTest, readNoModelOfAnotherSize) {
  choices().remember(folder_.write("a.safetensors", "abc"), kChosen, {});
  std::filesystem::remove_all(folder_ / "cache");
  choices().find(folder_.write("large.safetensors", "much longer"), {});
  EXPECT_FALSE(std::filesystem::exists(folder_ / "cache"));
}

TEST_F(ModelChoicesTest, leaveDamagedLinesAside) {
  const auto file = folder_.write("a.safetensors", "abc");
  choices().remember(file, kChosen, {});
  std::string text = "nonsense\n\n" + std::string(64, 'a') + " x v on\n";
  std::ifstream in(folder_ / "state" / "choices.txt");
  for (std::string line; std::getline(in, line);) text += line + "\n";
  folder_.write("state/choices.txt", text);
  EXPECT_EQ(choices().find(file, {}), kChosen);
}

TEST_F(ModelChoicesTest, decideHowAPictureIsMadeUnlessTheRequestDoes) {
  GenerationRequest request = appleRequest();
  const at::Tensor epsilon = pictures(request);
  const auto inspector = makeInspector(folder_ / "cache", folder_ / "choices.txt");
  EXPECT_FALSE(inspector->remember(model(), {PredictionType::Velocity, ZeroTerminalSnr::Automatic}, {}));
  const auto info = inspector->inspect(model());
  ASSERT_TRUE(info);
  EXPECT_EQ(std::get<ModelInfo>(info.value()).chosen.prediction, PredictionType::Velocity);
  EngineOptions options{.precision = Precision::Float32, .cacheFolder = folder_ / "cache"};
  options.choicesFile = folder_ / "choices.txt";
  generator_->setOptions(options);
  const at::Tensor remembered = pictures(request);
  EXPECT_GT(distance(remembered, epsilon), 10 * kPictureTolerance);
  request.prediction = PredictionType::Epsilon;
  EXPECT_EQ(distance(pictures(request), epsilon), 0);
  request.prediction = PredictionType::Velocity;
  EXPECT_EQ(distance(pictures(request), remembered), 0);
}

}  // namespace
}  // namespace studio::engine
