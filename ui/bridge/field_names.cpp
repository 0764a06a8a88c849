#include "ui/bridge/field_names.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <array>
#include <utility>

namespace studio::ui {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 21> kNames{{
    {"model", QT_TRANSLATE_NOOP("FieldNames", "Model")},
    {"vae", QT_TRANSLATE_NOOP("FieldNames", "VAE")},
    {"text_encoder", QT_TRANSLATE_NOOP("FieldNames", "Text encoder")},
    {"text_encoder_2", QT_TRANSLATE_NOOP("FieldNames", "Text encoder 2")},
    {"prompt", QT_TRANSLATE_NOOP("FieldNames", "Prompt")},
    {"negative_prompt", QT_TRANSLATE_NOOP("FieldNames", "Negative prompt")},
    {"width", QT_TRANSLATE_NOOP("FieldNames", "Width")},
    {"height", QT_TRANSLATE_NOOP("FieldNames", "Height")},
    {"steps", QT_TRANSLATE_NOOP("FieldNames", "Steps")},
    {"sampler", QT_TRANSLATE_NOOP("FieldNames", "Sampler")},
    {"scheduler", QT_TRANSLATE_NOOP("FieldNames", "Scheduler")},
    {"guidance_scale", QT_TRANSLATE_NOOP("FieldNames", "Guidance")},
    {"seed", QT_TRANSLATE_NOOP("FieldNames", "Seed")},
    {"batch_size", QT_TRANSLATE_NOOP("FieldNames", "Batch size")},
    {"batch_count", QT_TRANSLATE_NOOP("FieldNames", "Batch count")},
    {"clip_skip", QT_TRANSLATE_NOOP("FieldNames", "CLIP skip")},
    {"emphasis", QT_TRANSLATE_NOOP("FieldNames", "Emphasis")},
    {"prediction", QT_TRANSLATE_NOOP("FieldNames", "Prediction type")},
    {"refiner", QT_TRANSLATE_NOOP("FieldNames", "Refiner")},
    {"refiner_switch_at", QT_TRANSLATE_NOOP("FieldNames", "Refiner switch at")},
    {"loras", QT_TRANSLATE_NOOP("FieldNames", "LoRA")},
}};

}  // namespace

QString fieldName(std::string_view id) {
  for (const auto& [known, name] : kNames) {
    if (known == id) return QCoreApplication::translate("FieldNames", name);
  }
  return toQString(id);
}

}  // namespace studio::ui
