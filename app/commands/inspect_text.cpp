#include "app/commands/inspect_text.h"

#include "app/commands/human_text.h"
#include "engine/api/engine_event.h"
#include "engine/api/request_fields.h"
#include "engine/api/text_diff.h"

#include <algorithm>
#include <sstream>
#include <type_traits>
#include <utility>
#include <vector>

namespace studio::app {
namespace {

using engine::utf8FromPath;
using Rows = std::vector<std::pair<std::string, std::string>>;

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string sizeText(engine::PixelSize size) {
  return std::to_string(size.width) + " × " + std::to_string(size.height);
}

void addUnlessEmpty(Rows& rows, const std::string& name, const std::string& value) {
  if (!value.empty()) rows.emplace_back(name, value);
}

std::string partText(const engine::ModelPart& part) {
  if (!part.present) return "not in this file";
  return countText(part.parameters) + " parameters" + (part.precision.empty() ? "" : ", " + part.precision);
}

std::string predictionText(const engine::ModelInfo& info) {
  std::string text(engine::labelOf(info.prediction));
  if (info.edm) text += ", EDM with sigma from " + number(info.edm->smallest) + " to " + number(info.edm->largest);
  text += std::string(" (") + engine::predictionSourceName(info.predictionSource) + ")";
  if (info.zeroTerminalSnr)
    text += std::string(", zero terminal SNR (") + engine::predictionSourceName(info.zeroTerminalSnrSource) + ")";
  return text;
}

/// What was chosen over the file's own word; empty when nothing was.
std::string chosenText(const engine::ModelChoice& chosen) {
  std::string text;
  if (chosen.prediction != engine::PredictionType::Automatic) text = engine::labelOf(chosen.prediction);
  if (chosen.zeroTerminalSnr != engine::ZeroTerminalSnr::Automatic)
    text += (text.empty() ? "zero terminal SNR " : ", zero terminal SNR ") +
            std::string(engine::idOf(chosen.zeroTerminalSnr));
  return text;
}

std::string suggestionText(const engine::SuggestedSettings& settings) {
  return std::string(engine::labelOf(settings.sampler)) + ", " + std::string(engine::labelOf(settings.schedule)) +
         ", " + std::to_string(settings.steps) + " steps, guidance " + number(settings.guidanceScale) + " (" +
         settings.method + ", by its " + settings.source + ")";
}

std::string modelText(const engine::ModelInfo& info) {
  Rows rows{{"Model", info.name},
            {"Family", engine::familyName(info.family)},
            {"Layout", info.layout + ", " + bytesText(info.fileBytes)},
            {"Precision", info.precision},
            {"Prediction", predictionText(info)},
            {"Size", sizeText(info.trainedSize)}};
  addUnlessEmpty(rows, "Chosen", chosenText(info.chosen));
  if (info.inpainting) rows.emplace_back("Made for", "inpainting");
  if (info.suggestion) rows.emplace_back("Suggested", suggestionText(*info.suggestion));
  for (const auto& part : info.parts) rows.emplace_back(part.name, partText(part));
  for (const auto& missing : info.missing) rows.emplace_back("Missing", missing);
  if (info.ignoredTensors > 0)
    rows.emplace_back("Ignored", countText(info.ignoredTensors) + " tensors left over from training");
  if (info.unknownTensors > 0) rows.emplace_back("Unknown", countText(info.unknownTensors) + " tensors");
  for (const auto& [key, value] : info.metadata) addUnlessEmpty(rows, key, value);
  return alignedRows(rows);
}

std::string kindText(const engine::LoraInfo& info) {
  if (info.rank <= 0) return info.kind;
  return info.kind + ", rank " + std::to_string(info.rank) + (info.alpha == 0 ? "" : ", alpha " + number(info.alpha));
}

/// Of a LoRA whose base is unknown only the model it is used with can tell.
std::string usableText(const engine::LoraInfo& info) {
  if (!info.usable) return "no: " + info.reason;
  return info.base == engine::ModelFamily::Unknown ? "where its layers fit: its base is unknown" : "yes";
}

std::string loraText(const engine::LoraInfo& info) {
  std::string triggers;
  for (const auto& trigger : info.triggers) triggers += (triggers.empty() ? "" : ", ") + trigger;
  Rows rows{{"LoRA", info.name},
            {"Kind", kindText(info)},
            {"Base", engine::familyName(info.base)},
            {"Size", bytesText(info.fileBytes)},
            {"Modules",
             std::to_string(info.unetModules) + " UNet, " + std::to_string(info.textEncoderModules) + " text encoder"},
            {"Usable", usableText(info)}};
  addUnlessEmpty(rows, "Triggers", triggers);
  for (const auto& name : info.embeddings) rows.emplace_back("Embedding inside", name);
  return alignedRows(rows);
}

std::string otherText(const engine::OtherInfo& info) {
  Rows rows{{"File", utf8FromPath(info.path.filename())},
            {"Kind", info.kind},
            {"Parameters", countText(info.parameters) + (info.precision.empty() ? "" : ", " + info.precision)},
            {"Size", bytesText(info.fileBytes)}};
  if (info.family != engine::ModelFamily::Unknown) rows.emplace_back("Family", engine::familyName(info.family));
  if (info.vectors > 0) rows.emplace_back("Vectors", std::to_string(info.vectors));
  addUnlessEmpty(rows, "Architecture", info.architecture);
  if (info.scale > 0) rows.emplace_back("Scale", std::to_string(info.scale));
  return alignedRows(rows);
}

std::string valueText(const std::filesystem::path& value) { return utf8FromPath(value); }
std::string valueText(const std::string& value) { return value; }
std::string valueText(int value) { return std::to_string(value); }
std::string valueText(double value) { return number(value); }
std::string valueText(const std::optional<engine::Seed>& value) { return value ? std::to_string(value->value) : ""; }
std::string valueText(const std::vector<engine::LoraUse>& value) {
  std::string text;
  for (const auto& lora : value)
    text += (text.empty() ? "" : ", ") + utf8FromPath(lora.file) + ":" + number(lora.weight);
  return text;
}
template <class Enum>
requires std::is_enum_v<Enum> std::string valueText(Enum value) { return std::string(engine::labelOf(value)); }

/// "[-embedding:-]bad": what was taken out and what {+came in+}, in the marks of word diffs.
std::string diffText(const engine::PromptChange& change) {
  std::string text;
  for (const auto& piece : engine::diffOf(change.original, change.translated)) {
    if (piece.kind == engine::DiffKind::Same) text += piece.text;
    if (piece.kind == engine::DiffKind::Removed) text += "[-" + piece.text + "-]";
    if (piece.kind == engine::DiffKind::Added) text += "{+" + piece.text + "+}";
  }
  return text;
}

void addFiles(Rows& rows, const std::vector<engine::NeededFile>& files) {
  for (const auto& file : files) {
    const std::string hash = file.hash.empty() ? "" : " (" + file.hash + ")";
    if (file.found.empty()) rows.emplace_back("Missing", file.kind + " " + file.name + hash);
    if (file.byHash) rows.emplace_back("Found by hash", file.name + ": " + utf8FromPath(file.found));
  }
}

}  // namespace

std::string fileText(const engine::FileInfo& info) {
  return printable(std::visit(engine::Visitor{[](const engine::ModelInfo& model) { return modelText(model); },
                                              [](const engine::LoraInfo& lora) { return loraText(lora); },
                                              [](const engine::OtherInfo& other) { return otherText(other); }},
                              info));
}

std::string pictureText(const std::filesystem::path& path, const engine::PictureInfo& info,
                        const std::vector<engine::NeededFile>& files) {
  Rows rows{{"Picture", utf8FromPath(path.filename())}, {"Size", sizeText(info.size)}};
  rows.emplace_back("Made with",
                    info.source.empty() ? "unknown: it carries no settings this studio understands" : info.source);
  engine::visitFields(info.request.values, [&](const engine::FieldInfo& field, const auto& value) {
    const auto& present = info.request.present;
    if (std::find(present.begin(), present.end(), field.id) == present.end()) return;
    if (field.id == "refiner_switch_at" && info.request.values.refiner.empty()) return;
    addUnlessEmpty(rows, std::string(field.label), valueText(value));
  });
  addUnlessEmpty(rows, "Model hash", info.modelHash);
  addFiles(rows, files);
  for (const auto& change : info.promptChanges) {
    rows.emplace_back(change.field == "prompt" ? "Prompt changed" : "Negative changed", diffText(change));
  }
  for (const auto& note : info.notes) rows.emplace_back("Note", engine::noteSentence(note).text());
  return printable(alignedRows(rows));
}

}  // namespace studio::app
