#include "engine/pipeline/finite_guard.h"

#include "engine/pipeline/loaded_model.h"
#include "tests/engine/pipeline/resume_fixture.h"

#include <algorithm>
#include <cstring>
#include <limits>

/// Parts whose numbers are too large for fp16, and files that hold no numbers: no black picture comes of them.
namespace studio::engine {
namespace {

class FiniteGuardTest : public ResumeTest {
 protected:
  /// The tiny model in fp32 with every number of the tensors whose names hold these words changed.
  std::filesystem::path modelWith(const std::string& words, const std::function<float(float)>& change) {
    tests::CheckpointStyle style;
    style.type = "F32";
    tests::StoredTensors tensors = tests::singleFileTensors(style);
    int changed = 0;
    for (auto& [name, tensor] : tensors) {
      if (name.find(words) == std::string::npos) continue;
      for (std::size_t at = 0; at + sizeof(float) <= tensor.bytes.size(); at += sizeof(float)) {
        float number = 0;
        std::memcpy(&number, tensor.bytes.data() + at, sizeof number);
        number = change(number);
        std::memcpy(tensor.bytes.data() + at, &number, sizeof number);
      }
      ++changed;
    }
    EXPECT_GT(changed, 0) << words;
    const auto path = folder_ / "changed.safetensors";
    tests::writeBytes(path, tests::safetensorsBytes(tensors));
    return path;
  }
  static float tooLarge(float number) { return number * 1e6F; }  // for fp16, which ends at 65504
  static float noNumber(float) { return std::numeric_limits<float>::quiet_NaN(); }

  static GenerationRequest requestWith(const std::filesystem::path& model) {
    GenerationRequest request = appleRequest();
    request.model = model;
    request.steps = 3;
    return request;
  }
  void restart(Precision precision) {
    EngineOptions wanted = options();
    wanted.precision = precision;
    ResumeTest::restart(wanted);
  }
  /// The job in fp16 comes through, says what was done, and is near the picture of fp32.
  void expectWidened(const std::filesystem::path& model, const std::string& part) {
    restart(Precision::Float32);
    const auto wanted = only<ImageFinished>(run(requestWith(model)));
    ASSERT_EQ(wanted.size(), 1U);
    restart(Precision::Float16);
    for (int again = 0; again < 2; ++again) {
      const auto events = run(requestWith(model));
      const auto finished = only<JobFinished>(events);
      ASSERT_EQ(finished.size(), 1U) << only<JobFailed>(events).at(0).error.message;
      ASSERT_EQ(finished[0].rungs.size(), 1U) << "each job begins in the format that was asked for";
      const std::string said = finished[0].rungs[0].text();
      EXPECT_NE(said.find(part), std::string::npos) << said;
      EXPECT_NE(said.find("fp16"), std::string::npos) << said;
      EXPECT_EQ(only<Notice>(events).at(0).message, said);
      const ImageFinished picture = only<ImageFinished>(events).at(0);
      EXPECT_NE(bytesOfFile(picture.path).find(said), std::string::npos) << "it is named in the picture";
      EXPECT_LE(distance(tensorOf(picture.image), tensorOf(wanted[0].image)), kNear);
    }
  }
  EngineError failureIn(const std::filesystem::path& model) {
    restart(Precision::Float32);
    const auto failures = only<JobFailed>(run(requestWith(model)));
    EXPECT_EQ(failures.size(), 1U);
    return failures.empty() ? EngineError() : failures[0].error;
  }

  static constexpr int kNear = 24;  ///< levels; the other parts stay in fp16
};

TEST_F(FiniteGuardTest, aVaeThatOverflowsDecodesInFp32) {
  expectWidened(modelWith("first_stage_model.decoder.conv_in.weight", tooLarge), "VAE");
}

TEST_F(FiniteGuardTest, aUNetThatOverflowsTakesTheStepAgainInFp32) {
  const auto model = modelWith("model.diffusion_model.time_embed.0.weight", tooLarge);
  restart(Precision::Float16);
  const auto events = run(requestWith(model));
  ASSERT_EQ(only<JobFinished>(events).size(), 1U) << only<JobFailed>(events).at(0).error.message;
  EXPECT_NE(only<JobFinished>(events)[0].rungs.at(0).text().find("UNet"), std::string::npos);
  std::vector<int> steps;
  for (const StepFinished& step : only<StepFinished>(events)) steps.push_back(step.step);
  EXPECT_EQ(steps, (std::vector<int>{1, 2, 3})) << "no step is taken twice";
}

TEST_F(FiniteGuardTest, aJobThatGoesOnKnowsWhatOverflowed) {
  const auto model = modelWith("model.diffusion_model.time_embed.0.weight", tooLarge);
  restart(Precision::Float16);
  const auto events = runWatched(requestWith(model), [this](const EngineEvent& event) {
    const auto* step = std::get_if<StepFinished>(&event);
    if (step == nullptr || step->step != 2) return;
    waitForStep(0, 2);
    takeSnapshot("border");
  });
  ASSERT_EQ(only<JobFinished>(events).size(), 1U);
  const auto whole = contentsOf(out());
  goBackTo("border");
  restart(Precision::Float16);
  const auto later = eventsOf(generator_->resume(onlyJob()));
  ASSERT_EQ(only<JobFinished>(later).size(), 1U);
  EXPECT_EQ(only<JobFinished>(later)[0].rungs, only<JobFinished>(events)[0].rungs);
  EXPECT_TRUE(only<Notice>(later).empty()) << "the step is not tried in fp16 again";
  EXPECT_TRUE(contentsOf(out()) == whole);
}

TEST_F(FiniteGuardTest, aTextEncoderThatOverflowsEncodesInFp32) {
  expectWidened(modelWith("text_model.embeddings.position_embedding.weight", tooLarge), "text encoder");
}

TEST_F(FiniteGuardTest, aDamagedFileIsNamedInsteadOfABlackPicture) {
  const EngineError vae = failureIn(modelWith("first_stage_model.decoder.conv_in.weight", noNumber));
  EXPECT_EQ(vae.kind, ErrorKind::BadFile);
  EXPECT_EQ(vae.message, "The VAE of changed.safetensors holds numbers that are not finite; the file is damaged.");
  EXPECT_NE(vae.detail.find("conv_in"), std::string::npos) << vae.detail;
  const EngineError unet = failureIn(modelWith("model.diffusion_model.input_blocks.0.0.weight", noNumber));
  EXPECT_NE(unet.message.find("UNet"), std::string::npos) << unet.message;
  const EngineError text = failureIn(modelWith("text_model.final_layer_norm.weight", noNumber));
  EXPECT_NE(text.message.find("text encoder"), std::string::npos) << text.message;
}

TEST_F(FiniteGuardTest, aLoraThatHoldsNoNumbersIsNamed) {
  const auto healthy = tests::writeLora(folder_ / "healthy.safetensors", tests::LoraNaming::Peft);
  std::string bytes = bytesOfFile(healthy);
  std::fill(bytes.end() - 64, bytes.end(), '\xFF');  // its last numbers, fp32
  tests::writeBytes(folder_ / "wild.safetensors", bytes);
  GenerationRequest request = requestWith(model());
  request.loras = {{healthy, 0.5}, {folder_ / "wild.safetensors", 0.5}};
  restart(Precision::Float32);
  const auto events = run(request);
  const auto failures = only<JobFailed>(events);
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_NE(failures[0].error.message.find("wild.safetensors"), std::string::npos) << failures[0].error.message;
}

}  // namespace
}  // namespace studio::engine
