#include "engine/pipeline/conditioned_network.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <c10/core/InferenceMode.h>

namespace studio::engine {
namespace {

using tests::golden;

/// Prompts that change with the steps, are joined by AND, or weigh words in other ways.
class PromptPictures : public PipelineTest {
 protected:
  static GenerationRequest requestOf(const std::string& prompt, const std::string& negative = "blurry, low quality") {
    GenerationRequest request = appleRequest();
    request.prompt = prompt;
    request.negativePrompt = negative;
    return request;
  }
};

TEST_F(PromptPictures, changeWithTheStepsLikeTheReference) {
  const auto editing =
      requestOf("a [(red apple:1.3):blue pear, sky:0.5] on a table, masterpiece", "[blurry:low quality:0.25]");
  EXPECT_LE(distance(pictures(editing), golden("prompt.editing")), kPictureTolerance);
  const auto turns = requestOf("a [red apple|(blue pear:1.4)|sky] on a table, masterpiece");
  EXPECT_LE(distance(pictures(turns), golden("prompt.turns")), kPictureTolerance);
}

TEST_F(PromptPictures, areJoinedLikeTheReference) {
  const auto joined = requestOf("a (red apple:1.3) on a table, masterpiece AND a blue [sky:sea:0.5] :0.7");
  EXPECT_LE(distance(pictures(joined), golden("prompt.joined")), kPictureTolerance);
  const auto weighed = requestOf("a (red apple:1.3) on a [wooden] table, masterpiece:0.8");
  EXPECT_LE(distance(pictures(weighed), golden("prompt.weighed")), kPictureTolerance);
}

TEST_F(PromptPictures, weighWordsAsAsked) {
  GenerationRequest request = requestOf("(a red apple on a wooden table, masterpiece:1.6)");
  request.emphasis = Emphasis::NoNorm;
  EXPECT_LE(distance(pictures(request), golden("prompt.no_norm")), kPictureTolerance);
  request = appleRequest();
  request.emphasis = Emphasis::ComfyUi;
  EXPECT_LE(distance(pictures(request), golden("prompt.comfyui")), kPictureTolerance);
  request.emphasis = Emphasis::Ignore;
  const at::Tensor ignored = pictures(request);
  EXPECT_EQ(distance(ignored, pictures(requestOf("a red apple on a wooden table, masterpiece"))), 0);
  request.emphasis = Emphasis::None;
  EXPECT_GT(distance(pictures(request), ignored), 10 * kPictureTolerance) << "brackets are words then";
}

TEST_F(PromptPictures, joinsTheNegativePromptOnlyWhereItIsNeeded) {
  GenerationRequest request = requestOf("a red apple AND blue sky");
  request.guidanceScale = 1;
  const at::Tensor picture = pictures(request);
  request.negativePrompt = "anything else";
  EXPECT_GT(distance(pictures(request), picture), kPictureTolerance) << "joined prompts are distances to it";
}

TEST_F(PromptPictures, refusePromptsThatAreTooMuch) {
  std::string prompt = "a";
  for (int i = 0; i < 40; ++i) prompt += " AND b";
  EXPECT_EQ(failure(requestOf(prompt)).kind, ErrorKind::BadRequest);
  GenerationRequest request = requestOf("[a|b|c|d|e|f|g|h] ");
  for (int i = 0; i < 15000; ++i) request.prompt += "a ";
  EXPECT_EQ(failure(request).kind, ErrorKind::BadRequest);
}

/// Contexts that are numbers; the network answers its rows' contexts.
class ConditionedNetworkTest : public testing::Test {
 protected:
  static Conditioning text(float value) { return {at::full({1, 1, 1}, value), {}, {}}; }

  std::vector<float> answers(PromptConditions conditions, int rows, int calls) {
    ConditionedNetwork network(std::move(conditions), 1, CallRows::All, residency_,
                               [this](const at::Tensor& x, const at::Tensor&, const UNetConditioning& conditioning) {
                                 rows_.push_back(static_cast<int>(x.size(0)));
                                 return conditioning.context.reshape({-1, 1, 1, 1}).expand_as(x).clone();
                               });
    std::vector<float> found;
    for (int call = 0; call < calls; ++call) {
      const at::Tensor answer = network(at::ones({rows, 1, 1, 1}), at::ones({rows}));
      EXPECT_EQ(answer.size(0), rows);
      found.push_back(answer.flatten()[0].item<float>());
    }
    return found;
  }

