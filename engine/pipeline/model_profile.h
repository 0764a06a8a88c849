#pragma once

#include "engine/memory/oom_ladder.h"
#include "engine/memory/planner.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/prompt_encoder.h"

#include <vector>

namespace studio::engine {

/// Name of a text encoder in plans: "text_encoder", "text_encoder_2".
const char* networkName(const Conditioner::Encoder& encoder);

/// What the networks of a model take for a request, by shape runs of the forwards that will run: no weight is read and
/// no picture computed. On any thread, one at a time; scratch is that of the calling thread's number of threads.
/// The options say how to decode and whether the small decoder runs between steps; what works on the host takes what
/// the CPU's operators take. `model` must outlive the result.
std::vector<PhaseProfile> profilePhases(const LoadedModel& model, const GenerationRequest& request,
                                        const PromptShape& prompts, CallRows rows, const EngineOptions& options,
                                        HostShare host = HostShare::Nobody);

/// The plan of a job that is carried out in this way, from the phase `first` on. `refiner` may be null.
MemoryPlan planFor(LoadedModel& model, const LoadedModel* refiner, const GenerationRequest& request,
                   const EngineOptions& options, const Execution& execution, Phase first = Phase::Load);

}  // namespace studio::engine
