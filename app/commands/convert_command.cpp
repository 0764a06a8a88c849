#include "app/commands/convert_command.h"

#include "app/commands/command_failure.h"
#include "app/commands/event_json.h"
#include "app/commands/human_text.h"
#include "app/commands/interrupt_watcher.h"
#include "app/commands/model_argument.h"
#include "engine/api/converter.h"

#include <cstdio>
#include <filesystem>
#include <ostream>
#include <string>
#include <system_error>

namespace studio::app {
namespace {

constexpr const char* kFooter =
    "Reads safetensors, GGUF and PyTorch files; writes by OUT's ending. fp8 goes into .safetensors, q8_0, q5_0 and "
    "q4_0\n"
    "into .gguf. Norms and biases stay in 16 or 32 bits. What was written is read back and compared.\n"
    "\n"
    "Examples:\n"
    "  studio convert old.ckpt new.safetensors --type f16\n"
    "  studio convert model.safetensors model-q8.gguf --type q8_0";
constexpr std::size_t kMostNamed = 10;
constexpr int kBarWidth = 30;

/// "Converting  [##########--------------------]  33 %", rewritten in place.
std::string barText(engine::Bytes done, engine::Bytes of) {
  const double share = of.count > 0 ? static_cast<double>(done.count) / static_cast<double>(of.count) : 1;
  const int filled = static_cast<int>(share * kBarWidth);
  return (share < 0.5 ? "Converting  [" : "Verifying   [") + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(kBarWidth - filled), '-') + "]  " +
         std::to_string(static_cast<int>(share * 100)) + " %";
}

std::string errorText(double relative) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g of the weights' size", relative);
  return text;
}

/// Better now than after the work.
void checkFolderOf(const std::filesystem::path& output) {
  const std::filesystem::path folder = output.parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    refuseArguments("There is no folder \"" + engine::utf8FromPath(folder) + "\" to write into.");
}

class ConvertCommand final : public Command {
 public:
  explicit ConvertCommand(CLI::App& app) {
    app.add_option("input", input_, "model file; a bare name is looked up in the model folders")->required();
    app.add_option("output", output_, "file to write: .safetensors or .gguf")->required();
    app.add_option("--type", type_, "f32, f16, bf16, fp8, q8_0, q5_0 or q4_0")->required()->type_name("TYPE");
    app.add_flag("--force", force_, "replace the output when it is already there");
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer(kFooter);
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const auto format = engine::storageFormatFrom(type_);
    if (!format)
      refuseArguments("\"" + type_ + "\" is not a type; the types are f32, f16, bf16, fp8, q8_0, q5_0 and q4_0.");
    const engine::ConversionRequest request{findModel(engine::pathFromUtf8(input_), environment),
                                            engine::pathFromUtf8(output_), *format, force_};
    checkFolderOf(request.output);
    const InterruptWatcher watcher(environment.interrupted);
    const auto result = environment.makeConverter()->convert(
        request, watcher.token(), [&](engine::Bytes done, engine::Bytes of) { drawBar(done, of, environment); });
    clearBar(environment);
    if (watcher.token().stop_requested()) return reportCancelled(environment);
    if (!result) throw engine::EngineException(result.error());
    print(result.value(), environment);
    return kDone;
  }

 private:
  void drawBar(engine::Bytes done, engine::Bytes of, CommandEnvironment& environment) {
    const std::string text = barText(done, of);
    if (!environment.errorIsTerminal || text == drawn_) return;
    environment.error << "\r" << text << std::flush;
    drawn_ = text;
  }

  void clearBar(CommandEnvironment& environment) {
    if (!drawn_.empty()) environment.error << "\r" << std::string(drawn_.size(), ' ') << "\r" << std::flush;
  }

  ExitCode reportCancelled(CommandEnvironment& environment) const {
    if (json_) printJson(environment.out, *eventJson(engine::JobCancelled{}));
    environment.error << "Cancelled." << std::endl;
    return kCancelled;
  }

  void print(const engine::ConversionReport& report, CommandEnvironment& environment) const {
    if (json_) {
      printJson(environment.out, {{"output", output_},
                                  {"type", type_},
                                  {"input_bytes", report.inputBytes.count},
                                  {"output_bytes", report.outputBytes.count},
                                  {"tensors", report.tensors},
                                  {"converted", report.converted},
                                  {"fallen_back", report.fallenBack},
                                  {"relative_error", report.relativeError},
                                  {"verified", true}});
      return;
    }
    environment.out << alignedRows(
        {{"Written", output_},
         {"Size", bytesText(report.outputBytes) + " from " + bytesText(report.inputBytes)},
         {"Tensors", std::to_string(report.converted) + " of " + std::to_string(report.tensors) + " as " + type_},
         {"Rounding", errorText(report.relativeError)},
         {"Verified", "read back and compared"}});
    if (!report.fallenBack.empty()) {
      environment.out << report.fallenBack.size() << " kept as f16, because their rows are no whole blocks:\n";
      for (std::size_t i = 0; i < report.fallenBack.size() && i < kMostNamed; ++i)
        environment.out << "  " << report.fallenBack[i] << "\n";
      if (report.fallenBack.size() > kMostNamed)
        environment.out << "  … and " << report.fallenBack.size() - kMostNamed << " more (--json lists all)\n";
    }
    environment.out << std::flush;
  }

  std::string input_, output_, type_;
  std::string drawn_;
  bool force_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeConvertCommand(CLI::App& app) { return std::make_unique<ConvertCommand>(app); }

}  // namespace studio::app
