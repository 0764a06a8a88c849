#pragma once

#include "app/commands/command_line.h"
#include "engine/api/event_queue.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace studio::app {

/// What a fake engine was asked to do.
struct Asked {
  std::vector<engine::GenerationRequest> requests;
  std::vector<engine::OutputOptions> outputs;
  engine::EngineOptions options;
  std::vector<engine::JobId> cancelled;
  std::vector<std::string> resumed, keptPartial;
  std::vector<std::filesystem::path> decoded;
  std::vector<std::string> discarded;
  engine::BenchmarkRequest benchmark;
  engine::ConversionRequest conversion;
  std::vector<bool> answers;
};

/// Answers a submitted request at once with the events of a script.
class ScriptedGenerator final : public engine::Generator {
 public:
  using Script = std::function<std::vector<engine::EngineEvent>(engine::JobId, const engine::GenerationRequest&)>;
  ScriptedGenerator(Asked& asked, Script script) : asked_(asked), script_(std::move(script)) {}

  engine::JobId submit(const engine::GenerationRequest& request, const engine::OutputOptions& output) override {
    asked_.requests.push_back(request);
    asked_.outputs.push_back(output);
    const engine::JobId job{asked_.requests.size()};
    for (auto& event : script_(job, request)) events_.push(std::move(event));
    return job;
  }
  engine::JobId submitFirst(const engine::GenerationRequest& request, const engine::OutputOptions& output) override {
    return submit(request, output);
  }
  void pause(engine::JobId) override {}
  void answer(engine::JobId, bool yes) override { asked_.answers.push_back(yes); }
  engine::JobId keepPartial(const std::string& unfinished, const engine::OptionsPatch& changes) override {
    asked_.keptPartial.push_back(unfinished);
    return resume(unfinished, changes);
  }
  using Generator::resume;
  engine::JobId resume(const std::string& unfinished, const engine::OptionsPatch&) override {
    asked_.resumed.push_back(unfinished);
    const engine::JobId job{1000 + asked_.resumed.size()};
    for (auto& event : script_(job, {})) events_.push(std::move(event));
    return job;
  }
  engine::JobId decode(const std::filesystem::path& latent, const engine::GenerationRequest& request,
                       const engine::OutputOptions& output) override {
    asked_.decoded.push_back(latent);
    return submit(request, output);
  }
  void cancel(engine::JobId job) override {
    asked_.cancelled.push_back(job);
    events_.push(engine::JobCancelled{job});
  }
  void setOptions(const engine::EngineOptions& options) override { asked_.options = options; }
  engine::EventQueue& events() override { return events_; }

 private:
  Asked& asked_;
  Script script_;
  engine::EventQueue events_;
};

class ScriptedInspector final : public engine::Inspector {
 public:
  explicit ScriptedInspector(engine::Result<engine::FileInfo> answer) : answer_(std::move(answer)) {}
  engine::Result<engine::FileInfo> inspect(const std::filesystem::path&) const override { return answer_; }
  std::optional<engine::EngineError> remember(const std::filesystem::path&, const engine::ModelChoice& choice,
                                              const std::stop_token&) const override {
    if (auto* model = answer_ ? std::get_if<engine::ModelInfo>(&answer_.value()) : nullptr) model->chosen = choice;
    return std::nullopt;
  }

 private:
  mutable engine::Result<engine::FileInfo> answer_;
};

class ScriptedBenchmark final : public engine::Benchmark {
 public:
  explicit ScriptedBenchmark(Asked& asked) : asked_(asked) {}
  engine::Result<engine::BenchmarkResult> run(const engine::BenchmarkRequest& request,
                                              const engine::EngineOptions& options, std::stop_token stop,
                                              const std::function<void(int, int)>& progress) override {
    asked_.benchmark = request;
    asked_.options = options;
    if (waitForStop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      return engine::EngineError{engine::ErrorKind::Internal, "stopped", ""};
    }
    progress(1, 2);
    return engine::BenchmarkResult{{0.5, 0.75}, 0.5, 0.625, {1U << 30}, engine::Precision::BFloat16, 2};
  }
  bool waitForStop = false;

