#include "engine/api/engine_error.h"
#include "engine/pipeline/job_checkpoint.h"
#include "engine/pipeline/job_order.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

TEST(JobCheckpointFile, comesBackAsItWas) {
  JobCheckpoint checkpoint;
  checkpoint.recipe = {Precision::BFloat16, 7, "cpu 1", "9.9", "ab"};
  checkpoint.started = 1'700'000'000;
  checkpoint.picturesDone = 3;
  checkpoint.batch = 1;
  checkpoint.step = 5;
  checkpoint.of = 9;
  checkpoint.phase = Phase::Decode;
  checkpoint.refines = true;
  checkpoint.asked = {.mode = MemoryMode::HighVram, .budget = {5000}};
  checkpoint.execution = {MemoryMode::LowVram,
                          HostShare::AllButDenoising,
                          {4500},
                          CallRows::One,
                          DecodeMode::Strips,
                          false,
                          HostCopies::Pageable,
                          true,
                          true,
                          1,
                          2};
  checkpoint.rungs = {{"Another %1 MiB had no room.", {"7"}}, {"桜", {}}};
  checkpoint.memoryWasShort = true;
  checkpoint.widenings = {{Part::Vae, false, {"The %1 overflows.", {"VAE"}}}, {Part::UNet, true, {"x", {}}}};
  checkpoint.state = std::string("a\0b", 3) + std::string(10'000, 'x');
  const std::string bytes = engine::bytesOf(checkpoint);
  EXPECT_EQ(checkpointFrom(bytes), checkpoint);
  checkpoint.state.clear();
  EXPECT_EQ(checkpointSummary(bytes.substr(0, 1000)), checkpoint);
  for (std::size_t length = 0; length < bytes.size(); length += 97)
    EXPECT_THROW(checkpointFrom(bytes.substr(0, length)), EngineException);
}

TEST(JobCheckpointFile, isRefusedWhenItsExecutionIsNone) {
  JobCheckpoint checkpoint;
  checkpoint.rungs.assign(kMostRungs + 11, {"x", {}});
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.rungs = {{"%1", {std::string(5000, 'x')}}};
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.rungs = {};
  checkpoint.widenings = {{static_cast<Part>(9), false, {}}};
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.widenings.assign(11, {});
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.widenings = {};
  checkpoint.execution.rows = static_cast<CallRows>(3);
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.execution = {.host = static_cast<HostShare>(3)};
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.execution = {.copies = static_cast<HostCopies>(3)};
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
  checkpoint.execution = {.budget = {-1}};
  EXPECT_THROW(checkpointFrom(engine::bytesOf(checkpoint)), EngineException);
}

/// Else the fuzzer would begin with bytes that are refused at once.
TEST(JobCheckpointFile, isWhatTheFuzzersFirstInputHolds) {
  std::ifstream file("tests/fuzz/corpus/job_files/checkpoint_whole", std::ios::binary);
  const std::string seed{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(seed.empty()) << "run in the source folder";
  const JobCheckpoint checkpoint = checkpointFrom(seed.substr(1));
  EXPECT_EQ(checkpoint.rungs.size(), 2U);
  EXPECT_EQ(checkpoint.widenings.size(), 1U);
}

TEST(JobOrderFile, comesBackAsItWasWithAbsolutePaths) {
  JobOrder order;
  order.request.model = "models/a.safetensors";
  order.request.prompt = "桜, \"quoted\"\n";
  order.request.seed = Seed{18446744073709551615U};
  order.request.strict = false;
  order.request.loras = {{"b.safetensors", 0.5, 0.25, 3, "MIDD"}};
  order.output = {"out/{seed}.webp", 80, true};
  order.options.threads = 3;
  order.options.memoryMode = MemoryMode::Streaming;
  order.options.decode = DecodeMode::Strips;
  order.options.deviceBudget = {1 << 20};
  order.options.oomPolicy = OomPolicy::Classic;
  order.options.reserve = {1 << 10};
  order.options.pinned = PinnedMemory::Off;
  order.options.loraFolders = {"/loras"};
  order.submitted = 1'700'000'000;
  EngineOptions usual;
  usual.cacheFolder = "/cache";
  usual.loraFolders = {"/others"};
  const JobOrder back = orderFromJson(orderJson(order), usual);
  EXPECT_EQ(back.request.model, fs::absolute("models/a.safetensors"));
  EXPECT_EQ(back.request.loras[0].file, fs::absolute("b.safetensors"));
  EXPECT_EQ(back.request.prompt, order.request.prompt);
  EXPECT_EQ(back.request.seed, order.request.seed);
  EXPECT_EQ(back.request.strict, false);
  EXPECT_EQ(back.output.pattern, fs::absolute("out/{seed}.webp").string());
  EXPECT_EQ(back.output.quality, 80);
  EXPECT_TRUE(back.output.keepLatents);
  EXPECT_EQ(back.submitted, order.submitted);
  order.options.cacheFolder = "/cache";
  EXPECT_EQ(back.options, order.options);
}

TEST(JobOrderFile, isRefusedWhenItIsNone) {
  const std::string good = orderJson({});
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{}"), std::string("{\"version\":2,\"request\":{}}"),
        std::string("{\"version\":\"1\",\"request\":{}}"), std::string("{\"version\":1,\"request\":[]}"),
        std::string("{\"version\":1,\"request\":{\"steps\":-3}}"),
        std::string("{\"version\":1,\"request\":{},\"output\":7}"),
        std::string("{\"version\":1,\"request\":{},\"options\":{\"threads\":\"x\"}}"),
        std::string("{\"version\":1,\"request\":") + std::string(100'000, '['), good.substr(0, good.size() / 2)})
    EXPECT_THROW(orderFromJson(text, {}), EngineException) << text.substr(0, 80);
}

}  // namespace
}  // namespace studio::engine
