#include "engine/pipeline/recovery.h"

#include "engine/memory/device_refusal.h"
#include "engine/pipeline/device_room.h"
#include "engine/pipeline/job_journal.h"
#include "engine/pipeline/model_profile.h"
#include "engine/pipeline/model_shelf.h"
#include "engine/pipeline/room_watch.h"

#include <algorithm>
#include <string>

namespace studio::engine {
namespace {

std::int64_t inMebibytes(Bytes bytes) { return (bytes.count + (1 << 20) - 1) >> 20; }

/// What none of our pools has refused was refused by the GPU's own allocator, which tells of it in words.
MemoryShortage shortageIn(Phase phase, at::Device device, std::uint64_t refusalsBefore, const std::string& words) {
  const Refusal refusal = lastRefusal();
  if (!device.is_cpu() && refusal.number == refusalsBefore)
    return {.phase = phase, .missing = deviceRefusalIn(words).asked};
  return {.phase = phase,
          .pool = refusal.pool,
          .missing = refusal.asked,
          .available = refusal.pool == MemoryPool::Device ? deviceLimit() : Bytes()};
}

}  // namespace

Recovery::Recovery(LoadedModel& model, const LoadedModel* refiner, const GenerationRequest& request,
                   const JobContext& context, Phase first, NextRung next)
    : model_(model),
      refiner_(refiner),
      request_(request),
      context_(context),
      next_(next ? std::move(next) : byPolicy(context.options.oomPolicy, context.consents)),
      first_(first),
      began_(first),
      execution_(context.journal->executionFor(executionOf(context.options))),
      keeper_(model, refiner, planOf(execution_), execution_.copies),
      rungs_(context.journal->rungs()) {
  execution_.alone = false;  // in an earlier process
  const bool isTold = !plan().fits() && takeRungs(shortageOf(plan()), describe(shortageOf(plan())));
  if (!plan().fits()) refuse();
  predictedPeak_ = plan().peak();
  setPlannedPeak(predictedPeak_);
  if (!isTold) context_.emit(JobPlanned{context_.job, plan()});
}

void Recovery::refuse() const {
  const bool ownMemory = model_.recipe().device.is_cpu() && !circumstances(shortageOf(plan())).ownLimit;
  const char* pattern = ownMemory
                            ? "This picture needs at least %1 MiB of main memory, and %2 MiB are free. Closing other "
                              "programs or a smaller size makes it fit."
                            : "This picture needs at least %1 MiB of device memory, and %2 MiB are allowed. A smaller "
                              "size or batch needs less.";
  EngineError error = makeError(ErrorKind::OutOfMemory, sentence(pattern, inMebibytes(plan().peak()),
                                                                 inMebibytes(context_.options.deviceBudget)));
  error.memory = withFixes(describe(shortageOf(plan())), shortageOf(plan()));
  throw EngineException(std::move(error));
}

void Recovery::planAnew(const Sentence& why) {
  if (std::find(rungs_.begin(), rungs_.end(), why) == rungs_.end()) rungs_.push_back(why);
  context_.emit(makeNotice(context_.job, why));
  context_.journal->keepExecution(execution_, rungs_);
  keeper_ = PlanKeeper(model_, refiner_, planOf(execution_), execution_.copies);
  const bool isTold = !plan().fits() && takeRungs(shortageOf(plan()), describe(shortageOf(plan())));
  if (!plan().fits()) refuse();
  if (!isTold) context_.emit(JobPlanned{context_.job, plan()});
}

MemoryPlan Recovery::planOf(const Execution& execution) const {
  return planFor(model_, refiner_, request_, context_.options, execution, first_);
}

void Recovery::placeAhead() {
  during(plan().phases.front().phase, [this] {
    const std::vector<std::string>& first = plan().phases.front().networks;
    if (std::find(first.begin(), first.end(), "unet") != first.end()) keeper_.place("unet", context_.stop);
  });
  if (!keeper_.wasRefusedPinned()) return;
  context_.emit(makeNotice(context_.job, sentence("The system gives no more pinned memory: weights that wait in main "
                                                  "memory come to the GPU more slowly.")));
}

void Recovery::enter(Phase phase) {
  if (context_.room != nullptr) {
    context_.room->look();
    giveWay(phase);
  }
  keeper_.enter(phase);
}

void Recovery::setStep(int step) {
  step_ = step;
  if (context_.room != nullptr && context_.room->lookIfDue()) giveWay(Phase::Denoise);
}

void Recovery::giveWay(Phase phase) {
  context_.journal->noteShortMemory(context_.room->isHostShort());
  if (!context_.room->isPressed()) return;
  if (context_.shelf != nullptr) context_.shelf->clear();
  if (!context_.room->isShort()) return;
  emptyCaches(model_.recipe().device);
  context_.room->look();
  if (!context_.room->isShort()) return;
  const std::optional<Execution> smaller = shrunkTo(context_.room->budget());
  if (!smaller) return;
  const Sentence what = sentence(
      "Other programs have taken memory: no more than %1 MiB are used from here on, and parts that have no room are "
      "brought in at every pass.",
      inMebibytes(smaller->budget));
  const std::shared_ptr<const MemoryReport> report =
      describe({.phase = phase, .ran = false, .available = smaller->budget});
  goOnWith(*smaller, {what}, phase, report);
  context_.room->look();
}

std::optional<Execution> Recovery::shrunkTo(Bytes budget) const {
  const bool helps = budget.count > 0 && plan().peak() > budget && execution_.mode != MemoryMode::Streaming;
  if (!helps || execution_.rungs >= kMostRungs) return std::nullopt;
  Execution next = execution_;
  next.budget = budget;
  ++next.rungs;
  if (plan().decode.mode != DecodeMode::Tiles && planOf(next).decode.mode == DecodeMode::Tiles)
    next.decode = DecodeMode::Strips;  // the picture is to stay as it is
  return planOf(next).peak() < plan().peak() ? std::optional(next) : std::nullopt;
}

void Recovery::makeRoom(Phase phase) {
  EngineError error = translateCurrentException();
  if (error.kind != ErrorKind::OutOfMemory || context_.stop.stop_requested()) throw;
  const at::Device device = model_.recipe().device;
  MemoryShortage shortage = shortageIn(phase, device, refusals_, error.detail);
  if (context_.shelf != nullptr) shortage.idle = context_.shelf->bytes();
  refusals_ = lastRefusal().number;
  const std::shared_ptr<const MemoryReport> report = describe(shortage);
  emptyCaches(device);
  if (context_.room != nullptr) context_.room->look();
  if (context_.room != nullptr && !device.is_cpu() && shortage.pool == MemoryPool::Device)
    shortage.available = context_.room->budget();
  if (takeRungs(shortage, report)) return keeper_.enter(phase);
  if (shortage.pool == MemoryPool::Device) error = outOfMemory(circumstances(shortage), error.detail);
  error.memory = withFixes(report, shortage);
  for (const Sentence& rung : rungs_) error.detail += (error.detail.empty() ? "" : " | ") + rung.text();
  throw EngineException(std::move(error));
}

bool Recovery::takeRungs(const MemoryShortage& shortage, const std::shared_ptr<const MemoryReport>& report) {
  const std::vector<Rung> rungs = descend(execution_, withHostRoom(shortage, model_.recipe().device), next_,
                                          [this](const Execution& execution) { return planOf(execution); });
  if (rungs.empty()) return false;
  std::vector<Sentence> words;
  for (const Rung& rung : rungs) words.push_back(rung.what);
  goOnWith(rungs.back().execution, words, shortage.phase, report);
  return true;
}

void Recovery::goOnWith(const Execution& execution, const std::vector<Sentence>& rungs, Phase phase,
                        const std::shared_ptr<const MemoryReport>& report) {
  if (execution.alone && context_.shelf != nullptr) context_.shelf->clear();
  execution_ = execution;
  keeper_ = PlanKeeper(model_, refiner_, planOf(execution_), execution_.copies);
  for (const Sentence& rung : rungs) {
    rungs_.push_back(rung);
    context_.emit(RungTaken{context_.job, rung, phase, step_, report});
  }
  context_.journal->keepExecution(execution_, rungs_);
  context_.emit(JobPlanned{context_.job, plan()});
}

Circumstances Recovery::circumstances(const MemoryShortage& shortage) const {
  const Bytes limit = shortage.ran ? shortage.available : context_.options.deviceBudget;
  const bool host = shortage.pool == MemoryPool::Host;
  return {request_.size, request_.batchSize, precisionOf(model_.recipe().format),
          isOwnLimit(host ? Bytes() : limit, freeMemoryOf(host ? at::kCPU : model_.recipe().device))};
}

ShortageScene Recovery::sceneOf(const MemoryShortage& shortage) const {
  return {model_, refiner_, request_, context_.options, plan(), shortage, rungs_, began_, step_};
}

std::shared_ptr<const MemoryReport> Recovery::describe(const MemoryShortage& shortage) const noexcept {
  try {
    return std::make_shared<const MemoryReport>(reportOf(sceneOf(shortage)));
  } catch (...) {  // what it is about is more important
    return nullptr;
  }
}

std::shared_ptr<const MemoryReport> Recovery::withFixes(const std::shared_ptr<const MemoryReport>& report,
                                                        const MemoryShortage& shortage) const noexcept {
  if (report == nullptr) return nullptr;
  try {
    MemoryReport whole = *report;
    addFixes(sceneOf(shortage), whole);
    return std::make_shared<const MemoryReport>(std::move(whole));
  } catch (...) {
    return report;
  }
}

}  // namespace studio::engine
