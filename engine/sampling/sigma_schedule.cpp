#include "engine/sampling/sigma_schedule.h"

#include "engine/sampling/spacings.h"

#include <algorithm>

namespace studio::engine {
namespace {

using Levels = std::vector<double>;

Levels thenZero(Levels sigmas) {
  sigmas.push_back(0);
  return sigmas;
}

Levels lastIsZero(Levels sigmas) {
  sigmas.back() = 0;
  return sigmas;
}

/// diffusers spaces by timesteps first ("leading" in the configurations of SD) and other spacings lie between their
/// ends; but those of multistep solvers lie between the network's.
Levels ofDiffusers(Schedule schedule, int steps, const TrainingSigmas& training, const ScheduleForm& form) {
  if (training.isEdm()) {  // its EDM schedulers know these two
    return thenZero(schedule == Schedule::Exponential
                        ? spacings::exponential(steps, training.smallest(), training.largest())
                        : spacings::karras(steps, training.smallest(), training.largest()));
  }
  const bool multistep = form.forms == ScheduleForms::DiffusersMultistep;
  const Levels chosen = spacings::leading(steps, training, multistep);
  const double low = multistep ? training.smallest() : chosen.back();
  const double high = multistep ? training.largest() : chosen.front();
  switch (schedule) {
    case Schedule::Karras:
      return thenZero(spacings::karras(steps, low, high));
    case Schedule::Exponential:
    case Schedule::Polyexponential:
      return thenZero(spacings::exponential(steps, low, high));
    case Schedule::Beta:
      return thenZero(spacings::betaOfSigmas(steps, low, high));
    case Schedule::SgmUniform:
    case Schedule::Turbo:
      return thenZero(spacings::turbo(steps, training, false));
    case Schedule::Lcm:
      return thenZero(spacings::lcm(steps, training));
    case Schedule::AlignYourSteps:
      return lastIsZero(spacings::alignYourSteps(steps + 1, form.sdxl, true));
    case Schedule::KlOptimal:
      return thenZero(spacings::klOptimal(steps, low, high));
    case Schedule::LinearQuadratic:
      return spacings::linearQuadratic(steps, training.largest());
    default:
      return thenZero(chosen);
  }
}

Levels levels(Schedule schedule, int steps, const TrainingSigmas& training, const ScheduleForm& form) {
  const double low = training.smallest(), high = training.largest();
  const bool a1111 = form.forms == ScheduleForms::A1111, comfy = form.forms == ScheduleForms::ComfyUi;
  switch (schedule) {
    case Schedule::Automatic:
    case Schedule::Uniform:
    case Schedule::Normal:
      return thenZero(spacings::uniform(steps, training, false));
    case Schedule::Simple:
      return thenZero(spacings::simple(steps, training));
    case Schedule::Karras:
      return thenZero(spacings::karras(steps, low, high));
    case Schedule::Exponential:
    case Schedule::Polyexponential:  // with rho 1, which is what both programs leave it at
      return thenZero(spacings::exponential(steps, low, high));
    case Schedule::SgmUniform:
      return thenZero(spacings::uniform(steps, training, true));
    case Schedule::DdimUniform:
      return thenZero(spacings::ddimUniform(steps, training));
    case Schedule::KlOptimal:
      return a1111 ? spacings::klOptimal(steps + 1, low, high) : thenZero(spacings::klOptimal(steps, low, high));
    case Schedule::AlignYourSteps:
      return a1111 ? thenZero(spacings::alignYourSteps(steps, form.sdxl, true))
                   : lastIsZero(spacings::alignYourSteps(steps + 1, form.sdxl, false));
    case Schedule::Beta:
      return thenZero(comfy ? spacings::betaOfTimesteps(steps, training) : spacings::betaOfSigmas(steps, low, high));
    case Schedule::LinearQuadratic:
      return spacings::linearQuadratic(steps, high);
    case Schedule::Turbo:
      return thenZero(spacings::turbo(steps, training, comfy));
    case Schedule::Lcm:
      return thenZero(spacings::lcm(steps, training));
  }
  return {};
}

std::vector<float> inSinglePrecision(const Levels& sigmas) { return {sigmas.begin(), sigmas.end()}; }

}  // namespace

std::vector<float> karrasSigmas(int steps, double smallest, double largest) {
  return inSinglePrecision(thenZero(spacings::karras(steps, smallest, largest)));
}

std::vector<float> makeSigmas(Schedule schedule, int steps, const TrainingSigmas& training, ScheduleForm form) {
  steps = std::max(steps, 1);
  if (form.forms == ScheduleForms::Diffusers || form.forms == ScheduleForms::DiffusersMultistep)
    return inSinglePrecision(ofDiffusers(schedule, steps, training, form));
  return inSinglePrecision(levels(schedule, steps, training, form));
}

}  // namespace studio::engine
