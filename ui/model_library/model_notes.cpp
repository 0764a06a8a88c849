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

/// What was chosen over the file's own word; the request is newer than what is remembered.
engine::ModelChoice choiceFor(const engine::ModelInfo& model, const engine::GenerationRequest& request) {
  engine::ModelChoice choice = model.chosen;
  if (request.prediction != engine::PredictionType::Automatic) choice.prediction = request.prediction;
  if (request.zeroTerminalSnr != engine::ZeroTerminalSnr::Automatic) choice.zeroTerminalSnr = request.zeroTerminalSnr;
  return choice;
}

/// How it became known that a model predicts velocity; empty for what goes without saying.
QString predictionText(const engine::ModelInfo& model, engine::PredictionType chosen) {
  if (chosen != engine::PredictionType::Automatic)
    return Notes::tr("%1, as you chose for this file.").arg(toQString(engine::labelOf(chosen)));
  if (model.prediction != engine::PredictionType::Velocity) return {};
  switch (model.predictionSource) {
    case engine::PredictionSource::Family:
      return {};
    case engine::PredictionSource::Metadata:
      return Notes::tr("v-prediction, as the file's metadata say.");
    case engine::PredictionSource::MarkerTensor:
      return Notes::tr("v-prediction, as a marker in the file says.");
    case engine::PredictionSource::Configuration:
      return Notes::tr("v-prediction, as the configuration beside the file says.");
    case engine::PredictionSource::Statistic:
      return Notes::tr("v-prediction, as the weights suggest.");
  }
  return {};
}

std::optional<ModelNote> predictionNote(const engine::ModelInfo& model, engine::ModelChoice choice) {
  const QString text = predictionText(model, choice.prediction);
  if (text.isEmpty()) return std::nullopt;
  const bool chosen = choice.prediction != engine::PredictionType::Automatic;
  choice.prediction = chosen ? engine::PredictionType::Automatic : engine::PredictionType::Epsilon;
  return ModelNote{ModelNote::Kind::Fact, text,
                   ModelSwitch{chosen ? Notes::tr("As the file says") : Notes::tr("Use epsilon"), choice}};
}

/// About the noise a model was trained with; empty for the usual.
QString noiseText(const engine::ModelInfo& model, engine::ZeroTerminalSnr choice) {
  if (model.edm)
    return Notes::tr("Trained with EDM's noise levels, sigma from %1 to %2.")
        .arg(model.edm->smallest)
        .arg(model.edm->largest);
  const bool chosen = choice != engine::ZeroTerminalSnr::Automatic;
  if (chosen && choice == engine::ZeroTerminalSnr::On)
    return Notes::tr("Zero terminal SNR, as you chose for this file.");
  if (chosen) return Notes::tr("No zero terminal SNR, as you chose for this file.");
  return model.zeroTerminalSnr ? Notes::tr("Zero terminal SNR, as the file says.") : QString();
}

std::optional<ModelNote> noiseNote(const engine::ModelInfo& model, engine::ModelChoice choice) {
  const QString text = noiseText(model, choice.zeroTerminalSnr);
  if (text.isEmpty()) return std::nullopt;
  if (model.edm) return ModelNote{ModelNote::Kind::Fact, text};
  const bool chosen = choice.zeroTerminalSnr != engine::ZeroTerminalSnr::Automatic;
  choice.zeroTerminalSnr = chosen ? engine::ZeroTerminalSnr::Automatic : engine::ZeroTerminalSnr::Off;
  return ModelNote{ModelNote::Kind::Fact, text,
                   ModelSwitch{chosen ? Notes::tr("As the file says") : Notes::tr("Switch off"), choice}};
}

QString suggestionText(const engine::SuggestedSettings& settings) {
  return Notes::tr("Made for few steps (%1): %2, %3, %4 steps, guidance %5.")
      .arg(toQString(settings.method), toQString(engine::labelOf(settings.sampler)),
           toQString(engine::labelOf(settings.schedule)))
      .arg(settings.steps)
      .arg(settings.guidanceScale);
}

}  // namespace

QString modelFacts(const engine::ModelInfo& model) {
  QStringList facts{QString::fromUtf8(engine::familyName(model.family))};
  if (!model.precision.empty()) facts.append(toQString(model.precision));
  if (model.fileBytes.count > 0) facts.append(bytesText(model.fileBytes.count));
  return facts.join(QStringLiteral(" · "));
}

std::optional<ModelSwitch> predictionSwitch(const engine::ModelInfo& model, const engine::GenerationRequest& request) {
  engine::ModelChoice choice = choiceFor(model, request);
  const bool noted = !predictionText(model, choice.prediction).isEmpty();
  if (noted || model.edm || !engine::isUsable(model.family) || !hasPart(model, "UNet")) return std::nullopt;
  choice.prediction = engine::PredictionType::Velocity;
  return ModelSwitch{Notes::tr("epsilon"), choice};
}

void useSuggestion(const engine::SuggestedSettings& settings, engine::GenerationRequest& request) {
  request.sampler = settings.sampler;
  request.schedule = settings.schedule;
  request.steps = settings.steps;
  request.guidanceScale = settings.guidanceScale;
}

bool follows(const engine::SuggestedSettings& settings, const engine::GenerationRequest& request) {
  engine::GenerationRequest wanted = request;
  useSuggestion(settings, wanted);
  return wanted == request;
}

bool hasPart(const engine::ModelInfo& model, std::string_view part) {
  return std::any_of(model.parts.begin(), model.parts.end(), [part](const engine::ModelPart& candidate) {
    return candidate.name == part && candidate.present;
  });
}

bool lacksPart(const engine::ModelInfo& model, std::string_view part) {
  return std::any_of(model.parts.begin(), model.parts.end(), [part](const engine::ModelPart& candidate) {
    return candidate.name == part && !candidate.present;
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
  for (const char* ending : {".vae.safetensors", ".vae.pt", ".vae.ckpt"}) {
    const std::string wanted = engine::utf8FromPath(model.path.stem()) + ending;
    for (const engine::OtherInfo& other : listing.others) {
      const bool sameFolder = other.path.parent_path() == model.path.parent_path();
      if (isVae(other) && sameFolder && engine::utf8FromPath(other.path.filename()) == wanted) return other.path;
    }
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
  if (lacksPart(model, "Text encoder 2") && request.textEncoder2.empty()) {
    notes.push_back(
        {ModelNote::Kind::Warning, Notes::tr("No second text encoder in this file. Choose a file that has one.")});
  }
  if (!hasPart(model, "VAE") && request.vae.empty()) notes.push_back(vaeNote(model, listing));
  const engine::ModelChoice choice = choiceFor(model, request);
  if (auto note = predictionNote(model, choice)) notes.push_back(std::move(*note));
  if (auto note = noiseNote(model, choice)) notes.push_back(std::move(*note));
  if (model.suggestion) notes.push_back({ModelNote::Kind::Fact, suggestionText(*model.suggestion)});
  return notes;
}

}  // namespace studio::ui
