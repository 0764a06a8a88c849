#include "app/commands/bench_command.h"

#include "app/commands/command_failure.h"
#include "app/commands/engine_flags.h"
#include "app/commands/event_json.h"
#include "app/commands/human_text.h"
#include "app/commands/interrupt_watcher.h"
#include "app/commands/lora_argument.h"
#include "app/commands/memory_bench.h"
#include "app/commands/memory_flags.h"
#include "app/commands/model_argument.h"
#include "engine/api/request_fields.h"

#include <charconv>
#include <optional>
#include <ostream>
#include <vector>

namespace studio::app {
namespace {

constexpr int kMostRepeats = 1000;

constexpr const char* kFooter =
    "unet: one denoising step with guidance. vae: one decode. image: a whole picture of --steps steps.\n"
    "Without --model the weights are seeded random numbers of true SD 1.5 size, made in memory.\n"
    "memory: pictures of every size and batch, each phase's predicted peak and time beside the measured ones; of the\n"
    "starter model without --model. Ends with 1 when a peak is not within 0.97 and 1.01 of its prediction.\n"
    "\n"
    "Examples:\n"
    "  studio bench unet\n"
    "  studio bench image --size 512x768 --steps 10 --repeats 2 --precision bf16 --json\n"
    "  studio bench memory --model sd15.safetensors --sizes 512,768x512 --batches 1,2 --precision fp32";

engine::BenchmarkSubject subjectFrom(const std::string& word) {
  if (word == "unet") return engine::BenchmarkSubject::UNet;
  if (word == "vae") return engine::BenchmarkSubject::Vae;
  return engine::BenchmarkSubject::Image;
}

std::optional<int> sideFrom(std::string_view text) {
  int side = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  const bool fits = side >= engine::kSmallestSide && side <= engine::kLargestSide && side % engine::kSideMultiple == 0;
  return whole && fits ? std::optional(side) : std::nullopt;
}

/// "512" or "512x768".
engine::PixelSize sizeFrom(const std::string& text, const std::string& flag) {
  const std::size_t cross = text.find_first_of("xX");
  const auto width = sideFrom(std::string_view(text).substr(0, cross));
  const auto height = cross == std::string::npos ? width : sideFrom(std::string_view(text).substr(cross + 1));
  if (!width || !height) {
    refuseArguments("Size is \"" + text + "\"; it must be like 512 or 512x768, multiples of 8 from 64 to 8192 (" +
                    flag + ").");
  }
  return {*width, *height};
}

/// The model's own size, and half as large again.
std::vector<engine::PixelSize> usualSizes(engine::PixelSize trained) {
  const auto larger = [](int side) { return side * 3 / 2 / engine::kSideMultiple * engine::kSideMultiple; };
  return {trained, {larger(trained.width), larger(trained.height)}};
}

class BenchCommand final : public Command {
 public:
  explicit BenchCommand(CLI::App& app) {
    app.add_option("subject", subject_, "unet, vae, image or memory")
        ->required()
        ->check(CLI::IsMember({"unet", "vae", "image", "memory"}).description(""));
    app.add_option("--model", model_, "measure this model instead of random weights")->type_name("FILE");
    app.add_option("--size", size_, "of the picture in pixels (default 512)")->type_name("N|WxH");
    app.add_option("--repeats", repeats_, "how often it is measured (default 3)")
        ->check(CLI::Range(1, kMostRepeats).description(""))
        ->type_name("N");
    stepsFlag_ = app.add_option("--steps", steps_, "of a whole picture (default 20; memory: 3)")
                     ->check(CLI::Range(1, engine::kMostSteps).description(""))
                     ->type_name("N");
    app.add_option("--sizes", sizes_, "memory: sizes of pictures (default: the model's own, and half as large again)")
        ->type_name("N|WxH,...")
        ->delimiter(',');
    app.add_option("--batches", batches_, "memory: batch sizes (default 1,2)")
        ->type_name("N,...")
        ->delimiter(',')
        ->check(CLI::Range(1, engine::kLargestBatch).description(""));
    app.add_option("--lora", loras_, "memory: with this LoRA; may be repeated")->type_name("FILE[:WEIGHT]");
    engineFlags_.addTo(app);
    memoryFlags_.addTo(app);
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer(kFooter);
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    if (subject_ == "memory") return runMemory(environment);
    engine::BenchmarkRequest request{subjectFrom(subject_), sizeFrom(size_, "--size"), repeats_, steps_, {}};
    if (!model_.empty()) request.model = findModel(engine::pathFromUtf8(model_), environment);
    engine::EngineOptions options = engineFlags_.read();
    options.cacheFolder = environment.cacheFolder;
    const InterruptWatcher watcher(environment.interrupted);
    const auto result = environment.makeBenchmark()->run(request, options, watcher.token(), [&](int done, int of) {
      if (done > 0) environment.error << "Measured " << done << " of " << of << std::endl;
    });
    if (watcher.token().stop_requested()) return reportCancelled(environment);
    if (!result) throw engine::EngineException(result.error().kind, result.error().message, result.error().detail);
    print(result.value(), environment);
    return kDone;
  }

