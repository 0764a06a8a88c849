#include "ui/parameters/advanced_fields.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace studio::ui {
namespace {

/// Fields with controls of their own in the other cards.
constexpr std::array<std::string_view, 18> kElsewhere{"model",
                                                      "vae",
                                                      "text_encoder",
                                                      "text_encoder_2",
                                                      "prompt",
                                                      "negative_prompt",
                                                      "width",
                                                      "height",
                                                      "steps",
                                                      "sampler",
                                                      "scheduler",
                                                      "guidance_scale",
                                                      "seed",
                                                      "batch_size",
                                                      "batch_count",
                                                      "refiner",
                                                      "refiner_switch_at",
                                                      "loras"};

struct Place {
  std::string_view id;
  FieldGroup group;
  double sliderMaximum = 0;  ///< 0: the field's own
};

constexpr double kLargestUsualSigma = 15;
constexpr double kNoSlider = -1;

constexpr std::array<Place, 22> kPlaces{{
    {"clip_skip", FieldGroup::TextAndModel},
    {"emphasis", FieldGroup::TextAndModel},
    {"prediction", FieldGroup::TextAndModel},
    {"zero_terminal_snr", FieldGroup::TextAndModel},
    {"profile", FieldGroup::OtherPrograms},
    {"program_version", FieldGroup::OtherPrograms},
    {"compatibility", FieldGroup::OtherPrograms},
    {"ensd", FieldGroup::OtherPrograms, kNoSlider},
    {"path_noise", FieldGroup::OtherPrograms},
    {"gpu_threads", FieldGroup::OtherPrograms, kNoSlider},
    {"guidance_rescale", FieldGroup::Guidance},
    {"prompt_only", FieldGroup::Guidance},
    {"threshold_quantile", FieldGroup::Guidance},
    {"mimic_scale", FieldGroup::Guidance, 30},
    {"eta", FieldGroup::FreshNoise},
    {"ddim_eta", FieldGroup::FreshNoise},
    {"s_noise", FieldGroup::FreshNoise},
    {"s_churn", FieldGroup::FreshNoise},
    {"s_tmin", FieldGroup::FreshNoise, kLargestUsualSigma},
    {"s_tmax", FieldGroup::FreshNoise, kLargestUsualSigma},
    {"penultimate_sigma", FieldGroup::NoiseLevels},
    {"sigmas", FieldGroup::NoiseLevels},
}};

AdvancedField placed(const engine::FieldInfo& info) {
  const auto* place = std::find_if(kPlaces.begin(), kPlaces.end(), [&](const Place& p) { return p.id == info.id; });
  if (place == kPlaces.end()) return {info, FieldGroup::More, info.maximum};
  if (place->sliderMaximum == kNoSlider) return {info, place->group, info.minimum};
  return {info, place->group, place->sliderMaximum > 0 ? place->sliderMaximum : info.maximum};
}

}  // namespace

std::vector<AdvancedField> advancedFields() {
  std::vector<AdvancedField> fields;
  const engine::GenerationRequest request;
  engine::visitFields(request, [&fields](const engine::FieldInfo& info, const auto&) {
    if (std::find(kElsewhere.begin(), kElsewhere.end(), info.id) == kElsewhere.end()) fields.push_back(placed(info));
  });
  std::stable_sort(fields.begin(), fields.end(),
                   [](const AdvancedField& a, const AdvancedField& b) { return a.group < b.group; });
  return fields;
}

}  // namespace studio::ui
