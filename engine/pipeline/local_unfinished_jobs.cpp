#include "engine/pipeline/local_unfinished_jobs.h"

#include "engine/pipeline/job_checkpoint.h"
#include "engine/pipeline/job_order.h"

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

UnfinishedJob unfinishedJob(const JobEntry& entry) {
  UnfinishedJob job;
  job.id = entry.id;
  job.running = entry.owned;
  job.crashes = entry.crashes;
  job.setAside = entry.setAside() && !entry.owned;
  try {
    JobOrder order = orderFromJson(entry.request, {});
    job.submitted = order.submitted;
    job.pictures = order.request.batchSize * order.request.batchCount;
    job.request = std::move(order.request);
  } catch (const EngineException&) {
    job.readable = false;
    return job;
  }
  if (const auto checkpoint = checkpointSummary(entry.checkpointStart)) {
    job.picturesDone = std::min(checkpoint->picturesDone, job.pictures);
    // A batch whose pictures are all there has nothing left to do.
    const bool atWork = checkpoint->batch * job.request.batchSize + job.request.batchSize > job.picturesDone;
    job.step = atWork ? checkpoint->step : 0;
    job.steps = checkpoint->of;
    job.memoryWasShort = checkpoint->memoryWasShort && job.crashes > 0;
    job.phase = atWork ? checkpoint->phase : Phase::Denoise;
  }
  return job;
}

}  // namespace

LocalUnfinishedJobs::LocalUnfinishedJobs(const std::filesystem::path& stateFolder) {
  if (!stateFolder.empty()) store_.emplace(stateFolder);
}

std::vector<UnfinishedJob> LocalUnfinishedJobs::list() const {
  std::vector<UnfinishedJob> jobs;
  if (!store_) return jobs;
  for (const JobEntry& entry : store_->list()) jobs.push_back(unfinishedJob(entry));
  return jobs;
}

std::optional<EngineError> LocalUnfinishedJobs::discard(const std::string& id) const {
  if (!store_) return makeError(ErrorKind::MissingFile, sentence("There is no unfinished job \"%1\".", id));
  try {
    store_->claim(id).remove();
    return std::nullopt;
  } catch (const EngineException& failure) {
    return failure.error();
  }
}

}  // namespace studio::engine
