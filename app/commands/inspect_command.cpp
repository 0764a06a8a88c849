#include "app/commands/inspect_command.h"

#include "app/commands/command_failure.h"
#include "app/commands/event_json.h"
#include "app/commands/inspect_json.h"
#include "app/commands/inspect_text.h"
#include "app/commands/interrupt_watcher.h"
#include "engine/api/image_io.h"
#include "engine/api/model_catalog.h"

#include <array>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>

namespace studio::app {
namespace {

/// By the first bytes, as extensions lie.
bool isPicture(const std::filesystem::path& path) {
  std::array<char, 12> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  const std::string_view bytes(start.data(), start.size());
  return bytes.starts_with("\x89PNG\r\n\x1A\n") || bytes.starts_with("\xFF\xD8\xFF") ||
         (bytes.starts_with("RIFF") && bytes.substr(8) == "WEBP");
}

template <class Value>
Value valueOrThrow(const engine::Result<Value>& result) {
  if (!result) throw engine::EngineException(result.error().kind, result.error().message, result.error().detail);
  return result.value();
}

class InspectCommand final : public Command {
 public:
  explicit InspectCommand(CLI::App& app) {
    app.add_option("file", file_, "model, LoRA or picture; a bare name is looked up in the model folders")->required();
    app.add_option("--remember-prediction", prediction_,
                   "what the model predicts, kept for this file: epsilon, v or auto, which forgets");
    app.add_option("--remember-zero-terminal-snr", zeroTerminalSnr_,
                   "whether its noise goes down to pure noise, kept for this file: on, off or auto");
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer(
        "Examples:\n"
        "  studio inspect model.safetensors\n"
        "  studio inspect picture.png --json | jq .request.prompt");
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const std::filesystem::path path = findFile(environment);
    if (isPicture(path)) {
      const auto info = valueOrThrow(engine::readPictureInfo(path));
      const InterruptWatcher watcher(environment.interrupted);  // looking for a hash may read gigabytes
      const auto files = engine::findNeededFiles(info, engine::findModelFiles(environment.searchFolders),
                                                 *environment.makeInspector(), watcher.token());
      print(environment, json_ ? Json(pictureJson(path, info, files)) : Json(),
            json_ ? "" : pictureText(path, info, files));
    } else {
      const auto info = inspected(path, environment);
      print(environment, json_ ? Json(fileJson(info)) : Json(), json_ ? "" : fileText(info));
    }
    return kDone;
  }

 private:
  engine::FileInfo inspected(const std::filesystem::path& path, const CommandEnvironment& environment) const {
    const auto inspector = environment.makeInspector();
    const engine::FileInfo info = valueOrThrow(inspector->inspect(path));
    if (prediction_.empty() && zeroTerminalSnr_.empty()) return info;
    const auto* model = std::get_if<engine::ModelInfo>(&info);
    if (model == nullptr) refuseArguments("Only for a model it can be remembered what it predicts.");
    engine::ModelChoice choice = model->chosen;
    if (!prediction_.empty()) choice.prediction = chosen<engine::PredictionType>(prediction_);
    if (!zeroTerminalSnr_.empty()) choice.zeroTerminalSnr = chosen<engine::ZeroTerminalSnr>(zeroTerminalSnr_);
    const InterruptWatcher watcher(environment.interrupted);  // a hash that is not known yet takes a while
    if (const auto error = inspector->remember(path, choice, watcher.token()))
      throw engine::EngineException(error->kind, error->message, error->detail);
    return valueOrThrow(inspector->inspect(path));
  }

  template <class Enum>
  static Enum chosen(const std::string& id) {
    if (const auto value = engine::choiceFrom<Enum>(id)) return *value;
    refuseArguments("\"" + id + "\" is none of the choices.");
  }

  std::filesystem::path findFile(const CommandEnvironment& environment) const {
    const std::filesystem::path path = engine::pathFromUtf8(file_);
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path;
    const std::filesystem::path found =
        path.has_parent_path() ? std::filesystem::path()
                               : engine::findByName(path, engine::findModelFiles(environment.searchFolders));
    if (!found.empty()) return found;
    throw engine::EngineException(engine::ErrorKind::MissingFile, "There is no file \"" + file_ + "\".");
  }

  void print(CommandEnvironment& environment, const Json& json, const std::string& text) const {
    if (json_) {
      printJson(environment.out, json);
    } else {
      environment.out << text << std::flush;
    }
  }

  std::string file_, prediction_, zeroTerminalSnr_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeInspectCommand(CLI::App& app) { return std::make_unique<InspectCommand>(app); }

}  // namespace studio::app
