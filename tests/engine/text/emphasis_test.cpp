#include "engine/text/emphasis.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/sin.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace studio::engine {
namespace {

constexpr std::array<std::int64_t, 2> kWidths{3, 2};
constexpr std::array<std::pair<int, int>, 7> kSamples{{{0, 0}, {2, 1}, {3, 4}, {5, 2}, {76, 0}, {80, 3}, {153, 4}}};

/// The reference script's sines.                                                                     // [1, n, 5]
at::Tensor sines(int text, std::int64_t tokens) {
  const at::Tensor token = at::arange(tokens, at::kDouble).unsqueeze(1), channel = at::arange(5, at::kDouble);
  return (at::sin(token * 0.37 + channel * 1.3 + 2.1 * text) + 0.2).to(at::kFloat).unsqueeze(0);
}

EncodedText textWith(int text, const std::vector<std::pair<int, float>>& weights) {
  EncodedText encoded{sines(text, 2 * kChunkLength), std::vector<PromptChunk>(2)};
  for (PromptChunk& chunk : encoded.chunks) chunk.weights.fill(1);
  for (const auto& [token, weight] : weights) {
    encoded.chunks[static_cast<std::size_t>(token / kChunkLength)].weights[token % kChunkLength] = weight;
  }
  return encoded;
}

const std::vector<EncodedText>& texts() {
  static const std::vector<EncodedText> both{textWith(0, {{2, 1.5F}, {3, 0.4F}, {80, -0.7F}}),
                                             textWith(1, {{5, 1.1F}})};
  return both;
}

TEST(EmphasisOfEmbeddings, isWhatTheReferenceComputes) {
  const auto goldens = nlohmann::json::parse(std::ifstream("tests/data/emphasis.json"));
  ASSERT_EQ(goldens.size(), kEmphases.size() - 1) << "all but Automatic";
  for (const auto& golden : goldens) {
    const auto name = golden["emphasis"].get<std::string>();
    const auto emphasis = choiceFrom<Emphasis>(name);
    ASSERT_TRUE(emphasis) << name;
    const auto answers = emphasised(texts(), *emphasis, sines(7, kChunkLength), kWidths);
    ASSERT_EQ(answers.size(), 2u);
    for (std::size_t text = 0; text < 2; ++text) {
      ASSERT_EQ(answers[text].sizes(), texts()[text].context.sizes()) << name;
      const auto& expected = golden["texts"][text];
      EXPECT_NEAR(answers[text].mean().item<double>(), expected["mean"].get<double>(), 1e-5) << name;
      for (std::size_t i = 0; i < kSamples.size(); ++i) {
        const auto [token, channel] = kSamples[i];
        EXPECT_NEAR(answers[text][0][token][channel].item<double>(), expected["values"][i].get<double>(), 1e-5)
            << name << " token " << token;
      }
    }
  }
}

TEST(EmphasisOfEmbeddings, changesNothingWithoutWeights) {
  const std::vector<EncodedText> plain{textWith(0, {}), textWith(1, {})};
  for (const auto& choice : kEmphases) {
    const auto answers = emphasised(plain, choice.value, sines(7, kChunkLength), kWidths);
    EXPECT_TRUE(at::equal(answers[0], plain[0].context) && at::equal(answers[1], plain[1].context)) << choice.id;
  }
}

}  // namespace
}  // namespace studio::engine
