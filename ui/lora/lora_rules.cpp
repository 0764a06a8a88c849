#include "ui/lora/lora_rules.h"

#include "ui/bridge/text.h"

#include <QStringList>

#include <algorithm>

namespace studio::ui {
namespace {

auto findUse(engine::GenerationRequest& request, const std::filesystem::path& file) {
  return std::find_if(request.loras.begin(), request.loras.end(),
                      [&](const engine::LoraUse& use) { return sameFile(use.file, file); });
}

QString folded(const QString& text) { return text.normalized(QString::NormalizationForm_KC).toCaseFolded(); }

}  // namespace

LoraFit fitOf(const engine::LoraInfo& lora, engine::ModelFamily model) {
  if (!lora.usable) return LoraFit::Unusable;
  if (lora.base == engine::ModelFamily::Unknown) return LoraFit::UnknownBase;
  if (model == engine::ModelFamily::Unknown || model == lora.base) return LoraFit::Fits;
  return LoraFit::OtherFamily;
}

bool sameFile(const std::filesystem::path& a, const std::filesystem::path& b) {
  return a == b || a.lexically_normal() == b.lexically_normal();
}

std::vector<LoraRow> loraRows(const std::vector<engine::LoraInfo>& found, const engine::GenerationRequest& request,
                              engine::ModelFamily model) {
  std::vector<LoraRow> rows;
  for (const engine::LoraUse& use : request.loras) {
    const auto isIt = [&](const engine::LoraInfo& info) { return sameFile(info.path, use.file); };
    if (std::any_of(found.begin(), found.end(), isIt)) continue;
    rows.push_back({use.file, pathText(use.file.stem()), nullptr, LoraFit::Missing, true, use.weight});
  }
  for (const engine::LoraInfo& info : found) {
    LoraRow row{info.path, toQString(info.name), &info, fitOf(info, model), false, 1.0};
    for (const engine::LoraUse& use : request.loras) {
      if (!sameFile(use.file, info.path)) continue;
      row.used = true;
      row.weight = use.weight;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

bool matchesFilter(const LoraRow& row, const QString& filter) {
  QString searched = row.name;
  if (row.info != nullptr) {
    for (const std::string& trigger : row.info->triggers) searched += u'\n' + toQString(trigger);
  }
  searched = folded(searched);
  const QStringList words = folded(filter).split(u' ', Qt::SkipEmptyParts);
  return std::all_of(words.begin(), words.end(), [&](const QString& word) { return searched.contains(word); });
}

void useLora(engine::GenerationRequest& request, const std::filesystem::path& file, double weight) {
  if (findUse(request, file) == request.loras.end()) request.loras.push_back({file, weight});
}

void dropLora(engine::GenerationRequest& request, const std::filesystem::path& file) {
  const auto isIt = [&](const engine::LoraUse& use) { return sameFile(use.file, file); };
  request.loras.erase(std::remove_if(request.loras.begin(), request.loras.end(), isIt), request.loras.end());
}

void weighLora(engine::GenerationRequest& request, const std::filesystem::path& file, double weight) {
  const auto use = findUse(request, file);
  if (use != request.loras.end()) use->weight = weight;
}

}  // namespace studio::ui
