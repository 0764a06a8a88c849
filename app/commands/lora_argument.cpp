#include "app/commands/lora_argument.h"

#include "app/commands/command_failure.h"
#include "engine/api/model_catalog.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace studio::app {
namespace {

bool isFile(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// What follows the last colon may be a weight when it looks like a number or like an attempt at one.
bool looksLikeWeight(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.,+-eE") == std::string::npos;
}

}  // namespace

engine::LoraUse loraFromArgument(const std::string& text) {
  if (text.empty()) refuseArguments("--lora needs a file: FILE or FILE:weight.");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || isFile(engine::pathFromUtf8(text))) return {engine::pathFromUtf8(text), 1.0};
  std::string weight = text.substr(colon + 1);
  if (!looksLikeWeight(weight) && !weight.empty()) return {engine::pathFromUtf8(text), 1.0};
  if (weight.starts_with('+')) weight.erase(0, 1);
  engine::LoraUse lora{engine::pathFromUtf8(text.substr(0, colon)), 0};
  const auto [end, error] = std::from_chars(weight.data(), weight.data() + weight.size(), lora.weight);
  if (error != std::errc{} || end != weight.data() + weight.size() || !std::isfinite(lora.weight) ||
      lora.file.empty()) {
    refuseArguments("\"" + text + "\" is not FILE:weight; the weight is a number like 0.8.");
  }
  return lora;
}

std::filesystem::path findLora(const std::filesystem::path& file, const std::vector<std::filesystem::path>& folders) {
  if (isFile(file)) return file;
  if (!file.has_parent_path()) {
    const std::filesystem::path found = engine::findByName(file, engine::findModelFiles(folders));
    if (!found.empty()) return found;
  }
  throw engine::EngineException(engine::ErrorKind::MissingFile, "There is no LoRA \"" + engine::utf8FromPath(file) +
                                                                    "\", neither as a file nor in the LoRA folders.");
}

}  // namespace studio::app
