#include "engine/pipeline/job_journal.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

constexpr int kMostFilesLookedAt = 10'000;

/// Nothing for one that is torn or of another version.
std::optional<JobCheckpoint> checkpointIn(const JobFolder& folder, bool& broken) {
  const auto bytes = folder.read(JobFile::Checkpoint);
  if (!bytes) return std::nullopt;
  try {
    return checkpointFrom(*bytes);
  } catch (const EngineException&) {
    broken = true;
    return std::nullopt;
  }
}

/// Size and time of a file, or of all files of a folder.
void describeFile(const std::filesystem::path& path, std::ostream& text) {
  std::error_code unknown;
  const auto describe = [&](const std::filesystem::path& file) {
    text << std::filesystem::file_size(file, unknown) << ' ';
    text << std::filesystem::last_write_time(file, unknown).time_since_epoch().count() << ' ';
  };
  if (!std::filesystem::is_directory(path, unknown)) return describe(path);
  int left = kMostFilesLookedAt;
  for (std::filesystem::recursive_directory_iterator file(path, unknown), end; !unknown && file != end && left > 0;
       file.increment(unknown), --left) {
    if (file->is_regular_file(unknown)) describe(file->path());
  }
}

/// Tells whether the files of a request are the same ones. Not by their contents: these may be many gigabytes.
std::string filesText(const GenerationRequest& request) {
  std::ostringstream text;
  for (const auto* file :
       {&request.model, &request.vae, &request.textEncoder, &request.textEncoder2, &request.refiner}) {
    if (!file->empty()) describeFile(*file, text);
    text << ';';
  }
  for (const LoraUse& lora : request.loras) describeFile(lora.file, text);
  std::ostringstream hash;
  hash << std::hex << std::hash<std::string>{}(text.str());
  return hash.str();
}

bool fitsShape(const SamplerState& state, at::IntArrayRef shape) {
  if (state.x.sizes() != shape || state.noise.pictures() != shape[0]) return false;
  for (const at::Tensor& tensor : state.history) {
    if (tensor.sizes() != shape) return false;
  }
  return true;
}

std::vector<Sentence> reasonsOf(const std::vector<Widening>& widenings) {
  std::vector<Sentence> reasons;
  reasons.reserve(widenings.size());
  for (const Widening& widening : widenings) reasons.push_back(widening.why);
  return reasons;
}

bool mayGoBetterLater(ErrorKind kind) {
  return kind == ErrorKind::OutOfMemory || kind == ErrorKind::CannotWrite || kind == ErrorKind::Internal;
}

}  // namespace

CheckpointRecipe checkpointRecipe(const NumericRecipe& recipe, const GenerationRequest& request) {
  return {precisionOf(recipe.format), recipe.threads, recipe.device.str() + " " + machineName(recipe.threads),
          recipe.engineVersion, filesText(request)};
}

JobJournal::JobJournal(Job& job, WriterThread& writer) {
  now_.started = std::time(nullptr);
  if (!job.resumes.empty()) openFolder(job, writer);
  asked_ = executionOf(job.options);
  record_ = job.record;
  if (record_ == nullptr) return;
  record_->begin();
  record_->flush();  // whoever learns that the job has begun may rely on its folder
}

void JobJournal::openFolder(Job& job, WriterThread& writer) {
  if (job.options.stateFolder.empty())
    throw EngineException(ErrorKind::MissingFile, sentence("There is no unfinished job \"%1\".", job.resumes));
  JobFolder folder = JobStore(job.options.stateFolder).claim(job.resumes);
  JobOrder order = orderFromJson(folder.read(JobFile::Request).value_or(""), job.options);
  if (auto found = checkpointIn(folder, brokenCheckpoint_)) {
    now_ = std::move(*found);
    order.options.precision = now_.recipe.precision;
    order.options.threads = now_.recipe.threads;
  }
  applyPatch(job.changes, order.options);
  goesOn_ = true;
  job.request = std::move(order.request);
  job.output = std::move(order.output);
  job.options = std::move(order.options);
  job.record = std::make_shared<JobRecord>(writer, std::move(folder));
}

void JobJournal::keepOrder(const JobOrder& order) {
  if (record_ != nullptr) record_->keepRequest(orderJson(order));
}

