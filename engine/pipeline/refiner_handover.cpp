#include "engine/pipeline/refiner_handover.h"

#include "engine/api/engine_error.h"
#include "engine/pipeline/companion_files.h"

#include <ATen/TensorOperators.h>

#include <cmath>
#include <utility>

namespace studio::engine {

double noiseBehind(const at::Tensor& timesteps) {
  constexpr double kLastTimestep = 999, kTimesteps = 1000;
  return (kLastTimestep - std::round(timesteps.max().item<double>())) / kTimesteps;
}

Network handingOver(Network base, Network refiner, double switchAt, ShareBehind behind, bool& over,
                    std::function<void()> onSwitch) {
  return [=, &over](const at::Tensor& x, const at::Tensor& timesteps) {
    if (!over && behind(timesteps) >= switchAt) {
      onSwitch();
      over = true;
    }
    return over ? refiner(x, timesteps) : base(x, timesteps);
  };
}

GenerationRequest refinerRequest(const GenerationRequest& request) {
  GenerationRequest wanted;
  wanted.model = request.refiner;
  wanted.vae = request.vae;
  if (wanted.vae.empty()) wanted.vae = vaeBeside(request.model);
  if (wanted.vae.empty()) wanted.vae = request.model;
  return wanted;
}

void checkRefiner(const LoadedModel& model, const LoadedModel& refiner) {
  const Recognition &first = model.recognition(), &second = refiner.recognition();
  const bool sameLatents = first.traits().vaeScale == second.traits().vaeScale &&
                           model.unet().module->config().outChannels == refiner.unet().module->config().outChannels;
  const bool sameNoise = !first.edm && !second.edm;
  if (sameLatents && sameNoise && first.prediction == second.prediction) return;
  const char* pattern = !sameNoise    ? "%1 cannot refine pictures of %2: their noise levels differ."
                        : sameLatents ? "%1 cannot refine pictures of %2: one predicts noise, the other velocity."
                                      : "%1 cannot refine pictures of %2: their latents differ.";
  throw EngineException(ErrorKind::WrongFamily, sentence(pattern, refiner.name(), model.name()),
                        std::string(familyName(first.family)) + ", " + familyName(second.family));
}

}  // namespace studio::engine
