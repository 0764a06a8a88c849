#pragma once

#include "engine/api/reproduction_profile.h"
#include "engine/sampling/training_sigmas.h"

#include <vector>

namespace studio::engine {

/// Under one name programs space sigmas differently, see ReproductionProfile; and Align Your Steps has optima of its
/// own for SDXL.
struct ScheduleForm {
  ScheduleForms forms = ScheduleForms::Studio;
  bool sdxl = false;
};

/// Karras et al. 2022, equation 5: `steps` sigmas from largest to smallest, then 0.
std::vector<float> karrasSigmas(int steps, double smallest, double largest);

/// Descending noise levels and, but for A1111's KL Optimal, a final 0: `steps` and one more, save where DDIM Uniform
/// has one too many and ComfyUI's Beta and Turbo fewer. steps is at least 1. Automatic is Normal here; see scheduleOf.
std::vector<float> makeSigmas(Schedule schedule, int steps, const TrainingSigmas& training = TrainingSigmas(),
                              ScheduleForm form = {});

}  // namespace studio::engine
