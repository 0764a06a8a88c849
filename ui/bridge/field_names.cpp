#include "ui/bridge/field_names.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <array>
#include <utility>

namespace studio::ui {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 39> kNames{{
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
    {"zero_terminal_snr", QT_TRANSLATE_NOOP("FieldNames", "Zero terminal SNR")},
    {"refiner", QT_TRANSLATE_NOOP("FieldNames", "Refiner")},
    {"refiner_switch_at", QT_TRANSLATE_NOOP("FieldNames", "Refiner switch at")},
    {"eta", QT_TRANSLATE_NOOP("FieldNames", "Eta")},
    {"ddim_eta", QT_TRANSLATE_NOOP("FieldNames", "DDIM eta")},
    {"s_noise", QT_TRANSLATE_NOOP("FieldNames", "Noise factor")},
    {"s_churn", QT_TRANSLATE_NOOP("FieldNames", "Churn")},
    {"s_tmin", QT_TRANSLATE_NOOP("FieldNames", "Churn from")},
    {"s_tmax", QT_TRANSLATE_NOOP("FieldNames", "Churn to")},
    {"sigmas", QT_TRANSLATE_NOOP("FieldNames", "Sigmas")},
    {"penultimate_sigma", QT_TRANSLATE_NOOP("FieldNames", "Last sigma before 0")},
    {"guidance_rescale", QT_TRANSLATE_NOOP("FieldNames", "Guidance rescale")},
    {"prompt_only", QT_TRANSLATE_NOOP("FieldNames", "Without negative prompt")},
    {"threshold_quantile", QT_TRANSLATE_NOOP("FieldNames", "Dynamic threshold")},
    {"mimic_scale", QT_TRANSLATE_NOOP("FieldNames", "Mimicked guidance")},
    {"profile", QT_TRANSLATE_NOOP("FieldNames", "Reproduce as")},
    {"program_version", QT_TRANSLATE_NOOP("FieldNames", "Version of the program")},
    {"ensd", QT_TRANSLATE_NOOP("FieldNames", "ENSD")},
    {"path_noise", QT_TRANSLATE_NOOP("FieldNames", "Noise path")},
    {"gpu_threads", QT_TRANSLATE_NOOP("FieldNames", "GPU threads")},
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
