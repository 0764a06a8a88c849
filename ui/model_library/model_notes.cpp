#include "ui/model_library/model_notes.h"

#include "ui/bridge/text.h"
#include "ui/queue/durations.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace studio::ui {
namespace {

/// Translated in one context, since these are free functions.
struct Notes {
  Q_DECLARE_TR_FUNCTIONS(ModelNotes)
};

bool isVae(const engine::OtherInfo& other) { return other.kind == "VAE" || other.kind == "Preview decoder"; }

ModelNote vaeNote(const engine::ModelInfo& model, const engine::CatalogListing& listing) {
  const std::filesystem::path beside = vaeBeside(model, listing);
  if (beside.empty()) {
    return {ModelNote::Kind::Warning, Notes::tr("No VAE in this file. Choose a VAE file.")};
  }
  return {ModelNote::Kind::Fact, Notes::tr("No VAE in this file: using %1.").arg(pathText(beside.filename()))};
}

}  // namespace

QString modelFacts(const engine::ModelInfo& model) {
  QStringList facts{QString::fromUtf8(engine::familyName(model.family))};
  if (!model.precision.empty()) facts.append(toQString(model.precision));
  if (model.fileBytes.count > 0) facts.append(bytesText(model.fileBytes.count));
  return facts.join(QStringLiteral(" · "));
}

bool hasPart(const engine::ModelInfo& model, std::string_view part) {
  return std::any_of(model.parts.begin(), model.parts.end(), [part](const engine::ModelPart& candidate) {
    return candidate.name == part && candidate.present;
  });
}

std::vector<std::filesystem::path> vaeFiles(const engine::CatalogListing& listing) {
  std::vector<std::filesystem::path> files;
  for (const engine::OtherInfo& other : listing.others) {
    if (isVae(other)) files.push_back(other.path);
  }
  return files;
}

std::filesystem::path vaeBeside(const engine::ModelInfo& model, const engine::CatalogListing& listing) {
  const std::string wanted = engine::utf8FromPath(model.path.stem()) + ".vae.safetensors";
  for (const engine::OtherInfo& other : listing.others) {
    const bool sameFolder = other.path.parent_path() == model.path.parent_path();
    if (isVae(other) && sameFolder && engine::utf8FromPath(other.path.filename()) == wanted) return other.path;
  }
  return {};
}

std::vector<ModelNote> modelNotes(const engine::ModelInfo& model, const engine::GenerationRequest& request,
                                  const engine::CatalogListing& listing) {
  std::vector<ModelNote> notes;
  if (!engine::isUsable(model.family)) {
    notes.push_back({ModelNote::Kind::Warning,
                     Notes::tr("Models of this family cannot be used yet; SD 1.x, SD 2.x and SDXL can.")});
  }
  if (!hasPart(model, "UNet")) {
    notes.push_back({ModelNote::Kind::Warning, Notes::tr("No UNet in this file: it is not a whole model.")});
  }
  if (!hasPart(model, "Text encoder") && request.textEncoder.empty()) {
    notes.push_back({ModelNote::Kind::Warning, Notes::tr("No text encoder in this file. Choose a file that has one.")});
  }
  if (!hasPart(model, "VAE") && request.vae.empty()) notes.push_back(vaeNote(model, listing));
  return notes;
}

}  // namespace studio::ui
