#include "tests/app/command_fixture.h"

namespace studio::app {
namespace {

class BenchCommandTest : public CommandTest {};
class DevicesCommandTest : public CommandTest {};

TEST_F(BenchCommandTest, measuresWhatIsAskedFor) {
  const auto model = addFile("model.safetensors");
  EXPECT_EQ(run({"bench", "image", "--size", "512x768", "--repeats", "5", "--steps", "9", "--model", model,
                 "--precision", "fp32", "--threads", "2"}),
            kDone)
      << error.str();
  EXPECT_EQ(asked.benchmark.subject, engine::BenchmarkSubject::Image);
  EXPECT_EQ(asked.benchmark.size, (engine::PixelSize{512, 768}));
  EXPECT_EQ(asked.benchmark.repeats, 5);
  EXPECT_EQ(asked.benchmark.steps, 9);
  EXPECT_EQ(asked.benchmark.model, model);
  EXPECT_EQ(asked.options.precision, engine::Precision::Float32);
  EXPECT_EQ(asked.options.threads, 2);
  EXPECT_EQ(run({"bench", "vae", "--size", "256"}), kDone);
  EXPECT_EQ(asked.benchmark.subject, engine::BenchmarkSubject::Vae);
  EXPECT_EQ(asked.benchmark.size, (engine::PixelSize{256, 256}));
}

TEST_F(BenchCommandTest, printsFiguresForPeopleAndPrograms) {
  EXPECT_EQ(run({"bench", "unet"}), kDone);
  EXPECT_EQ(out.str(), "Best       0.50 s\nMedian     0.62 s\nMemory     1.00 GiB\nPrecision  bf16\nThreads    2\n");
  EXPECT_EQ(run({"bench", "unet", "--json"}), kDone);
  const auto json = jsonLines().at(0);
  EXPECT_EQ(json["best_seconds"], 0.5);
  EXPECT_EQ(json["median_seconds"], 0.625);
  EXPECT_EQ(json["peak_host_bytes"], 1 << 30);
  EXPECT_EQ(json["precision"], "bf16");
  EXPECT_EQ(json["threads"], 2);
}

TEST_F(BenchCommandTest, stopsWhenInterrupted) {
  benchmarkWaits = true;
  environment.interrupted = [] { return true; };
  EXPECT_EQ(run({"bench", "unet", "--json"}), kCancelled);
  EXPECT_EQ(jsonLines().at(0)["event"], "cancelled");
}

TEST_F(BenchCommandTest, refusesOtherSubjectsAndSizes) {
  EXPECT_EQ(run({"bench"}), kBadArguments);
  EXPECT_EQ(run({"bench", "everything"}), kBadArguments);
  for (const char* size : {"0", "100000", "513", "512x", "x512", "512x512x512", "big"}) {
    EXPECT_EQ(run({"bench", "unet", "--size", size}), kBadArguments) << size;
    EXPECT_NE(error.str().find("--size"), std::string::npos);
  }
  EXPECT_EQ(run({"bench", "unet", "--repeats", "0"}), kBadArguments);
}

TEST_F(DevicesCommandTest, listsDevicesAndWhyOneCannotBeUsed) {
  EXPECT_EQ(run({"devices"}), kDone);
  EXPECT_NE(out.str().find("Memory    8.00 GiB, 4.00 GiB free"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("no: needs compute capability 7.5"), std::string::npos) << out.str();
  EXPECT_EQ(run({"devices", "--json"}), kDone);
  ASSERT_EQ(jsonLines().size(), 1U);
  const auto devices = jsonLines()[0]["devices"];
  EXPECT_EQ(devices[0]["threads"], 2);
  EXPECT_EQ(devices[0]["usable"], true);
  EXPECT_EQ(devices[1]["reason"], "needs compute capability 7.5");
  EXPECT_FALSE(devices[1].contains("threads"));
}

}  // namespace
}  // namespace studio::app
