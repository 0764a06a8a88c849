#include "engine/pipeline/local_generator.h"

#include "engine/api/cancelled.h"
#include "engine/api/request_fields.h"
#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/companion_files.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/refiner_handover.h"
#include "engine/pipeline/text_to_image.h"
#include "engine/runtime/process_memory.h"
#include "engine/text/tokens/prompt_parser.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <random>
#include <utility>

namespace studio::engine {
namespace {

/// A seed nobody chose; 32 bits, as other programs draw them, so that every tool can read it back.
Seed randomSeed() { return Seed{std::random_device{}()}; }

}  // namespace

LocalGenerator::LocalGenerator(const EngineOptions& options, LogSink log)
    : log_(std::move(log)), options_(options), thread_([this] { work(); }) {}

LocalGenerator::~LocalGenerator() { jobs_.close(); }

JobId LocalGenerator::submit(const GenerationRequest& request, const OutputOptions& output) {
  const std::lock_guard lock(optionsMutex_);
  return jobs_.push(request, output, options_);
}

void LocalGenerator::cancel(JobId job) {
  if (jobs_.cancel(job) == JobQueue::CancelResult::WasWaiting) events_.push(JobCancelled{job});
}

void LocalGenerator::setOptions(const EngineOptions& options) {
  const std::lock_guard lock(optionsMutex_);
  options_ = options;
}

void LocalGenerator::work() {
  const c10::InferenceMode inference;
  while (const auto job = jobs_.take()) runAndReport(*job);
  refiner_.reset();
  model_.reset();
}

void LocalGenerator::runAndReport(const Job& job) {
  const auto start = std::chrono::steady_clock::now();
  const JobContext context{job.id, job.output, job.options, jobs_.runningToken(),
                           [this](EngineEvent event) { events_.push(std::move(event)); }};
  resetPeaks();
  try {
    const int images = run(job, context);
    events_.push(
        JobFinished{job.id, images, std::chrono::steady_clock::now() - start, peakHostBytes(), devicePool().peak});
  } catch (const Cancelled&) {
    events_.push(JobCancelled{job.id});
  } catch (...) {
    const EngineError error = translateCurrentException();
    if (log_) log_(LogLevel::Info, "engine", error.message + " " + error.detail);
    // A model that failed half-way may hold blocks of any state: the next job begins afresh.
    if (error.kind == ErrorKind::OutOfMemory || error.kind == ErrorKind::Internal) model_.reset(), refiner_.reset();
    events_.push(JobFailed{job.id, error});
  }
}

int LocalGenerator::run(const Job& job, const JobContext& context) {
  if (const auto wrong = checkRequest(job.request)) throw EngineException(wrong->kind, wrong->message, wrong->detail);
  const Seed seed = job.request.seed.value_or(randomSeed());
  context.emit(JobStarted{job.id, seed, job.request.batchSize * job.request.batchCount});
  const GenerationRequest effective = withPromptLoras(job.request, context);
  LoadedModel& model = modelFor(effective, context);
  LoadedModel* refiner = refinerFor(effective, model, context);
  return TextToImage(model, refiner, job.request, seed, context).run();
}

LoadedModel* LocalGenerator::refinerFor(const GenerationRequest& request, const LoadedModel& model,
                                        const JobContext& context) {
  if (request.refiner.empty() || request.refinerSwitchAt >= 1) {
    refiner_.reset();
    return nullptr;
  }
  const PhaseScope phase(context, Phase::Load);
  const GenerationRequest wanted = refinerRequest(request);
  if (refiner_ == nullptr || !refiner_->serves(wanted, model.recipe())) {
    refiner_.reset();
    refiner_ = std::make_unique<LoadedModel>(wanted, model.recipe());
  }
  checkRefiner(model, *refiner_);
  const bool sameFamily = model.recognition().family == refiner_->recognition().family;
  refiner_->applyLoras(sameFamily ? request.loras : std::vector<LoraUse>());
  return refiner_.get();
}

LoadedModel& LocalGenerator::modelFor(const GenerationRequest& request, const JobContext& context) {
  const PhaseScope phase(context, Phase::Load);
  const NumericRecipe recipe = recipes_.resolve(context.options);
  if (model_ == nullptr || !model_->serves(request, recipe)) {
    model_.reset();
    trimCache();  // what the former model's blocks were in
    model_ = std::make_unique<LoadedModel>(request, recipe);
  }
  model_->applyLoras(request.loras);
  model_->unet().residency->placeAll(context.stop);
  context.emit(ModelLoaded{context.job, model_->path(), familyName(model_->recognition().family),
                           precisionOf(recipe.format), recipe.threads, recipe.reason, phase.elapsed()});
  return *model_;
}

GenerationRequest LocalGenerator::withPromptLoras(const GenerationRequest& request, const JobContext& context) {
  GenerationRequest result = request;
  for (const LoraTag& tag : parsePrompt(request.prompt).loras) {
    const auto listed = [&tag](const LoraUse& use) { return utf8FromPath(use.file.stem()) == tag.name; };
    if (std::any_of(result.loras.begin(), result.loras.end(), listed)) continue;
    const std::filesystem::path file = loraNamed(tag.name, context.options.loraFolders);
    if (file.empty()) {
      context.emit(
          makeNotice(context.job,
                     sentence("The prompt asks for the LoRA \"%1\", which is not in the LoRA folders; it is left out.",
                              tag.name)));
    } else {
      result.loras.push_back({file, tag.imageWeight});
    }
  }
  return result;
}

}  // namespace studio::engine