 private:
  Asked& asked_;
};

class ScriptedEstimator final : public engine::Estimator {
 public:
  ScriptedEstimator(Asked& asked, engine::Result<engine::MemoryEstimate> answer)
      : asked_(asked), answer_(std::move(answer)) {}
  engine::Result<engine::MemoryEstimate> estimate(const engine::GenerationRequest& request,
                                                  const engine::EngineOptions& options) override {
    asked_.requests.push_back(request);
    asked_.options = options;
    return answer_;
  }

 private:
  Asked& asked_;
  engine::Result<engine::MemoryEstimate> answer_;
};

class ScriptedConverter final : public engine::Converter {
 public:
  ScriptedConverter(Asked& asked, engine::Result<engine::ConversionReport> answer)
      : asked_(asked), answer_(std::move(answer)) {}
  engine::Result<engine::ConversionReport> convert(
      const engine::ConversionRequest& request, std::stop_token,
      const std::function<void(engine::Bytes, engine::Bytes)>& progress) const override {
    asked_.conversion = request;
    progress({1}, {4});
    progress({4}, {4});
    return answer_;
  }

 private:
  Asked& asked_;
  engine::Result<engine::ConversionReport> answer_;
};

class ScriptedJobs final : public engine::UnfinishedJobs {
 public:
  ScriptedJobs(Asked& asked, std::vector<engine::UnfinishedJob> jobs) : asked_(asked), jobs_(std::move(jobs)) {}
  std::vector<engine::UnfinishedJob> list() const override { return jobs_; }
  std::optional<engine::EngineError> discard(const std::string& id) const override {
    asked_.discarded.push_back(id);
    for (const auto& job : jobs_) {
      if (job.id == id) return std::nullopt;
    }
    return engine::EngineError{engine::ErrorKind::MissingFile, "There is no such job.", ""};
  }

 private:
  Asked& asked_;
  std::vector<engine::UnfinishedJob> jobs_;
};

class ScriptedHardware final : public engine::HardwareSurvey {
 public:
  engine::HardwareProfile look(const std::vector<std::filesystem::path>& folders) const override {
    engine::HardwareProfile profile;
    profile.cpu.device = {"cpu", "A processor", "cpu", {8LL << 30}, {4LL << 30}, 2, {"avx2"}, true, {}};
    profile.cpu.cores = 1;
    engine::GpuProfile& gpu = profile.gpus.emplace_back();
    gpu.device = {"cuda:0",
                  "An old card",
                  "gpu",
                  {2LL << 30},
                  {2LL << 30},
                  0,
                  {"compute 5.0"},
                  false,
                  {"needs compute capability 7.5", {}},
                  engine::DeviceObstacle::CardTooOld};
    gpu.device.programs = {{"game", {1LL << 30}}, {"a silent one", {}}};
    gpu.vendor = engine::GpuVendor::Nvidia;
    gpu.linkNow = {1, 8};
    gpu.linkMost = {3, 8};
    gpu.drivesDisplay = true;
    profile.memory = {{16LL << 30}, {8LL << 30}, {4LL << 30}, true, {2LL << 30}, {1LL << 30}, {}};
    profile.programs = {{"browser", {3LL << 30}, 1.25}};
    profile.checks = {{"nvcc", false, "", {"nvcc is not needed.", {}}}};
    profile.variables = {{"CUDA_VISIBLE_DEVICES", "0"}};
    for (const auto& folder : folders) profile.disks.push_back({folder, "/", "ext4", {9LL << 30}, {1LL << 30}, true});
    return profile;
  }
};

inline engine::ModelInfo smallModel() {
  engine::ModelInfo info;
  info.name = "small";
  info.family = engine::ModelFamily::StableDiffusion1;
  info.layout = "single file";
  info.precision = "fp16";
  info.trainedSize = {128, 192};
  info.fileBytes = {3 << 20};
  info.parts = {{"UNet", true, 859520964, "fp16"}, {"VAE", false, 0, ""}};
  info.missing = {"The file has no VAE: add one with --vae."};
  info.unknownTensors = 3;
  return info;
}

