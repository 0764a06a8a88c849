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

class MemoryBenchCommandTest : public CommandTest {
 protected:
  MemoryBenchCommandTest() {
    using namespace engine;
    script = [this](JobId job, const GenerationRequest& request) {
      JobFinished finished{job};
      finished.phases = {
          {Phase::Denoise, {1000}, {peak}, PredictedTime{Seconds(4), Seconds(3), Seconds(5)}, Seconds(5)},
          {Phase::Decode, {500}, {500}, std::nullopt, Seconds(2)}};
      return std::vector<EngineEvent>{
          ModelLoaded{job, request.model, "SD 1.x", Precision::Float32, 2, {"asked for", {}}, Seconds(0.5)}, finished};
    };
  }
  std::int64_t peak = 995;
};

TEST_F(MemoryBenchCommandTest, comparesEverySizeWithEveryBatch) {
  ASSERT_EQ(run({"bench", "memory", "--sizes", "512,256x384", "--batches", "1,4", "--precision", "fp32", "--json"}),
            kDone)
      << error.str();
  ASSERT_EQ(asked.requests.size(), 4U);
  EXPECT_EQ(asked.requests[3].size, (engine::PixelSize{256, 384}));
  EXPECT_EQ(asked.requests[3].batchSize, 4);
  EXPECT_EQ(asked.requests[3].steps, 3);
  EXPECT_NE(asked.requests[2].prompt, asked.requests[3].prompt) << "nothing is encoded that was";
  EXPECT_FALSE(asked.options.checkpoint);
  const auto json = jsonLines().at(0);
  EXPECT_EQ(json["within_bounds"], true);
  EXPECT_EQ(json["precision"], "fp32");
  EXPECT_EQ(json["threads"], 2);
  ASSERT_EQ(json["cases"].size(), 4U);
  EXPECT_EQ(json["cases"][1]["batch_size"], 4);
  const auto phases = json["cases"][3]["phases"];
  EXPECT_EQ(phases[0]["name"], "denoise");
  EXPECT_EQ(phases[0]["peak_ratio"], 0.995);
  EXPECT_EQ(phases[0]["seconds_ratio"], 1.25);
  EXPECT_TRUE(phases[1]["seconds_ratio"].is_null());
}

TEST_F(MemoryBenchCommandTest, printsATableForPeople) {
  ASSERT_EQ(run({"bench", "memory", "--batches", "1", "--steps", "5"}), kDone) << error.str();
  ASSERT_EQ(asked.requests.size(), 2U);
  EXPECT_EQ(asked.requests[0].size, smallModel().trainedSize);
  EXPECT_EQ(asked.requests[1].size, (engine::PixelSize{192, 288}));
  EXPECT_EQ(asked.requests[0].steps, 5);
  for (const char* words : {"192x288  1      denoise  1000 bytes", "995 bytes  -0.5 %  about 4.0 s (3.0 to 5.0 s)",
                            "5.00 s  +25.0 %", "not known yet"})
    EXPECT_NE(out.str().find(words), std::string::npos) << words << " in\n" << out.str();
}

TEST_F(MemoryBenchCommandTest, failsWhenAPeakWasNotPredicted) {
  peak = 1015;
  EXPECT_EQ(run({"bench", "memory", "--batches", "1", "--json"}), kFailed);
  EXPECT_EQ(jsonLines().at(0)["within_bounds"], false);
  EXPECT_NE(error.str().find("outside of 0.97 to 1.01"), std::string::npos);
  peak = 960;
  EXPECT_EQ(run({"bench", "memory", "--batches", "1"}), kFailed);
}

