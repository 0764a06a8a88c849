#include "engine/pipeline/time_predictor.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

constexpr const char* kSetting = "fp32 cpu 2";
constexpr double kStep = 1e12, kDecode = 2e12, kText = 1e10;

/// Two texts, twenty steps of two calls, two pictures.
MemoryPlan planOf(std::int64_t unetStays = 1000, std::int64_t unetPasses = 0) {
  MemoryPlan plan;
  plan.phases = {{Phase::Encode, {"text_encoder", "unet"}, {300}, {10}, {5}, {}, 2 * kText, 2},
                 {Phase::Denoise, {"unet", "vae"}, {1100}, {100}, {50}, {}, 40 * kStep, 40},
                 {Phase::Decode, {"vae", "unet"}, {1100}, {400}, {50}, {}, 2 * kDecode, 2}};
  plan.networks = {{"text_encoder", {true}, {200}, {0}},
                   {"unet", {true, false}, {unetStays}, {unetPasses}},
                   {"vae", {true}, {100}, {0}}};
  return plan;
}

Measurement measured(double work, double bytes, double seconds) { return {{work, bytes, seconds}}; }

class TimePredictorTest : public testing::Test {
 protected:
  TimePredictor predictor(const std::string& family = "SD 1.x") const { return {table, family, kSetting}; }
  void add(const MemoryPlan& plan, Phase phase, const Measurement& m) {
    table.add(predictor().keyOf(plan, *plan.phaseOf(phase)), m);
  }

  CalibrationTable table;
};

TEST_F(TimePredictorTest, knowsNothingBeforeAnythingWasMeasured) {
  const auto times = predictor().times(planOf());
  ASSERT_EQ(times.size(), 3U);
  for (const auto& time : times) EXPECT_FALSE(time);
  EXPECT_FALSE(predictor().loading(planOf()));
  EXPECT_FALSE(sumOf(times));
}

TEST_F(TimePredictorTest, guessesFromTheTrialWithAWideRange) {
  table.add(TimePredictor::trialKey(kSetting), measured(1e9, 0, 0.02));
  const auto times = predictor().times(planOf());
  ASSERT_TRUE(times[1]);
  EXPECT_GT(times[1]->likely.count(), 40 * kStep * 2e-11);
  EXPECT_LT(times[1]->likely.count(), 40 * kStep * 4e-11);
  EXPECT_GT(times[1]->high / times[1]->low, 4);
  EXPECT_GT(sumOf(times)->likely, times[1]->likely);
}

TEST_F(TimePredictorTest, guessesThatEveryBlockTakesSomethingHoweverSmall) {
  table.add(TimePredictor::trialKey(kSetting), measured(1e9, 0, 0.02));
  const MemoryPlan plan = planOf();
  const double without = predictor().times(plan)[1]->likely.count();
  table.add(TimePredictor::blockKey(kSetting), measured(1, 0, 0.5));
  const auto blocks = static_cast<double>(plan.placementOf("unet")->stays.size());
  ASSERT_GT(blocks, 0);
  const double with = predictor().times(plan)[1]->likely.count();
  EXPECT_NEAR((with - without) / (40 * blocks * 0.5), 1, 0.01);
  add(plan, Phase::Denoise, measured(kStep, 0, 3));
  EXPECT_NEAR(predictor().times(plan)[1]->likely.count(), 40 * 3, 0.1) << "what was measured has it already";
}

TEST_F(TimePredictorTest, predictsEachPhaseFromItsOwnPasses) {
  add(planOf(), Phase::Denoise, measured(kStep, 0, 3));
  add(planOf(), Phase::Decode, measured(kDecode, 0, 9));
  const auto times = predictor().times(planOf());
  EXPECT_FALSE(times[0]) << "never measured";
  EXPECT_NEAR(times[1]->likely.count(), 40 * 3, 0.1);
  EXPECT_NEAR(times[2]->likely.count(), 2 * 9, 0.1);
}