void JobJournal::begin(const CheckpointRecipe& recipe, const Tell& tell) {
  if (record_ == nullptr) return;
  const bool same = now_.recipe == recipe;
  if (brokenCheckpoint_ || (!same && !now_.state.empty())) {
    tell(brokenCheckpoint_ ? sentence("What was kept of the job's steps is broken; they are made again.")
                           : sentence("The job cannot go on as it began, because its files, the engine or the "
                                      "processor are others now; its steps are made again."));
    now_.state.clear();
  }
  if (!same) now_.asked = now_.execution = {}, now_.rungs.clear(), now_.widenings.clear();  // of another machine
  now_.recipe = recipe;
  if (now_.state.empty()) now_.step = now_.of = 0, now_.phase = Phase::Denoise, now_.refines = false;
  keep();
  tellProblem(tell);
}

Execution JobJournal::executionFor(const Execution& wanted) {
  const bool asBefore = now_.asked == asked_ && !now_.rungs.empty();
  Execution execution = asBefore ? now_.execution : wanted;
  if (!now_.state.empty()) execution.rows = std::max(execution.rows, now_.execution.rows);
  if (asBefore && wanted.budget.count > 0 && (execution.budget.count <= 0 || wanted.budget < execution.budget))
    execution.budget = wanted.budget;  // less is free than was then
  now_.asked = asked_;
  keepExecution(execution, asBefore ? now_.rungs : reasonsOf(now_.widenings));
  return execution;
}

void JobJournal::noteShortMemory(bool isShort) {
  if (isShort == now_.memoryWasShort) return;
  now_.memoryWasShort = isShort;
  if (record_ != nullptr) keep();
}

void JobJournal::keepWidening(Widening widening) {
  now_.widenings.push_back(std::move(widening));
  if (record_ != nullptr) keep();
}

void JobJournal::keepPlan(const std::string& json) {
  if (record_ != nullptr) record_->keepPlan(json);
}

void JobJournal::keepExecution(const Execution& execution, const std::vector<Sentence>& rungs) {
  now_.execution = execution;
  now_.rungs = rungs;
  if (record_ != nullptr) keep();
}

std::optional<SamplerState> JobJournal::stateFor(int batch, at::IntArrayRef shape, const Tell& tell) {
  if (now_.state.empty() || batch != now_.batch) return std::nullopt;
  try {
    SamplerState state = deserialise(now_.state);
    if (fitsShape(state, shape)) {
      resumedFrom_ = state.step;
      return state;
    }
  } catch (const EngineException&) {  // told below, like one of another shape
  }
  tell(sentence("What was kept of the job's steps is broken; they are made again."));
  now_.state.clear();
  return std::nullopt;
}

void JobJournal::keepStep(int batch, const SamplerState& state, int of, bool refines, const Tell& tell) {
  now_.refines = refines;
  if (record_ == nullptr) return;
  now_.batch = batch;
  now_.step = state.step;
  now_.of = of;
  now_.phase = state.step < of ? Phase::Denoise : Phase::Decode;
  now_.state = serialise(state);
  keep();
  tellProblem(tell);
}

void JobJournal::settle() {
  if (record_ != nullptr) record_->flush();
}

void JobJournal::keepPicture(int index) {
  if (index != now_.picturesDone) return;  // one before it is missing
  ++now_.picturesDone;
  if (record_ != nullptr) keep();
}

/// Framing and checksum are the writer's work; this thread has a step to take.
void JobJournal::keep() {
  record_->keepCheckpoint([now = now_] { return bytesOf(now); });
}

void JobJournal::tellProblem(const Tell& tell) const {
  const auto problem = record_->takeProblem();
  if (problem) tell(sentence("%1 The job cannot go on after a crash.", problem->message));
}

StepPlace JobJournal::place(int batchSize) const {
  const int batch = now_.picturesDone / std::max(1, batchSize);
  return now_.state.empty() || batch != now_.batch ? StepPlace{batch} : StepPlace{batch, now_.step, now_.of};
}

void JobJournal::endDone() {
  if (record_ == nullptr) return;
  record_->end(JobEnd::Done);
  record_->flush();
}

KeptJob JobJournal::endResting() {
  if (record_ == nullptr) return {};
  record_->end(JobEnd::Rested);
  record_->flush();  // whoever goes on with it needs its folder
  return {record_->id(), now_.step, now_.of, now_.phase};
}

KeptJob JobJournal::endFailed(ErrorKind kind, int pictures) {
  if (record_ == nullptr) return {};
  const bool worthKeeping = goesOn_ || now_.step > 0 || now_.picturesDone > 0;
  const bool left = now_.picturesDone < pictures;
  const bool isKept = left && worthKeeping && (goesOn_ || mayGoBetterLater(kind));
  record_->end(isKept ? JobEnd::Failed : JobEnd::Done);
  record_->flush();  // whoever learns of the failure may go on at once
  if (!isKept) return {};
  return {record_->id(), now_.step, now_.of, now_.phase};
}

}  // namespace studio::engine