 private:
  ExitCode runMemory(CommandEnvironment& environment) const {
    MemoryBenchRequest request{findModel(engine::pathFromUtf8(model_), environment), {}, {}, batches_};
    if (stepsFlag_->count() > 0) request.steps = steps_;
    for (const std::string& lora : loras_) {
      request.loras.push_back(loraFromArgument(lora));
      request.loras.back().file = findLora(request.loras.back().file, environment.searchFolders);
    }
    for (const std::string& size : sizes_) request.sizes.push_back(sizeFrom(size, "--sizes"));
    if (sizes_.empty()) request.sizes = usualSizes(inspectModel(request.model, environment).trainedSize);
    engine::EngineOptions options = engineFlags_.read();
    memoryFlags_.apply(options);
    options.cacheFolder = environment.cacheFolder;
    options.preview = engine::PreviewMode::Off;
    options.checkpoint = false;
    const MemoryBenchResult result = runMemoryBench(request, options, environment);
    if (result.cancelled && result.cases.empty()) return reportCancelled(environment);
    if (result.failure && result.cases.empty()) throw engine::EngineException(*result.failure);
    if (json_) {
      printJson(environment.out, memoryBenchJson(result));
    } else {
      environment.out << memoryBenchText(result) << std::flush;
    }
    if (result.failure) throw engine::EngineException(*result.failure);
    if (result.cancelled) {
      environment.error << "Cancelled: the rest was not measured." << std::endl;
      return kCancelled;
    }
    if (result.isWithinBounds()) return kDone;
    environment.error << "A peak lies outside of 0.97 to 1.01 of its prediction." << std::endl;
    return kFailed;
  }

  ExitCode reportCancelled(CommandEnvironment& environment) const {
    if (json_) printJson(environment.out, *eventJson(engine::JobCancelled{}));
    environment.error << "Cancelled." << std::endl;
    return kCancelled;
  }

  void print(const engine::BenchmarkResult& result, CommandEnvironment& environment) const {
    const std::string precision(engine::idOf(result.precision));
    if (json_) {
      printJson(environment.out, {{"subject", subject_},
                                  {"best_seconds", result.bestSeconds},
                                  {"median_seconds", result.medianSeconds},
                                  {"peak_host_bytes", result.peakHostBytes.count},
                                  {"precision", precision},
                                  {"threads", result.threads},
                                  {"seconds", result.seconds}});
      return;
    }
    environment.out << alignedRows({{"Best", secondsText(result.bestSeconds)},
                                    {"Median", secondsText(result.medianSeconds)},
                                    {"Memory", bytesText(result.peakHostBytes)},
                                    {"Precision", precision},
                                    {"Threads", std::to_string(result.threads)}})
                    << std::flush;
  }

  EngineFlags engineFlags_;
  MemoryFlags memoryFlags_;
  std::string subject_;
  std::string model_;
  std::string size_ = "512";
  std::vector<std::string> sizes_, loras_;
  std::vector<int> batches_{1, 2};
  int repeats_ = engine::BenchmarkRequest{}.repeats;
  int steps_ = engine::BenchmarkRequest{}.steps;
  const CLI::Option* stepsFlag_ = nullptr;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeBenchCommand(CLI::App& app) { return std::make_unique<BenchCommand>(app); }

}  // namespace studio::app
