#include "engine/memory/calibration_file.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

const CalibrationKey kKey{"SD 1.x 123", "fp32 cpu 2 denoise"};

Measurement measurement(double seconds, double predictedPeak = 0, double peak = 0) {
  return {{1e12, 0, seconds}, predictedPeak, peak};
}

std::vector<double> secondsOf(const std::vector<TimeSample>& samples) {
  std::vector<double> seconds;
  seconds.reserve(samples.size());
  for (const TimeSample& sample : samples) seconds.push_back(sample.seconds);
  return seconds;
}

TEST(CalibrationTable, keepsTheLastMeasurementsOfEachKey) {
  CalibrationTable table;
  for (int i = 1; i <= 20; ++i) table.add(kKey, measurement(i));
  table.add({"SDXL 9", kKey.setting}, measurement(100));
  const auto samples = secondsOf(table.samplesOf(kKey));
  ASSERT_EQ(samples.size(), CalibrationTable::kMostMeasurements);
  EXPECT_EQ(samples.front(), 9);
  EXPECT_EQ(samples.back(), 20);
  EXPECT_EQ(table.samplesIn(kKey.setting).size(), samples.size() + 1);
  EXPECT_TRUE(table.samplesIn("fp16 gpu").empty());
  EXPECT_TRUE(table.samplesOf({"SD 1.x 124", kKey.setting}).empty());
}

TEST(CalibrationTable, forgetsTheKeyThatWasNotUsedForLongest) {
  CalibrationTable table;
  table.add(kKey, measurement(1));
  table.add({"second", "s"}, measurement(1));
  for (std::size_t i = 0; i < CalibrationTable::kMostKeys - 2; ++i) table.add({std::to_string(i), "s"}, measurement(1));
  table.add(kKey, measurement(2));
  table.add({"one more", "s"}, measurement(1));
  EXPECT_EQ(table.keys(), CalibrationTable::kMostKeys);
  EXPECT_EQ(table.samplesOf(kKey).size(), 2U);
  EXPECT_TRUE(table.samplesOf({"second", "s"}).empty());
}

TEST(CalibrationTable, leavesOutWhatCannotBe) {
  CalibrationTable table;
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  for (const double seconds : {0.0, -1.0, nan, infinite, 1e9}) table.add(kKey, measurement(seconds));
  table.add(kKey, {{-1, 0, 1}});
  table.add(kKey, {{nan, 0, 1}});
  table.add(kKey, {{0, 0, 1}});
  EXPECT_EQ(table.keys(), 0U);
}

TEST(CalibrationTable, correctsPeaksByTheMiddleOneAndWithinBounds) {
  CalibrationTable table;
  EXPECT_EQ(table.peakFactor(kKey), 1);
  table.add(kKey, measurement(1));
  EXPECT_EQ(table.peakFactor(kKey), 1) << "a peak that was not measured";
  for (const double peak : {104.0, 103.0, 900.0}) table.add(kKey, measurement(1, 100, peak));
  EXPECT_DOUBLE_EQ(table.peakFactor(kKey), 1.04);
  for (int i = 0; i < 12; ++i) table.add(kKey, measurement(1, 100, 300));
  EXPECT_DOUBLE_EQ(table.peakFactor(kKey), 1.1);
  for (int i = 0; i < 12; ++i) table.add(kKey, measurement(1, 100, 50));
  EXPECT_DOUBLE_EQ(table.peakFactor(kKey), 1);
}

TEST(CalibrationTable, comesBackFromItsText) {
  CalibrationTable table;
  for (int i = 1; i <= 200; ++i) {
    table.add({"model " + std::to_string(i * 7 % 90), "phase " + std::to_string(i % 2)},
              {{1e12 / i, i * 1e6, i / 7.0}, 1e9, 1.01e9 + i});
  }
  const auto again = CalibrationTable::fromText(table.text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), table.text());
  EXPECT_EQ(again->keys(), table.keys());
  EXPECT_NEAR(again->samplesOf({"model 7", "phase 1"}).at(0).work, 1e12, 1e4);
  EXPECT_TRUE(CalibrationTable::fromText(CalibrationTable().text()));
}

TEST(CalibrationTable, namesCannotBreakItsText) {
  CalibrationTable table;
  table.add({"a\tb\nfor\t" + std::string(1000, 'x'), "phase\n1"}, measurement(3));
  const auto again = CalibrationTable::fromText(table.text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), table.text());
  EXPECT_EQ(again->keys(), 1U);
}

