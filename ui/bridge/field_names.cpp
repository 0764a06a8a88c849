#include "ui/bridge/field_names.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <array>
#include <utility>

namespace studio::ui {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 40> kNames{{
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
    {"compatibility", QT_TRANSLATE_NOOP("FieldNames", "Compatibility")},
    {"ensd", QT_TRANSLATE_NOOP("FieldNames", "ENSD")},
    {"path_noise", QT_TRANSLATE_NOOP("FieldNames", "Noise path")},
    {"gpu_threads", QT_TRANSLATE_NOOP("FieldNames", "GPU threads")},
    {"loras", QT_TRANSLATE_NOOP("FieldNames", "LoRA")},
}};

struct FieldHelp {
  std::string_view id;
  const char* text;
};

constexpr FieldHelp kHelps[] = {
    {"clip_skip",
     QT_TRANSLATE_NOOP("FieldNames",
                       "1 uses the text encoder's last layer, 2 the one before. Some anime models want 2.")},
    {"emphasis",
     QT_TRANSLATE_NOOP("FieldNames",
                       "What a weight like (word:1.2) does. Automatic: as the program under Reproduce as. Original: as "
                       "in A1111. No norm: the same without "
                       "evening out. ComfyUI: as there. Ignore: weights are read and not used. None: brackets are "
                       "plain text.")},
    {"prediction",
     QT_TRANSLATE_NOOP("FieldNames",
                       "What the network predicts. Automatic asks the model file; change it only if pictures are "
                       "noise.")},
    {"zero_terminal_snr",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Whether the first step begins in pure noise, as some models of v-prediction were trained to. "
                       "Automatic asks the model file; change it only if pictures are grey or burnt.")},
    {"profile",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Programs make different pictures from the same settings. Here the ways of the chosen one are "
                       "followed: its noise, its noise levels, its rounding.")},
    {"program_version",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Of the program under Reproduce as, where its versions differ, like v1.5.1. Empty: a new one.")},
    {"compatibility",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Single old ways that a newer A1111 was told to go: prompt-editing, pad-conds, downcast-alphas, "
                       "refiner-by-steps. Pictures bring them along.")},
    {"ensd",
     QT_TRANSLATE_NOOP("FieldNames",
                       "A1111's eta noise seed delta: with it the noise of the steps has a seed of its own, so much "
                       "above the picture's. 0 is off; 31337 is common.")},
    {"path_noise",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Where SDE samplers draw their noise. Automatic: as the program under Reproduce as.")},
    {"gpu_threads",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Of the graphics card whose noise is repeated: its multiprocessors times the threads of each. "
                       "0: a card of any size.")},
    {"guidance_rescale",
     QT_TRANSLATE_NOOP(
         "FieldNames",
         "Takes a part of the contrast back that guidance adds: against harsh, burnt pictures. 0 is off.")},
    {"prompt_only",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Part of the steps, from the first on, that leave the negative prompt out. They take half the "
                       "time. 0 is off.")},
    {"threshold_quantile",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Pulls extreme values in, so that high guidance does not burn the picture: those beyond this "
                       "part of all. 1 is off. It counts while Guidance is above Mimicked guidance.")},
    {"mimic_scale",
     QT_TRANSLATE_NOOP("FieldNames", "The lower guidance whose contrast the dynamic threshold keeps to.")},
    {"eta",
     QT_TRANSLATE_NOOP("FieldNames",
                       "How much fresh noise ancestral and SDE samplers add at each step. 1 is usual, 0 is none.")},
    {"ddim_eta", QT_TRANSLATE_NOOP("FieldNames", "How much fresh noise DDIM adds at each step. 0 is usual.")},
    {"s_noise", QT_TRANSLATE_NOOP("FieldNames", "Factor on all fresh noise. A little above 1 keeps more detail.")},
    {"s_churn",
     QT_TRANSLATE_NOOP("FieldNames", "Noise that Euler, Heun, HeunPP2 and DPM2 add before their steps. 0 is off.")},
    {"s_tmin", QT_TRANSLATE_NOOP("FieldNames", "The smallest noise level with churn")},
    {"s_tmax", QT_TRANSLATE_NOOP("FieldNames", "The largest noise level with churn. 0: no limit")},
    {"sigmas",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Noise levels of your own in place of scheduler and steps, from large to small, like 14.6, 5, "
                       "1, 0.1. Empty: none.")},
    {"penultimate_sigma",
     QT_TRANSLATE_NOOP("FieldNames",
                       "Whether the last noise level before 0 is left out. Automatic: as the program under Reproduce "
                       "as does with this sampler.")},
};

}  // namespace

QString fieldHelp(std::string_view id) {
  for (const FieldHelp& help : kHelps) {
    if (help.id == id) return QCoreApplication::translate("FieldNames", help.text);
  }
  return {};
}

QString fieldName(std::string_view id) {
  for (const auto& [known, name] : kNames) {
    if (known == id) return QCoreApplication::translate("FieldNames", name);
  }
  return toQString(id);
}

}  // namespace studio::ui
