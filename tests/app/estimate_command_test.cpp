#include "tests/app/command_fixture.h"

#include "app/commands/size_argument.h"

namespace studio::app {
namespace {

class EstimateCommandTest : public CommandTest {
 protected:
  EstimateCommandTest() {
    engine::MemoryEstimate estimate;
    estimate.plan.budget = {3LL << 30};
    estimate.plan.phases = {{engine::Phase::Encode, {"text_encoder"}, {1 << 30}, {1 << 20}, {1 << 19}, {}, 10},
                            {engine::Phase::Denoise, {"unet"}, {2LL << 30}, {1 << 29}, {1 << 28}, {}, 1e12}};
    estimate.plan.networks = {{"unet", {true, false}, {1 << 30}, {1 << 30}}};
    estimate.available = {3LL << 30};
    estimate.verdict = engine::Verdict::FitsWith;
    estimate.changes = {{engine::sentence("A size of %1 × %2.", 512, 512),
                         {1 << 30},
                         true,
                         {},
                         {},
                         engine::PredictedTime{engine::Seconds(20), engine::Seconds(15), engine::Seconds(30)}}};
    estimate.times = {engine::PredictedTime{engine::Seconds(2), engine::Seconds(1), engine::Seconds(4)},
                      engine::PredictedTime{engine::Seconds(38), engine::Seconds(29), engine::Seconds(56)}};
    estimated = estimate;
  }
};

TEST_F(EstimateCommandTest, saysInJsonWhatProgramsRelyOn) {
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--json"}), kDone) << error.str();
  const nlohmann::json json = jsonLines().at(0);
  EXPECT_EQ(json["verdict"], "fits_with");
  EXPECT_EQ(json["peak_bytes"], (2LL << 30) + (1 << 29) + (1 << 28));
  EXPECT_EQ(json["budget_bytes"], 3LL << 30);
  ASSERT_EQ(json["phases"].size(), 2U);
  EXPECT_EQ(json["phases"][1]["name"], "denoise");
  EXPECT_EQ(json["phases"][1]["weights_bytes"], 2LL << 30);
  EXPECT_EQ(json["phases"][1]["activation_bytes"], 1 << 29);
  EXPECT_EQ(json["phases"][1]["workspace_bytes"], 1 << 28);
  EXPECT_EQ(json["phases"][1]["peak_bytes"], json["peak_bytes"]);
  EXPECT_EQ(json["networks"][0]["streamed_bytes"], 1 << 30);
  EXPECT_EQ(json["changes"][0]["what"], "A size of 512 × 512.");
  EXPECT_TRUE(json["changes"][0]["changes_picture"]);
  EXPECT_EQ(json["changes"][0]["seconds"], 20);
}

TEST_F(EstimateCommandTest, saysHowLongEachPhaseTakes) {
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--json"}), kDone) << error.str();
  nlohmann::json json = jsonLines().at(0);
  EXPECT_EQ(json["phases"][1]["seconds"], 38);
  EXPECT_EQ(json["phases"][1]["seconds_low"], 29);
  EXPECT_EQ(json["phases"][1]["seconds_high"], 56);
  EXPECT_EQ(json["seconds"], 40);
  EXPECT_EQ(json["seconds_low"], 30);
  EXPECT_EQ(json["seconds_high"], 60);
  ASSERT_EQ(run({"estimate", "--prompt", "a"}), kDone);
  EXPECT_NE(out.str().find("about 38 s (29 to 56 s)"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("It takes about 40 s (30 to 60 s).\n"), std::string::npos) << out.str();
}

TEST_F(EstimateCommandTest, ownsUpToWhatWasNeverMeasured) {
  engine::MemoryEstimate unknown = estimated.value();
  unknown.times[0].reset();
  unknown.patience = engine::sentence("On the processor this takes about %1 minutes.", 45);
  estimated = unknown;
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--json"}), kDone) << error.str();
  const nlohmann::json json = jsonLines().at(0);
  EXPECT_TRUE(json["phases"][0].contains("seconds"));
  EXPECT_TRUE(json["phases"][0]["seconds"].is_null());
  EXPECT_EQ(json["phases"][1]["seconds"], 38);
  EXPECT_TRUE(json["seconds"].is_null());
  EXPECT_EQ(json["patience"], "On the processor this takes about 45 minutes.");
  ASSERT_EQ(run({"estimate", "--prompt", "a"}), kDone);
  EXPECT_NE(out.str().find("The time is not known yet.\nOn the processor this takes about 45 minutes.\n"),
            std::string::npos)
      << out.str();
}

TEST_F(EstimateCommandTest, saysHowThePictureIsDecoded) {
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--json"}), kDone) << error.str();
  EXPECT_EQ(jsonLines().at(0)["decode"], (nlohmann::json{{"way", "whole"}}));
  engine::MemoryEstimate strips = estimated.value();
  strips.plan.decode = {engine::DecodeMode::Strips, 64};
  estimated = strips;
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--decode-mode", "strips"}), kDone) << error.str();
  EXPECT_NE(out.str().find("decoded in strips of 64 rows"), std::string::npos) << out.str();
  EXPECT_EQ(asked.options.decode, engine::DecodeMode::Strips);
  out.str("");
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--json"}), kDone) << error.str();
  EXPECT_EQ(jsonLines().at(0)["decode"], (nlohmann::json{{"way", "strips"}, {"rows", 64}}));
}

TEST_F(EstimateCommandTest, saysToPeopleWhatFitsAndWhatWould) {
  ASSERT_EQ(run({"estimate", "--prompt", "a"}), kDone) << error.str();
  for (const char* words : {"denoise", "2.75 GiB", "of 3.00 GiB", "It fits when", "unet: 1.00 GiB stay",
                            "1.00 GiB, about 20 s (15 to 30 s)  A size of 512 × 512"})
    EXPECT_NE(out.str().find(words), std::string::npos) << words << " in " << out.str();
}

TEST_F(EstimateCommandTest, takesTheFlagsOfGenerate) {
  ASSERT_EQ(run({"estimate", "--prompt", "a cat", "--width", "768", "--batch-size", "4", "--device-budget", "1.5GiB",
                 "--memory-mode", "lowvram", "--threads", "3", "--reserve-vram", "256MiB", "--pinned", "off",
                 "--keep-models", "2"}),
            kDone)
      << error.str();
  EXPECT_EQ(asked.requests.at(0).size.width, 768);
  EXPECT_EQ(asked.requests.at(0).batchSize, 4);
  EXPECT_EQ(asked.options.deviceBudget.count, 3LL << 29);
  EXPECT_EQ(asked.options.memoryMode, engine::MemoryMode::LowVram);
  EXPECT_EQ(asked.options.reserve.count, 256 << 20);
  EXPECT_EQ(asked.options.pinned, engine::PinnedMemory::Off);
  EXPECT_EQ(asked.options.keptModels, 2);
  EXPECT_EQ(asked.options.threads, 3);
}

TEST_F(EstimateCommandTest, saysWhatWorksOnTheProcessor) {
  engine::MemoryEstimate hybrid = estimated.value();
  hybrid.plan.mode = engine::MemoryMode::Hybrid;
  hybrid.plan.networks.push_back({"vae", {true}, {100}, {0}, engine::WorkPlace::Host});
  hybrid.plan.phases.back().host = {std::int64_t{3} << 30};
  estimated = hybrid;
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--memory-mode", "hybrid"}), kDone) << error.str();
  EXPECT_EQ(asked.options.memoryMode, engine::MemoryMode::Hybrid);
  for (const char* words : {"On the processor: vae, with 3.00 GiB", "It fits when text encoders and VAE"})
    EXPECT_NE(out.str().find(words), std::string::npos) << words << " in " << out.str();
  out.str("");
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--memory-mode", "cpu", "--json"}), kDone) << error.str();
  EXPECT_EQ(asked.options.memoryMode, engine::MemoryMode::Cpu);
  const auto json = jsonLines().at(0);
  EXPECT_EQ(json["networks"].back()["works_on"], "host");
  EXPECT_EQ(json["networks"].front()["works_on"], "device");
  EXPECT_EQ(json["host_peak_bytes"], std::int64_t{3} << 30);
}

TEST_F(EstimateCommandTest, failsAsTheJobWould) {
  estimated = engine::EngineError{engine::ErrorKind::BadFile, "The file is broken.", ""};
  EXPECT_EQ(run({"estimate", "--prompt", "a", "--json"}), kBadInputFile);
  EXPECT_EQ(jsonLines().at(0)["message"], "The file is broken.");
}

TEST_F(EstimateCommandTest, refusesModesAndSizesThatAreNone) {
  EXPECT_EQ(run({"estimate", "--memory-mode", "tiny"}), kBadArguments);
  EXPECT_NE(error.str().find("medvram"), std::string::npos);
  EXPECT_EQ(run({"estimate", "--decode-mode", "slices"}), kBadArguments);
  EXPECT_NE(error.str().find("strips"), std::string::npos);
  EXPECT_EQ(run({"estimate", "--pinned", "perhaps"}), kBadArguments);
  EXPECT_EQ(run({"estimate", "--keep-models", "-1"}), kBadArguments);
  EXPECT_EQ(run({"estimate", "--keep-models", "2x"}), kBadArguments);
  EXPECT_EQ(run({"estimate", "--reserve-vram", "-1GiB"}), kBadArguments);
  EXPECT_EQ(run({"generate", "--prompt", "a", "--device-budget", "much"}), kBadArguments);
  EXPECT_NE(error.str().find("--device-budget"), std::string::npos);
}

TEST_F(EstimateCommandTest, passesOnWhatIsToBeDoneWhenMemoryRunsOut) {
  ASSERT_EQ(run({"estimate", "--prompt", "a"}), kDone);
  EXPECT_EQ(asked.options.oomPolicy, engine::OomPolicy::Lossless);
  EXPECT_EQ(asked.options.failAllocation, engine::AllocationFailure());
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--oom-policy", "classic", "--fail-allocation", "12"}), kDone);
  EXPECT_EQ(asked.options.oomPolicy, engine::OomPolicy::Classic);
  EXPECT_EQ(asked.options.failAllocation, (engine::AllocationFailure{.number = 12}));
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--fail-allocation", "3,sticky=70"}), kDone);
  EXPECT_EQ(asked.options.failAllocation, (engine::AllocationFailure{.number = 3, .stickyPercent = 70}));
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--fail-allocation", "size=2MiB"}), kDone);
  EXPECT_EQ(asked.options.failAllocation, (engine::AllocationFailure{.largerThan = {2 << 20}}));
  ASSERT_EQ(run({"estimate", "--prompt", "a", "--fail-allocation", "fragmented=120"}), kDone);
  EXPECT_EQ(asked.options.failAllocation, (engine::AllocationFailure{.fragmentedPercent = 120}));
  EXPECT_EQ(run({"estimate", "--prompt", "a", "--oom-policy", "hope"}), kBadArguments);
  for (const char* wrong : {"0", "-1", "x", "3,sticky=0", "3,sticky=101", "3,", "3,sticky=", "size=", "1.5",
                            "fragmented=", "fragmented=0", "fragmented=1001"})
    EXPECT_EQ(run({"estimate", "--prompt", "a", "--fail-allocation", wrong}), kBadArguments) << wrong;
}

TEST(SizeArgument, readsUnitsOf1024) {
  EXPECT_EQ(sizeFrom("1500", "--x").count, 1500);
  EXPECT_EQ(sizeFrom("512MiB", "--x").count, 512 << 20);
  EXPECT_EQ(sizeFrom("2 GiB", "--x").count, 2LL << 30);
  EXPECT_EQ(sizeFrom("1.5g", "--x").count, 3LL << 29);
  EXPECT_EQ(sizeFrom("64KB", "--x").count, 64 << 10);
  for (const char* text : {"", "GiB", "-1GiB", "0", "nan", "1e300", "5 apples", "2GiBx", "inf"})
    EXPECT_THROW(sizeFrom(text, "--x"), engine::EngineException) << text;
}

}  // namespace
}  // namespace studio::app
