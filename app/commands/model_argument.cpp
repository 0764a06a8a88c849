#include "app/commands/model_argument.h"

#include "app/commands/command_failure.h"
#include "engine/api/engine_event.h"
#include "engine/api/model_catalog.h"

#include <system_error>

namespace studio::app {
namespace {

[[noreturn]] void throwNoModel(const std::filesystem::path& path, const std::string& kind) {
  const std::string name = engine::utf8FromPath(path.filename());
  throw engine::EngineException(engine::ErrorKind::WrongFamily,
                                name + " is not a model that makes pictures. What is in it: " + kind + ".",
                                engine::utf8FromPath(path));
}

}  // namespace

std::filesystem::path findModel(const std::filesystem::path& model, const CommandEnvironment& environment) {
  if (model.empty()) {
    if (!environment.starterModel.empty()) return environment.starterModel;
    refuseArguments("No model is chosen and the starter model is not installed: name one with --model FILE.");
  }
  std::error_code ignored;
  if (std::filesystem::exists(model, ignored)) return model;
  if (!model.has_parent_path()) {
    const std::filesystem::path found = engine::findByName(model, engine::findModelFiles(environment.searchFolders));
    if (!found.empty()) return found;
  }
  throw engine::EngineException(engine::ErrorKind::MissingFile,
                                "There is no model \"" + engine::utf8FromPath(model) + "\".");
}

engine::ModelInfo inspectModel(const std::filesystem::path& model, const CommandEnvironment& environment) {
  const engine::Result<engine::FileInfo> info = environment.makeInspector()->inspect(model);
  if (!info) throw engine::EngineException(info.error().kind, info.error().message, info.error().detail);
  return std::visit(engine::Visitor{[](const engine::ModelInfo& found) -> engine::ModelInfo { return found; },
                                    [](const engine::LoraInfo& lora) -> engine::ModelInfo {
                                      throwNoModel(lora.path, lora.kind.empty() ? "LoRA" : lora.kind);
                                    },
                                    [](const engine::OtherInfo& other) -> engine::ModelInfo {
                                      throwNoModel(other.path,
                                                   other.kind == "Unknown" ? "nothing this studio knows" : other.kind);
                                    }},
                    info.value());
}

}  // namespace studio::app
