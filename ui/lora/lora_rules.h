#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/inspector.h"

#include <QString>

#include <filesystem>
#include <vector>

namespace studio::ui {

/// Whether a LoRA can work with the chosen model.
enum class LoraFit { Fits, UnknownBase, OtherFamily, Unusable, Missing };

/// One row of the LoRA panel. `info` belongs to the library and is valid until it changes; null: not in any folder.
struct LoraRow {
  std::filesystem::path file;
  QString name;
  const engine::LoraInfo* info = nullptr;
  LoraFit fit = LoraFit::Fits;
  bool used = false;    ///< part of the request
  double weight = 1.0;  ///< in the request
};

LoraFit fitOf(const engine::LoraInfo& lora, engine::ModelFamily model);

/// Files are the same when their normalised paths are.
bool sameFile(const std::filesystem::path& a, const std::filesystem::path& b);

/// All LoRAs of the library in its order, behind those of the request that are in no folder. The order does not
/// depend on what is switched on, so nothing jumps when a person does so.
std::vector<LoraRow> loraRows(const std::vector<engine::LoraInfo>& found, const engine::GenerationRequest& request,
                              engine::ModelFamily model);

/// Every word of the filter must stand in the name or in a trigger word; case and width of letters do not matter.
bool matchesFilter(const LoraRow& row, const QString& filter);

/// Switch a LoRA on (at the end of the list) or off, or change the weight of one that is on.
void useLora(engine::GenerationRequest& request, const std::filesystem::path& file, double weight);
void dropLora(engine::GenerationRequest& request, const std::filesystem::path& file);
void weighLora(engine::GenerationRequest& request, const std::filesystem::path& file, double weight);

}  // namespace studio::ui
