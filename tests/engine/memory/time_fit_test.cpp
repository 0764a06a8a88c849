#include "engine/memory/time_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace studio::engine {
namespace {

constexpr TimeRates kGuess{3e-11, kUsualSecondsPerByte};

/// Numbers that are drawn alike in every run.
class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  double between(double low, double high) { return std::uniform_real_distribution(low, high)(random_); }
  int below(int end) { return std::uniform_int_distribution(0, end - 1)(random_); }
  /// Work and bytes both count.
  TimeRates rates() { return {between(1e-11, 1e-10), between(1e-8, 1e-7)}; }

 private:
  std::mt19937 random_;
};

/// What a machine of these rates would show, `noise` relative.
std::vector<TimeSample> samplesOf(const TimeRates& rates, int count, Draw& draw, double noise = 0) {
  std::vector<TimeSample> samples;
  for (int i = 0; i < count; ++i) {
    TimeSample sample{draw.between(0.8e12, 1.2e12), draw.below(2) == 0 ? 0 : draw.between(0.5e9, 2e9), 0};
    sample.seconds = rates.secondsOf(sample.work, sample.bytes) * draw.between(1 - noise, 1 + noise);
    samples.push_back(sample);
  }
  samples.front().bytes = 0;  // both kinds are there
  samples.front().seconds = rates.secondsOf(samples.front().work, 0);
  samples.back().bytes = 1e9;
  samples.back().seconds = rates.secondsOf(samples.back().work, 1e9);
  return samples;
}

TEST(TimeFit, findsTheRatesThatSamplesAreMadeOf) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Draw draw(seed);
    const TimeRates truth = draw.rates();
    const TimeRates found = fitRates(samplesOf(truth, 2 + draw.below(10), draw), kGuess, 1e12);
    EXPECT_NEAR(found.perWork / truth.perWork, 1, 1e-6) << seed;
    EXPECT_NEAR(found.perByte / truth.perByte, 1, 1e-6) << seed;
  }
}

TEST(TimeFit, isNotMovedByAFewWildValues) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Draw draw(seed);
    const double perWork = draw.between(1e-12, 1e-9);
    std::vector<TimeSample> samples(12, TimeSample{1e12, 0, 1e12 * perWork});
    for (int wild = 0; wild < 5; ++wild)
      samples[static_cast<std::size_t>(draw.below(6))].seconds *= std::pow(10, draw.between(-4, 4));
    EXPECT_NEAR(predictTime(samples, kGuess, 1e12, 0).likely.count() / (1e12 * perWork), 1, 1e-6) << seed;
  }
}

TEST(TimeFit, isOffByNoMoreThanItsSamples) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Draw draw(seed);
    const TimeRates truth = draw.rates();
    const auto samples = samplesOf(truth, 12, draw, 0.1);
    const double true_ = truth.secondsOf(1e12, 0), found = predictTime(samples, kGuess, 1e12, 0).likely.count();
    EXPECT_NEAR(found / true_, 1, 0.12) << seed;
  }
}

TEST(TimeFit, rangesHoldWhatIsLikelyAndNarrowWithExperience) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Draw draw(seed);
    const auto samples = samplesOf(draw.rates(), 12, draw, 0.3);
    const double work = draw.between(1e11, 1e13), bytes = draw.between(0, 1e10);
    const PredictedTime time = predictTime(samples, kGuess, work, bytes);
    EXPECT_GT(time.low.count(), 0);
    EXPECT_LT(time.low, time.likely);
    EXPECT_LT(time.likely, time.high);
    EXPECT_TRUE(std::isfinite(time.high.count()));
  }
  const TimeSample one{1e12, 0, 30};
  const auto width = [](const PredictedTime& time) { return time.high / time.low; };
  const double first = width(predictTime({one}, kGuess, 1e12, 0));
  EXPECT_LT(width(predictTime({one, one, one, one, one}, kGuess, 1e12, 0)), first);
  EXPECT_GT(width(predictTime({one}, kGuess, 8e12, 0)), first) << "farther away";
  EXPECT_GT(width(guessTime(kGuess, 1e12, 0)), first);
}

TEST(TimeFit, followsTheSamplesOfTheSameSize) {
  std::vector<TimeSample> samples(11, TimeSample{1e12, 0, 20});
  samples.push_back({6e12, 0, 240});  // large pictures take twice as long for the same work
  EXPECT_NEAR(predictTime(samples, kGuess, 6e12, 0).likely.count(), 240, 1);
  EXPECT_NEAR(predictTime(samples, kGuess, 1e12, 0).likely.count(), 20, 0.1);
  EXPECT_NEAR(predictTime(samples, kGuess, 0.5e12, 0).likely.count(), 10, 0.1);
}

TEST(TimeFit, takesTheGuessForWhatSamplesLeaveOpen) {
  // One sample says how long both took together.
  const TimeRates found = fitRates({{1e12, 1e9, 31}}, kGuess, 1e12);
  EXPECT_NEAR(found.secondsOf(1e12, 1e9), 31, 1e-6);
  EXPECT_NEAR(found.perWork, kGuess.perWork, kGuess.perWork * 0.05);
  EXPECT_NEAR(found.perByte, kGuess.perByte, kGuess.perByte * 0.05);
  // Bytes that no sample brought take what is usual.
  EXPECT_NEAR(fitRates({{1e12, 0, 30}}, kGuess, 1e12).perByte, kUsualSecondsPerByte, 1e-15);
}

TEST(TimeFit, growsWithTheClock) {
  Draw draw(5);
  auto samples = samplesOf(draw.rates(), 9, draw, 0.2);
  const PredictedTime before = predictTime(samples, kGuess, 2e12, 1e9);
  for (TimeSample& sample : samples) sample.seconds *= 10;
  const PredictedTime after = predictTime(samples, {kGuess.perWork * 10, kGuess.perByte * 10}, 2e12, 1e9);
  EXPECT_NEAR(after.likely / before.likely, 10, 1e-6);
  EXPECT_NEAR(after.low / before.low, 10, 1e-6);
  EXPECT_NEAR(after.high / before.high, 10, 1e-6);
}

}  // namespace
}  // namespace studio::engine