TEST_F(TimePredictorTest, addsWhatIsBroughtInAtEveryPass) {
  const MemoryPlan streamed = planOf(400, 600);
  add(planOf(), Phase::Denoise, measured(kStep, 0, 3));
  add(planOf(), Phase::Denoise, measured(kStep, 300, 3.5));
  EXPECT_NEAR(predictor().times(streamed)[1]->likely.count(), 40 * 4, 0.1);
  EXPECT_NEAR(predictor().times(planOf())[1]->likely.count(), 40 * 3, 0.1);
}

TEST_F(TimePredictorTest, lowEndIsWithoutReadingWhatMayBeThere) {
  add(planOf(), Phase::Encode, measured(kText, 100, 2));
  add(planOf(), Phase::Encode, measured(kText, 0, 0.5));
  const auto encode = predictor().times(planOf())[0];
  EXPECT_NEAR(encode->likely.count(), 2 * 2, 0.05);
  EXPECT_LT(encode->low.count(), 2 * 0.5);
}

TEST_F(TimePredictorTest, borrowsFromOtherModelsWithAWideRange) {
  add(planOf(), Phase::Denoise, measured(kStep, 0, 3));
  const auto own = predictor().times(planOf())[1], other = predictor("SDXL").times(planOf())[1];
  ASSERT_TRUE(other);
  EXPECT_NEAR(other->likely.count(), own->likely.count(), 0.1);
  EXPECT_GT(other->high, own->high);
  EXPECT_LT(other->low, own->low);
}

TEST_F(TimePredictorTest, tellsModelsPrecisionsPhasesAndWaysApart) {
  MemoryPlan strips = planOf();
  strips.decode = {DecodeMode::Strips, 64};
  const MemoryPlan plan = planOf(), larger = planOf(1001);
  const auto key = [&](const MemoryPlan& p, Phase phase) { return predictor().keyOf(p, *p.phaseOf(phase)); };
  EXPECT_FALSE(key(plan, Phase::Denoise) == key(larger, Phase::Denoise));
  EXPECT_EQ(key(plan, Phase::Denoise), key(planOf(300, 700), Phase::Denoise)) << "the same network, elsewhere";
  MemoryPlan once = planOf(300, 600);
  once.networks[1].once = {100};
  EXPECT_EQ(key(plan, Phase::Denoise), key(once, Phase::Denoise)) << "likewise";
  EXPECT_FALSE(key(plan, Phase::Denoise) == key(plan, Phase::Decode));
  EXPECT_FALSE(key(plan, Phase::Decode) == key(strips, Phase::Decode));
  MemoryPlan host = plan;
  host.networks[2].place = WorkPlace::Host;
  EXPECT_FALSE(key(plan, Phase::Decode) == key(host, Phase::Decode));
  EXPECT_EQ(key(plan, Phase::Denoise), key(host, Phase::Denoise));
  EXPECT_EQ(key(plan, Phase::Denoise), key(strips, Phase::Denoise));
  EXPECT_FALSE(key(plan, Phase::Denoise) == TimePredictor(table, "SD 1.x", "bf16 cpu 2").keyOf(plan, plan.phases[1]));
}

TEST_F(TimePredictorTest, aNetworkThatTakesNoStepTakesNoTime) {
  MemoryPlan plan = planOf();
  plan.phases[1].work = plan.phases[1].passes = 0;
  EXPECT_EQ(predictor().times(plan)[1], PredictedTime());
}

TEST_F(TimePredictorTest, correctsByTheWorstPhase) {
  EXPECT_EQ(predictor().peakFactor(planOf()), 1);
  add(planOf(), Phase::Denoise, {{kStep, 0, 1}, 100, 103});
  add(planOf(), Phase::Decode, {{kDecode, 0, 1}, 100, 99});
  EXPECT_DOUBLE_EQ(predictor().peakFactor(planOf()), 1.03);
}

TEST_F(TimePredictorTest, predictsTheReadingOfTheModel) {
  table.add(predictor().loadingKey(planOf()), measured(0, 1000, 4));
  EXPECT_NEAR(predictor().loading(planOf())->likely.count(), 4, 0.01);
  EXPECT_FALSE(predictor().loading(planOf(0, 1000))) << "nothing of it stays";
}

}  // namespace
}  // namespace studio::engine