TEST(CalibrationTable, refusesAnyTextThatIsNotItsOwn) {
  CalibrationTable table;
  table.add(kKey, measurement(1.5, 100, 101));
  const std::string good = table.text(), head = good.substr(0, good.find('\n') + 1);
  ASSERT_TRUE(CalibrationTable::fromText(good));
  EXPECT_FALSE(CalibrationTable::fromText(""));
  EXPECT_FALSE(CalibrationTable::fromText("kiln measurements 2\n"));
  EXPECT_FALSE(CalibrationTable::fromText(good.substr(0, good.size() - 1))) << "torn";
  EXPECT_FALSE(CalibrationTable::fromText(good + "x\n"));
  EXPECT_FALSE(CalibrationTable::fromText(head + "1\t0\t1\t0\t0\n")) << "of nothing";
  for (const char* line : {"1\t0\t1\t0", "1\t0\t1\t0\t0\t0", "nan\t0\t1\t0\t0", "1\t0\tinf\t0\t0", "1\t0\t-1\t0\t0",
                           "1e300\t0\t1\t0\t0", "1 \t0\t1\t0\t0", "", "1\t0\t1\t0\t0\r"})
    EXPECT_FALSE(CalibrationTable::fromText(head + "for\tm\ts\n" + line + "\n")) << line;
  EXPECT_FALSE(CalibrationTable::fromText(head + "for\tm\ts\nfor\tm\ts\n")) << "twice the same";
  std::string many = head + "for\tm\ts\n";
  for (int i = 0; i < 13; ++i) many += "1\t0\t1\t0\t0\n";
  EXPECT_FALSE(CalibrationTable::fromText(many));
  std::string keys = head;
  for (int i = 0; i < 97; ++i) keys += "for\t" + std::to_string(i) + "\ts\n";
  EXPECT_FALSE(CalibrationTable::fromText(keys));
}

class CalibrationFileTest : public testing::Test {
 protected:
  CalibrationFileTest() {
    std::string name = (fs::temp_directory_path() / "kiln-calibration-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~CalibrationFileTest() override { fs::remove_all(folder); }
  fs::path file() const { return folder / "measurements" / "table.txt"; }

  fs::path folder;
};

TEST_F(CalibrationFileTest, isSharedByAllWhoLook) {
  CalibrationFile one(folder), other(folder);
  EXPECT_EQ(one.table().keys(), 0U);
  EXPECT_EQ(other.table().keys(), 0U);
  one.add({{kKey, measurement(1)}});
  EXPECT_EQ(other.table().samplesOf(kKey).size(), 1U);
  other.add({{kKey, measurement(2)}});
  EXPECT_EQ(secondsOf(one.table().samplesOf(kKey)), (std::vector<double>{1, 2}));
}

TEST_F(CalibrationFileTest, losesNothingThatTwoAddAtOnce) {
  const auto addMany = [this](const std::string& model) {
    CalibrationFile file(folder);
    for (int i = 1; i <= 12; ++i) file.add({{{model, "s"}, measurement(i)}});
  };
  std::thread other(addMany, "other");
  addMany("one");
  other.join();
  CalibrationFile file(folder);
  EXPECT_EQ(file.table().samplesOf({"one", "s"}).size(), 12U);
  EXPECT_EQ(file.table().samplesOf({"other", "s"}).size(), 12U);
}

TEST_F(CalibrationFileTest, takesABrokenFileForNone) {
  fs::create_directories(file().parent_path());
  std::ofstream(file()) << "kiln measurements 1\nfor\tm\ts\n1\t0\t";
  CalibrationFile broken(folder);
  EXPECT_EQ(broken.table().keys(), 0U);
  broken.add({{kKey, measurement(1)}});
  EXPECT_EQ(CalibrationFile(folder).table().keys(), 1U);
}

TEST_F(CalibrationFileTest, livesOnWithoutAPlace) {
  CalibrationFile nowhere;
  nowhere.add({{kKey, measurement(1)}});
  EXPECT_EQ(nowhere.table().keys(), 1U);
  std::ofstream(folder / "measurements") << "not a folder";
  CalibrationFile blocked(folder);
  blocked.add({{kKey, measurement(1)}});
  EXPECT_EQ(blocked.table().keys(), 0U);
}

}  // namespace
}  // namespace studio::engine