TEST_F(MemoryBenchCommandTest, passesFailuresAndInterruptsOn) {
  EXPECT_EQ(run({"bench", "memory", "--sizes", "510"}), kBadArguments);
  EXPECT_EQ(run({"bench", "memory", "--batches", "0"}), kBadArguments);
  EXPECT_EQ(run({"bench", "memory", "--lora", "gone.safetensors"}), kBadInputFile);
  script = [](engine::JobId job, const engine::GenerationRequest&) {
    return std::vector<engine::EngineEvent>{engine::JobFailed{job, {engine::ErrorKind::OutOfMemory, "Too large.", ""}}};
  };
  EXPECT_EQ(run({"bench", "memory"}), kOutOfMemory);
  script = [](engine::JobId, const engine::GenerationRequest&) { return std::vector<engine::EngineEvent>(); };
  environment.interrupted = [] { return true; };
  EXPECT_EQ(run({"bench", "memory", "--json"}), kCancelled);
}

TEST_F(MemoryBenchCommandTest, printsWhatItHasWhenItEndsEarly) {
  const auto whole = script;
  script = [whole](engine::JobId job, const engine::GenerationRequest& request) {
    if (request.batchSize == 1) return whole(job, request);
    return std::vector<engine::EngineEvent>{engine::JobFailed{job, {engine::ErrorKind::OutOfMemory, "Too large.", ""}}};
  };
  EXPECT_EQ(run({"bench", "memory", "--sizes", "512", "--batches", "1,2", "--json"}), kOutOfMemory);
  ASSERT_GE(jsonLines().size(), 1U);
  EXPECT_EQ(jsonLines()[0]["cases"].size(), 1U);
  EXPECT_EQ(jsonLines()[0]["complete"], false);
  script = [whole](engine::JobId job, const engine::GenerationRequest& request) {
    if (request.batchSize == 1) return whole(job, request);
    return std::vector<engine::EngineEvent>{engine::JobCancelled{job}};
  };
  EXPECT_EQ(run({"bench", "memory", "--sizes", "512", "--batches", "1,2"}), kCancelled);
  EXPECT_NE(out.str().find("512x512  1      denoise"), std::string::npos) << out.str();
}

TEST_F(DevicesCommandTest, listsDevicesAndWhyOneCannotBeUsed) {
  EXPECT_EQ(run({"devices", "--folder", "/models"}), kDone);
  for (const char* words : {"8.00 GiB, 4.00 GiB free", "no: needs compute capability 7.5",
                            "game 1.00 GiB, a silent one\n", "generation 1, 8 lanes now; at most generation 3, 8 lanes",
                            "allows no more of the machine's 16.0 GiB", "/models: 1.00 GiB free, ext4 at /, hard disk",
                            "browser 3.00 GiB, 1.2 processors", "not there: nvcc is not needed."})
    EXPECT_NE(out.str().find(words), std::string::npos) << words << " in\n" << out.str();
}

TEST_F(DevicesCommandTest, printsTheSameAsJson) {
  EXPECT_EQ(run({"devices", "--json", "--folder", "/models"}), kDone);
  ASSERT_EQ(jsonLines().size(), 1U);
  const auto profile = jsonLines()[0];
  const auto devices = profile["devices"];
  EXPECT_EQ(devices[0]["threads"], 2);
  EXPECT_EQ(devices[0]["usable"], true);
  EXPECT_EQ(devices[0]["cores"], 1);
  EXPECT_EQ(devices[1]["reason"], "needs compute capability 7.5");
  EXPECT_EQ(devices[1]["obstacle"], "card_too_old");
  EXPECT_FALSE(devices[1].contains("threads"));
  EXPECT_EQ(devices[1]["programs"][0]["bytes"], 1LL << 30);
  EXPECT_TRUE(devices[1]["programs"][1]["bytes"].is_null()) << "the driver does not tell";
  EXPECT_EQ(devices[1]["pcie_most"]["generation"], 3);
  EXPECT_TRUE(devices[1]["power_limit_watts"].is_null());
  EXPECT_EQ(profile["memory"]["limited_by_group"], true);
  EXPECT_EQ(profile["disks"].back()["folder"], "/models");
  EXPECT_EQ(profile["disks"].back()["rotates"], true);
  EXPECT_EQ(profile["programs"][0]["processors"], 1.25);
  EXPECT_EQ(profile["checks"][0]["present"], false);
  EXPECT_EQ(profile["variables"]["CUDA_VISIBLE_DEVICES"], "0");
}

}  // namespace
}  // namespace studio::app