  const c10::InferenceMode inference_;
  Residency residency_{WeightTable(), tests::networkWeights("vae"), ops::ComputeFormat::Float32, at::kCPU};
  std::vector<int> rows_;
};

TEST_F(ConditionedNetworkTest, takesTheTextOfEachCall) {
  const PromptConditions changing{{{1, {{1, 0}, {4, 1}}}}, {1, {{4, 2}}}, {text(10), text(20), text(0)}, 1};
  EXPECT_EQ(answers(changing, 2, 5), (std::vector<float>{10, 10, 20, 20, 20}));
  EXPECT_EQ(rows_, (std::vector<int>{2, 2, 2, 2, 2}));
}

TEST_F(ConditionedNetworkTest, addsWeightedDistancesToTheNegativePrompt) {
  const PromptConditions joined{{{1, {{4, 0}}}, {-0.5, {{4, 1}}}}, {1, {{4, 2}}}, {text(10), text(20), text(4)}, 1};
  EXPECT_EQ(answers(joined, 2, 1), std::vector<float>{4 + (10 - 4) - 0.5F * (20 - 4)});
  EXPECT_EQ(answers(joined, 1, 1), std::vector<float>{4 + (10 - 4) - 0.5F * (20 - 4)});
  EXPECT_EQ(rows_, (std::vector<int>{3, 3}));
}

TEST_F(ConditionedNetworkTest, answersTheSameByFewerRowsAtOnce) {
  const PromptConditions joined{{{1, {{4, 0}}}, {-0.5, {{4, 1}}}}, {1, {{4, 2}}}, {text(10), text(20), text(4)}, 1};
  const PromptConditions single{{{1, {{4, 0}}}}, {1, {{4, 1}}}, {text(10), text(20)}, 1};
  const at::Tensor x = at::arange(6, at::kFloat).reshape({6, 1, 1, 1});
  for (const PromptConditions& conditions : {joined, single}) {
    std::vector<at::Tensor> answers;
    for (const CallRows rows : {CallRows::All, CallRows::OnePicture, CallRows::One}) {
      rows_.clear();
      ConditionedNetwork network(conditions, 3, rows, residency_,
                                 [this](const at::Tensor& input, const at::Tensor& times, const UNetConditioning& c) {
                                   rows_.push_back(static_cast<int>(input.size(0)));
                                   EXPECT_EQ(times.size(0), input.size(0));
                                   return input * 100 + c.context.reshape({-1, 1, 1, 1});
                                 });
      answers.push_back(network(x, at::ones({6})));
      const std::size_t texts = conditions.prompts.size() + 1;
      const std::size_t calls = rows == CallRows::All ? 1 : rows == CallRows::OnePicture ? 3 : 3 * texts;
      EXPECT_EQ(rows_, std::vector<int>(calls, static_cast<int>(3 * texts / calls)));
    }
    EXPECT_TRUE(answers[1].equal(answers[0]));
    EXPECT_TRUE(answers[2].equal(answers[0]));
  }
}

TEST_F(ConditionedNetworkTest, countsCallsOfSamplersThatMakeSeveralAStep) {
  PromptConditions changing{{{1, {{3, 0}, {8, 1}}}}, {1, {{8, 2}}}, {text(10), text(20), text(0)}, 2};
  ConditionedNetwork network(
      changing, 1, CallRows::All, residency_,
      [](const at::Tensor&, const at::Tensor&, const UNetConditioning& conditioning) { return conditioning.context; });
  const auto valueAt = [&](int step) {
    network.beginStep(step);
    return network(at::ones({1, 1, 1, 1}), at::ones({1})).item<float>();
  };
  EXPECT_EQ(valueAt(1), 10) << "calls 2 and 3";
  EXPECT_EQ(valueAt(2), 20);
  EXPECT_EQ(valueAt(1), 10) << "a step that is taken again";
}

}  // namespace
}  // namespace studio::engine
