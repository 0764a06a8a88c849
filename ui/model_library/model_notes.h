#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/model_catalog.h"

#include <QString>

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace studio::ui {

/// What one click changes about how a model is used.
struct ModelSwitch {
  QString label;
  engine::ModelChoice choice;  ///< afterwards
  bool operator==(const ModelSwitch&) const = default;
};

/// A line under the model's name.
struct ModelNote {
  enum class Kind { Fact, Warning, Bad };
  Kind kind = Kind::Fact;
  QString text;
  std::optional<ModelSwitch> change = std::nullopt;
  bool operator==(const ModelNote&) const = default;
};

/// "SD 1.x · fp16 · 2.0 GiB"
QString modelFacts(const engine::ModelInfo& model);

/// For a model that predicts noise because nothing says otherwise: makes it one that predicts velocity. A note offers
/// the way back.
std::optional<ModelSwitch> predictionSwitch(const engine::ModelInfo& model, const engine::GenerationRequest& request);

/// True when the model itself has this part ("VAE", "Text encoder").
bool hasPart(const engine::ModelInfo& model, std::string_view part);

/// True when the model's family needs this part and the model has it not.
bool lacksPart(const engine::ModelInfo& model, std::string_view part);

/// Files of a listing that can stand in for a VAE.
std::vector<std::filesystem::path> vaeFiles(const engine::CatalogListing& listing);

/// Takes a few-step model's settings over; and whether a request has them already.
void useSuggestion(const engine::SuggestedSettings& settings, engine::GenerationRequest& request);
bool follows(const engine::SuggestedSettings& settings, const engine::GenerationRequest& request);

/// The VAE that a model without one finds beside it: "<model>.vae.safetensors", ".vae.pt" or ".vae.ckpt". Empty when
/// there is none.
std::filesystem::path vaeBeside(const engine::ModelInfo& model, const engine::CatalogListing& listing);

/// What is missing or replaced in the chosen model, in sentences; nothing when all is in place.
std::vector<ModelNote> modelNotes(const engine::ModelInfo& model, const engine::GenerationRequest& request,
                                  const engine::CatalogListing& listing);

}  // namespace studio::ui
