#pragma once

#include "engine/api/unfinished_jobs.h"
#include "engine/runtime/job_store.h"

namespace studio::engine {

/// Reads the folders of a job store.
class LocalUnfinishedJobs final : public UnfinishedJobs {
 public:
  explicit LocalUnfinishedJobs(const std::filesystem::path& stateFolder);

  std::vector<UnfinishedJob> list() const override;
  std::optional<EngineError> discard(const std::string& id) const override;

 private:
  std::optional<JobStore> store_;  ///< none without a state folder
};

}  // namespace studio::engine
