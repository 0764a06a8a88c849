#pragma once

#include "engine/api/generation_request.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/sampling/denoiser.h"

#include <functional>

namespace studio::engine {

/// What part of the way is behind at a call of the network.
using ShareBehind = std::function<double(const at::Tensor& timesteps)>;

/// Counted in training timesteps, as A1111 1.8 and later and diffusers count.
double noiseBehind(const at::Tensor& timesteps);

/// One network that becomes another: `base` answers until the part `switchAt` is behind, then `refiner`, for good.
/// `over` says whether it has; it must outlive the network. `onSwitch` is called before it becomes true.
Network handingOver(Network base, Network refiner, double switchAt, ShareBehind behind, bool& over,
                    std::function<void()> onSwitch);

/// What has to be loaded for a request's refiner: its own parts, the model's VAE where it has none.
GenerationRequest refinerRequest(const GenerationRequest& request);

/// Throws EngineException(WrongFamily) when the two cannot share a latent or a sampler.
void checkRefiner(const LoadedModel& model, const LoadedModel& refiner);

}  // namespace studio::engine