/// Runs command lines against scripted parts in a folder of its own.
class CommandTest : public testing::Test {
 protected:
  CommandTest() {
    std::string name = (std::filesystem::temp_directory_path() / "kiln-test-XXXXXX").string();
    folder = mkdtemp(name.data());
    environment.starterModel = addFile("starter.safetensors");
    environment.searchFolders = {folder};
    environment.version = "1.2.3";
    environment.makeGenerator = [this](const engine::EngineOptions& options) {
      asked.options = options;
      return std::make_unique<ScriptedGenerator>(asked, script);
    };
    environment.makeEstimator = [this] { return std::make_unique<ScriptedEstimator>(asked, estimated); };
    environment.makeInspector = [this] { return std::make_unique<ScriptedInspector>(inspected); };
    environment.makeConverter = [this] { return std::make_unique<ScriptedConverter>(asked, converted); };
    environment.makeBenchmark = [this] {
      auto benchmark = std::make_unique<ScriptedBenchmark>(asked);
      benchmark->waitForStop = benchmarkWaits;
      return benchmark;
    };
    environment.makeUnfinishedJobs = [this] { return std::make_unique<ScriptedJobs>(asked, unfinished); };
    environment.makeHardwareSurvey = [] { return std::make_unique<ScriptedHardware>(); };
  }
  ~CommandTest() override { std::filesystem::remove_all(folder); }

  std::filesystem::path addFile(const std::string& name, const std::string& content = "x") {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << content;
    return folder / name;
  }

  int run(std::vector<std::string> arguments) {
    out.str("");
    error.str("");
    return runCommandLine(arguments, environment);
  }

  /// `studio generate` into the test's folder.
  int generate(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"generate", "--out", (folder / "a.png").string()});
    return run(std::move(arguments));
  }

  /// Standard output as one JSON object a line; anything else fails the test.
  std::vector<nlohmann::json> jsonLines() const {
    std::vector<nlohmann::json> lines;
    std::istringstream stream(out.str());
    for (std::string line; std::getline(stream, line);) {
      lines.push_back(nlohmann::json::parse(line, nullptr, false));
      EXPECT_TRUE(lines.back().is_object()) << line;
    }
    return lines;
  }

  static std::vector<engine::EngineEvent> onePicture(engine::JobId job, const engine::GenerationRequest& request) {
    using namespace engine;
    const Seed seed = request.seed.value_or(Seed{99});
    return {JobStarted{job, seed, 1},
            PhaseStarted{job, Phase::Load},
            ModelLoaded{job, request.model, "SD 1.x", Precision::Float32, 2, {"fp32 was asked for", {}}, Seconds(0.5)},
            PhaseFinished{job, Phase::Load, Seconds(0.5)},
            StepFinished{job, 0, 1, 2, Seconds(0.25)},
            PreviewReady{job, 0, 1, {Image{{16, 16}, 3, nullptr}}},
            StepFinished{job, 0, 2, 2, Seconds(0.25)},
            Notice{job, "A note for people."},
            ImageFinished{job, 0, "/out/桜.png", seed, Image{request.size, 3, nullptr}},
            JobFinished{job, 1, Seconds(1.5), {1 << 30}, {1 << 20}}};
  }

  std::filesystem::path folder;
  std::ostringstream out;
  std::ostringstream error;
  Asked asked;
  ScriptedGenerator::Script script = onePicture;
  engine::Result<engine::MemoryEstimate> estimated = engine::MemoryEstimate();
  engine::Result<engine::FileInfo> inspected = engine::FileInfo(smallModel());
  engine::Result<engine::ConversionReport> converted =
      engine::ConversionReport{{4 << 20}, {1 << 20}, 12, 8, {"conv_in.weight"}, 0.0123};
  std::vector<engine::UnfinishedJob> unfinished;
  bool benchmarkWaits = false;
  CommandEnvironment environment{.out = out, .error = error};
};

}  // namespace studio::app
