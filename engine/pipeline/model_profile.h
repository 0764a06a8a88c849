#pragma once

#include "engine/memory/planner.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/prompt_encoder.h"

#include <vector>

namespace studio::engine {

/// Name of a text encoder in plans: "text_encoder", "text_encoder_2".
const char* networkName(const Conditioner::Encoder& encoder);

/// What the networks of a model take for a request, by shape runs of the forwards that will run: no weight is read and
/// no picture computed. On any thread, one at a time; scratch is that of the calling thread's number of threads.
/// `withPreview`: the small decoder may run between steps.
std::vector<PhaseProfile> profilePhases(const LoadedModel& model, const GenerationRequest& request,
                                        const PromptShape& prompts, bool withPreview);

/// The plan of a job. `refiner` may be null.
MemoryPlan planFor(LoadedModel& model, const LoadedModel* refiner, const GenerationRequest& request,
                   const EngineOptions& options);

}  // namespace studio::engine
