#include "engine/text/tokens/prompt_plan.h"

#include "engine/api/engine_error.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace studio::engine {
namespace {

nlohmann::json goldens() { return nlohmann::json::parse(std::ifstream("tests/data/prompt_schedules.json")); }

std::vector<ScheduledText> scheduleOf(const std::string& prompt, int steps) {
  return schedulePrompt(SourceText::of(prompt), steps);
}

TEST(PromptSchedule, isWhatTheReferenceGrammarSays) {
  int rows = 0, changing = 0;
  for (const auto& golden : goldens()) {
    if (!golden.contains("schedule")) continue;
    const auto prompt = golden["prompt"].get<std::string>();
    const auto timeline = golden.contains("old") ? PromptTimeline::SharesBelow1 : PromptTimeline::Steps;
    const auto schedule = schedulePrompt(SourceText::of(prompt), golden["steps"].get<int>(), timeline);
    nlohmann::json answer = nlohmann::json::array();
    for (const ScheduledText& at : schedule) answer.push_back({at.untilStep, at.text.text});
    EXPECT_EQ(answer, golden["schedule"]) << prompt;
    ++rows;
    changing += schedule.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(rows, 400);
  EXPECT_GT(changing, 100);
}

TEST(PromptSchedule, coversEveryStepAndLeadsEveryByteBack) {
  for (const auto& golden : goldens()) {
    const auto prompt = golden["prompt"].get<std::string>();
    for (const int steps : {1, 2, 9, 30}) {
      const auto schedule = scheduleOf(prompt, steps);
      ASSERT_FALSE(schedule.empty());
      EXPECT_EQ(schedule.back().untilStep, steps);
      for (std::size_t i = 0; i < schedule.size(); ++i) {
        EXPECT_GT(schedule[i].untilStep, i == 0 ? 0 : schedule[i - 1].untilStep) << prompt;
        const SourceText& text = schedule[i].text;
        for (std::size_t byte = 0; byte < text.text.size(); ++byte) {
          ASSERT_EQ(text.text[byte], prompt.at(text.promptOffset(byte))) << prompt;
        }
      }
    }
  }
}

TEST(PromptSchedule, readsVeryLongAndDeepPromptsAsTextInTime) {
  const std::string deep = std::string(60000, '[') + "a" + std::string(60000, ']');
  EXPECT_EQ(scheduleOf(deep, 20).size(), 1u);
  std::string pairs;
  for (int i = 0; i < 5000; ++i) pairs += "[a:b:0.5]([";
  EXPECT_EQ(scheduleOf(pairs, 20).size(), 1u) << "deeper than can be nested";
  std::string wide;
  for (int i = 0; i < 5000; ++i) wide += "[a:b:" + std::to_string(i % 20) + "]";
  EXPECT_EQ(scheduleOf(wide, 20).size(), 20u);
}

TEST(PromptSchedule, keepsNumbersThatAreTooLargeWithinTheSteps) {
  EXPECT_EQ(scheduleOf("[a:b:1e999]", 10).size(), 1u);
  EXPECT_EQ(scheduleOf("[a:b:1e999]", 10).front().text.text, "a");
  EXPECT_EQ(scheduleOf("[a:b:-1e999]", 10).front().text.text, "b");
  EXPECT_EQ(scheduleOf("[a:b:1e-999]", 10).front().text.text, "b");
}

TEST(PromptPlan, splitsAtAndWithWeightsAsTheReferenceDoes) {
  int rows = 0;
  for (const auto& golden : goldens()) {
    if (!golden.contains("joined")) continue;
    const PromptPlan plan = planPrompt(golden["prompt"].get<std::string>(), 10);
    nlohmann::json answer = nlohmann::json::array();
    for (const PlannedPrompt& prompt : plan.prompts) {
      answer.push_back({prompt.schedule.front().text.text, prompt.weight});
    }
    EXPECT_EQ(answer, golden["joined"]) << golden["prompt"];
    ++rows;
  }
  EXPECT_GT(rows, 20);
}

TEST(PromptPlan, takesTagsOutBeforeAnythingElse) {
  const PromptPlan plan = planPrompt("[a <lora:x:0.5>:b <hypernet:y>:0.5] AND c <lora:z>:0.7", 10);
  ASSERT_EQ(plan.prompts.size(), 2u);
  EXPECT_EQ(plan.prompts[0].schedule.size(), 2u);
  EXPECT_EQ(plan.prompts[0].schedule[0].text.text, "a ");
  EXPECT_EQ(plan.prompts[1].schedule[0].text.text, " c");
  EXPECT_EQ(plan.prompts[1].weight, 0.7);
  EXPECT_EQ(plan.loras.size(), 2u);
  EXPECT_EQ(plan.unknownTags.size(), 1u);
}

TEST(PromptPlan, readsAndAsAWordWhereItDoesNotJoin) {
  const PromptPlan plan = planPrompt("a AND b:0.7", 10, {false, PromptTimeline::Steps});
  ASSERT_EQ(plan.prompts.size(), 1u);
  EXPECT_EQ(plan.prompts[0].schedule[0].text.text, "a AND b:0.7");
  EXPECT_EQ(plan.prompts[0].weight, 1);
}

TEST(PromptPlan, refusesMorePromptsAndTextsThanItCanServe) {
  std::string joined = "a", changing = "[";
  for (std::size_t i = 0; i < kMostJoinedPrompts; ++i) joined += " AND a";
  for (std::size_t i = 0; i <= kMostPlannedTexts; ++i) changing += std::to_string(i) + "|";
  changing += "]";
  EXPECT_THROW(planPrompt(joined, 10), EngineException);
  EXPECT_THROW(planPrompt(changing, 1000), EngineException);
  EXPECT_NO_THROW(planPrompt(changing, 100));
}

TEST(PromptPlan, boundsWeights) {
  EXPECT_EQ(planPrompt("a:" + std::string(400, '9'), 10).prompts[0].weight, kLargestWeight);
  EXPECT_EQ(planPrompt("a:-5000", 10).prompts[0].weight, -kLargestWeight);
  EXPECT_EQ(planPrompt("a:0." + std::string(400, '0') + "1", 10).prompts[0].weight, 0);
}

TEST(PromptPlan, letsATextStandOneCallLongerThanItsNumberAsTheReferenceDoes) {
  const auto schedule = scheduleOf("[a:b:3]", 10);
  EXPECT_EQ(textAt(schedule, 0), 0u);
  EXPECT_EQ(textAt(schedule, 3), 0u);
  EXPECT_EQ(textAt(schedule, 4), 1u);
  EXPECT_EQ(textAt(schedule, 10), 1u);
  EXPECT_EQ(textAt(schedule, 25), 1u) << "a sampler that calls more often than planned";
}

}  // namespace
}  // namespace studio::engine
