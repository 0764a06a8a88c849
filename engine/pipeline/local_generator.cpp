#include "engine/pipeline/local_generator.h"

#include "engine/api/cancelled.h"
#include "engine/api/reproduction_profile.h"
#include "engine/api/request_fields.h"
#include "engine/device/compute_device.h"
#include "engine/memory/budget_allocator.h"
#include "engine/pipeline/companion_files.h"
#include "engine/pipeline/device_room.h"
#include "engine/pipeline/error_translation.h"
#include "engine/pipeline/latent_decoding.h"
#include "engine/pipeline/lora_resolver.h"
#include "engine/pipeline/model_choices.h"
#include "engine/pipeline/refiner_handover.h"
#include "engine/pipeline/request_refusals.h"
#include "engine/pipeline/text_to_image.h"
#include "engine/runtime/process_memory.h"
#include "engine/text/tokens/prompt_parser.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <random>
#include <utility>

namespace studio::engine {
namespace {

/// Says what is not used, or fails the job when it must be exact.
void leaveOut(const EngineError& reason, const GenerationRequest& request, const JobContext& context) {
  if (isStrict(request)) throw EngineException(reason);
  context.emit(makeNotice(context.job, reason.wording));
}

bool keepsJobs(const EngineOptions& options) { return options.checkpoint && !options.stateFolder.empty(); }

/// A seed nobody chose; 32 bits, as other programs draw them, so that every tool can read it back.
Seed randomSeed() { return Seed{std::random_device{}()}; }

/// Beside the pictures to come.
OutputOptions partialOutput(OutputOptions output) {
  const std::filesystem::path path = pathFromUtf8(output.pattern);
  output.pattern = utf8FromPath(path.parent_path() / path.stem()) + "-partial" + utf8FromPath(path.extension());
  output.keepLatents = false;
  return output;
}

}  // namespace

LocalGenerator::LocalGenerator(const EngineOptions& options, LogSink log, LookAtHost look)
    : log_(std::move(log)), options_(options), room_(std::move(look)), thread_([this] { work(); }) {
  if (keepsJobs(options)) writer_.post([store = JobStore(options.stateFolder)] { store.sweep(); });
}

LocalGenerator::~LocalGenerator() { jobs_.close(); }

Job LocalGenerator::ordered(const GenerationRequest& request, const OutputOptions& output) {
  const std::lock_guard lock(optionsMutex_);
  Job job{{}, request, output, options_, nullptr, {}, {}, {}};
  if (keepsJobs(options_)) {
    if (!job.request.seed) job.request.seed = randomSeed();  // the job's folder must know it
    job.record = std::make_shared<JobRecord>(writer_, JobStore(options_.stateFolder),
                                             orderJson({job.request, output, options_, std::time(nullptr)}));
  }
  return job;
}

JobId LocalGenerator::submit(const GenerationRequest& request, const OutputOptions& output) {
  return jobs_.push(ordered(request, output));
}

JobId LocalGenerator::submitFirst(const GenerationRequest& request, const OutputOptions& output) {
  return jobs_.pushFirst(ordered(request, output));
}

JobId LocalGenerator::resume(const std::string& unfinished, const OptionsPatch& changes) {
  const std::lock_guard lock(optionsMutex_);
  return jobs_.push({{}, {}, {}, options_, nullptr, {}, unfinished, changes});
}

JobId LocalGenerator::keepPartial(const std::string& unfinished, const OptionsPatch& changes) {
  const std::lock_guard lock(optionsMutex_);
  return jobs_.push({{}, {}, {}, options_, nullptr, {}, unfinished, changes, true});
}

JobId LocalGenerator::decode(const std::filesystem::path& latent, const GenerationRequest& request,
                             const OutputOptions& output) {
  const std::lock_guard lock(optionsMutex_);
  return jobs_.push({{}, request, output, options_, nullptr, latent, {}, {}});
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
  while (auto job = jobs_.take([this] { return easePressure(); })) runAndReport(std::move(*job));
  refiner_.reset();
  model_.reset();
  shelf_.clear();
}

bool LocalGenerator::easePressure() {
  if (room_.findsPressure()) {
    if (shelf_.isEmpty()) refiner_.reset(), model_.reset();
    shelf_.clear();
    emptyCaches(computeDevice());
  }
  return model_ != nullptr || !shelf_.isEmpty();
}

void LocalGenerator::keepIdle(const Recovery& recovery, const JobContext& context) {
  Bytes room = room_.roomBeside(recovery.plan(), copiesOf(recovery.plan(), recovery.execution()));
  // What waits on the host for the device is there already, and in no pool of its own.
  if (room.count > 0) room.count += shelf_.hostBytes().count + hostBytesOf(*model_).count;
  if (room.count > 0 && refiner_ != nullptr) room.count += hostBytesOf(*refiner_).count;
  shelf_.shrinkTo(context.options.keptModels, room);
}

void LocalGenerator::runAndReport(Job job) noexcept {
  try {
    EngineEvent outcome = outcomeOf(job);
    room_.end();
    events_.push(std::move(outcome));
  } catch (...) {
    room_.end();
    reportFailure(job.id, translateCurrentException());
  }
}

EngineEvent LocalGenerator::outcomeOf(Job& job) {
  kept_ = {};
  JobJournal journal(job, writer_);
  EngineOptions options = job.options;
  room_.begin(options, computeDevice());
  options.deviceBudget = room_.budget();
  const JobContext context{job.id,
                           job.partial ? partialOutput(job.output) : job.output,
                           options,
                           jobs_.runningToken(),
                           [this](EngineEvent event) { announce(std::move(event)); },
                           journal.started(),
                           &journal,
                           consentFor(job.id),
                           &room_,
                           &shelf_,
                           job.partial};
  try {
    EngineEvent outcome = outcomeOf(job, context);
    if (std::holds_alternative<JobCancelled>(outcome)) return outcomeOfStopped(job, journal);
    if (job.partial) return JobPaused{job.id, journal.endResting()};
    journal.endDone();
    return outcome;
  } catch (...) {
    const int pictures = job.request.batchSize * job.request.batchCount;
    kept_ = job.partial ? journal.endResting() : journal.endFailed(translateCurrentException().kind, pictures);
    throw;
  }
}

EngineEvent LocalGenerator::outcomeOf(const Job& job, const JobContext& context) {
  const auto start = std::chrono::steady_clock::now();
  resetPeaks();
  setDeviceBudget(context.options.deviceBudget);
  injectFailure(job.options.failAllocation);
  predictedPeak_ = streamedPerStep_ = {};
  rungs_.clear();
  meter_.begin(*context.journal);
  try {
    const int earlier = context.journal->picturesDone();
    const int images = earlier + run(job, context);
    if (rungs_.empty() && !context.journal->mayBeOnDisk()) meter_.keep(job.options);
    return JobFinished{job.id,
                       images,
                       std::chrono::steady_clock::now() - start,
                       peakHostBytes(),
                       meter_.peak(),
                       predictedPeak_,
                       context.journal->resumedFromStep(),
                       rungs_,
                       meter_.reports(),
                       streamedPerStep_,
                       earlier};
  } catch (const Cancelled&) {
    return JobCancelled{job.id};
  }
}

EngineEvent LocalGenerator::outcomeOfStopped(const Job& job, JobJournal& journal) {
  const JobQueue::Stop reason = jobs_.stopReason();
  const bool asked = reason == JobQueue::Stop::Cancelled;  // to be forgotten, unless it was only shown
  const bool rests = reason == JobQueue::Stop::Paused || reason == JobQueue::Stop::GivesWay ||
                     reason == JobQueue::Stop::Closed || (asked && job.partial);
  const KeptJob kept = rests ? journal.endResting() : KeptJob();
  if (!rests) journal.endDone();
  if (!kept || asked || reason == JobQueue::Stop::Closed) return JobCancelled{job.id};
  if (reason == JobQueue::Stop::Paused) return JobPaused{job.id, kept};
  jobs_.putBack({job.id, {}, {}, job.options, nullptr, {}, kept.id, job.changes, job.partial});
  return JobGaveWay{job.id};
}

std::function<bool(const Sentence&)> LocalGenerator::consentFor(JobId job) {
  const auto put = [this, job](const Sentence& what) { events_.push(ConsentAsked{job, what}); };
  return [this, job, put, stop = jobs_.runningToken(), refused = false](const Sentence& what) mutable {
    if (!refused) refused = !question_.ask(job, stop, [&] { put(what); });
    return !refused;
  };
}

void LocalGenerator::announce(EngineEvent event) {
  meter_.note(event);
  const auto* rung = std::get_if<RungTaken>(&event);
  try {
    if (rung != nullptr && log_) log_(LogLevel::Info, "engine", rung->what.text());
  } catch (...) {  // whoever listens, the job goes on
  }
  events_.push(std::move(event));
}

void LocalGenerator::reportFailure(JobId job, EngineError error) noexcept {
  // A model that failed half-way may hold blocks of any state: the next job begins afresh.
  if (error.kind == ErrorKind::OutOfMemory || error.kind == ErrorKind::Internal) model_.reset(), refiner_.reset();
  try {
    if (log_) log_(LogLevel::Info, "engine", error.message + " " + error.detail);
  } catch (...) {  // whoever listens, the outcome is still to be told
  }
  try {
    events_.push(JobFailed{job, std::move(error), std::move(kept_)});
  } catch (...) {  // no memory even for one event: losing it is better than losing the process
    model_.reset(), refiner_.reset();
  }
}

GenerationRequest LocalGenerator::withRememberedChoice(GenerationRequest request, const JobContext& context) {
  const bool prediction = request.prediction == PredictionType::Automatic;
  const bool zero = request.zeroTerminalSnr == ZeroTerminalSnr::Automatic;
  if (context.options.choicesFile.empty() || (!prediction && !zero)) return request;
  const ModelChoice choice =
      ModelChoices(context.options.choicesFile, context.options.cacheFolder).find(request.model, context.stop);
  if (prediction) request.prediction = choice.prediction;
  if (zero) request.zeroTerminalSnr = choice.zeroTerminalSnr;
  return request;
}

void LocalGenerator::decode(const Job& job, const JobContext& context) {
  const Seed seed = job.request.seed.value_or(Seed{});
  context.emit(JobStarted{job.id, seed, 1});
  PictureWriter::prepareFolder(job.request, seed, context);
  GenerationRequest files;  // LoRAs have no part in decoding
  files.model = job.request.model;
  files.vae = job.request.vae;
  {
    const PhaseScope phase(context, Phase::Load);
    const NumericRecipe recipe = recipes_.resolve(context.options);
    const LoadedModel& model = modelFor(files, recipe, context);
    context.emit(ModelLoaded{context.job, model.path(), familyName(model.recognition().family),
                             precisionOf(recipe.format), recipe.threads, recipe.reason, phase.elapsed()});
  }
  KeptLatent kept = readKeptLatent(*model_, job.latent, files);
  files.size = kept.size;
  Recovery recovery(*model_, nullptr, files, context, Phase::Decode);
  keepIdle(recovery, context);
  predictedPeak_ = recovery.predictedPeak();
  decodeKeptLatent(*model_, std::move(kept), recovery, context);
  rungs_ = recovery.rungs();
}

int LocalGenerator::run(const Job& job, const JobContext& context) {
  if (!job.latent.empty()) return decode(job, context), 1;
  refuseWrong(job.request);
  const GenerationRequest request = withRememberedChoice(job.request, context);
  if (request != job.request) context.journal->keepOrder({request, job.output, job.options, context.started});
  const Seed seed = job.request.seed.value_or(randomSeed());
  context.emit(JobStarted{job.id, seed, job.request.batchSize * job.request.batchCount, context.journal->picturesDone(),
                          context.journal->place(job.request.batchSize)});
  PictureWriter::prepareFolder(request, seed, context);
  const GenerationRequest effective = withPromptLoras(request, context);
  refuseWrong(effective);  // the weights in the prompt too
  refuseLongPrompts(effective);
  const std::unique_ptr<Recovery> recovery = load(effective, context);
  context.journal->keepPlan(planJsonOf(recovery->plan()));
  const int written = TextToImage(*model_, refiner_.get(), *recovery, request, seed, context).run();
  rungs_ = recovery->rungs();
  streamedPerStep_ = recovery->plan().streamedPerStep;
  return written;
}

std::unique_ptr<Recovery> LocalGenerator::load(const GenerationRequest& request, const JobContext& context) {
  const PhaseScope phase(context, Phase::Load);
  const NumericRecipe recipe = recipes_.resolve(context.options);
  remarkOnPinned(recipe, context);
  const LoadedModel& model = modelFor(request, recipe, context);
  refuseBrokenCells(request.size, model.vae().module->scaleFactor());
  loadRefiner(request, model, context);
  context.journal->begin(checkpointRecipe(recipe, request),
                         [&context](const Sentence& words) { context.emit(makeNotice(context.job, words)); });
  widenAsBefore(*context.journal);
  auto recovery = std::make_unique<Recovery>(*model_, refiner_.get(), request, context);
  keepIdle(*recovery, context);
  resetPeaks();  // what an earlier job had elsewhere is gone
  predictedPeak_ = recovery->predictedPeak();
  for (const Sentence& patience : meter_.predict(model, request, context.options))
    context.emit(makeNotice(context.job, patience));
  recovery->placeAhead();
  context.emit(ModelLoaded{context.job, model.path(), familyName(model.recognition().family),
                           precisionOf(recipe.format), recipe.threads, recipe.reason, phase.elapsed()});
  return recovery;
}

void LocalGenerator::widenAsBefore(const JobJournal& journal) {
  for (const Widening& widening : journal.widenings()) {
    LoadedModel* model = widening.ofRefiner ? refiner_.get() : model_.get();
    if (model != nullptr) model->widen(widening.part);
  }
}

void LocalGenerator::remarkOnPinned(const NumericRecipe& recipe, const JobContext& context) {
  if (context.options.pinned != PinnedMemory::On || !recipe.device.is_cpu() || saidPinned_) return;
  saidPinned_ = true;
  context.emit(makeNotice(context.job, sentence("Pinned memory is of use with a GPU only; here it changes nothing.")));
}

void LocalGenerator::loadRefiner(const GenerationRequest& request, const LoadedModel& model,
                                 const JobContext& context) {
  if (request.refiner.empty() || request.refinerSwitchAt >= 1) {
    shelf_.put(std::move(refiner_));
    return;
  }
  const GenerationRequest wanted = refinerRequest(request);
  if (refiner_ == nullptr || !refiner_->serves(wanted, model.recipe())) {
    shelf_.put(std::move(refiner_));
    refiner_ = shelf_.take(wanted, model.recipe());
    if (refiner_ == nullptr) refiner_ = std::make_unique<LoadedModel>(wanted, model.recipe());
  }
  refiner_->narrow();
  checkRefiner(model, *refiner_);
  const bool sameFamily = model.recognition().family == refiner_->recognition().family;
  refiner_->applyLoras(sameFamily ? request.loras : std::vector<LoraUse>(), isStrict(request));
  refiner_->useEmbeddings(context.options.embeddingFolders);
  for (Residency* residency : refiner_->residencies()) residency->dropAll();  // the other network begins
}

void LocalGenerator::openModel(const GenerationRequest& request, const NumericRecipe& recipe,
                               const JobContext& context) {
  model_ = std::make_unique<LoadedModel>(request, recipe);
  for (const Sentence& remark : model_->remarks()) context.emit(makeNotice(context.job, remark));
}

LoadedModel& LocalGenerator::modelFor(const GenerationRequest& request, const NumericRecipe& recipe,
                                      const JobContext& context) {
  if (model_ == nullptr || !model_->serves(request, recipe)) {
    shelf_.put(std::move(model_));
    model_ = shelf_.take(request, recipe);
    if (model_ == nullptr) openModel(request, recipe, context);
  }
  model_->narrow();
  model_->setStreamRates(meter_.streamRates(recipe, context.options));
  const LoraReport& loras = model_->applyLoras(request.loras, isStrict(request));
  for (const SkippedLora& skipped : loras.skipped) context.emit(makeNotice(context.job, skipped.reason.wording));
  for (const Sentence& partial : loras.partial) context.emit(makeNotice(context.job, partial));
  model_->useEmbeddings(context.options.embeddingFolders);
  return *model_;
}

GenerationRequest LocalGenerator::withPromptLoras(const GenerationRequest& request, const JobContext& context) {
  GenerationRequest result = request;
  const ParsedPrompt parsed = parsePrompt(request.prompt);
  ResolvedLoras resolved = resolveLoras(request, parsed.loras, context.options.loraFolders, trainersNames_);
  for (const std::string& name : resolved.unknown) {
    leaveOut(makeError(ErrorKind::MissingFile,
                       sentence("The prompt asks for the LoRA \"%1\", which is not in the LoRA folders.", name)),
             request, context);
  }
  for (const std::string& tag : parsed.unknownTags) {
    leaveOut(
        makeError(ErrorKind::MissingFile, sentence("The prompt asks for %1, which this version does not know.", tag)),
        request, context);
  }
  result.loras = std::move(resolved.loras);
  return result;
}

}  // namespace studio::engine
