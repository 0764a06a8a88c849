#include "engine/runtime/job_record.h"

#include <atomic>
#include <exception>
#include <utility>

namespace studio::engine {
namespace {

/// Keys of the writer's line; 0 is none.
std::uint64_t nextKey() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

/// What the writer's thread works with; goes with the last write.
struct JobRecord::Shared {
  std::optional<JobFolder> folder;  ///< the writer's thread only, after construction
  std::mutex mutex;                 ///< of all below
  std::string id;
  std::optional<EngineError> problem;
  bool told = false;

  void hold(JobFolder made) {
    const std::lock_guard lock(mutex);
    id = made.id();
    folder.emplace(std::move(made));
  }

  void note(EngineError error) {
    const std::lock_guard lock(mutex);
    if (!std::exchange(told, true)) problem = std::move(error);
  }

  /// Runs `work(folder)` when there is a folder and keeps what goes wrong.
  template <class Work>
  void attempt(const Work& work) noexcept {
    try {
      if (folder) work(*folder);
    } catch (const EngineException& failure) {
      note(failure.error());
    } catch (const std::exception& failure) {
      note({ErrorKind::CannotWrite, "The state of the job could not be kept.", failure.what()});
    }
  }
};

template <class Work>
void JobRecord::post(Work work) {
  writer_.post([shared = shared_, work = std::move(work)] { shared->attempt(work); });
}

JobRecord::JobRecord(WriterThread& writer, const JobStore& store, std::string request)
    : writer_(writer), checkpointKey_(nextKey()), shared_(std::make_shared<Shared>()) {
  writer_.post([shared = shared_, store, request = std::move(request)] {
    try {
      shared->hold(store.create(request));
    } catch (const EngineException& failure) {
      shared->note(failure.error());
    } catch (const std::exception& failure) {
      shared->note({ErrorKind::CannotWrite, "The state of the job could not be kept.", failure.what()});
    }
  });
}

JobRecord::JobRecord(WriterThread& writer, JobFolder folder)
    : writer_(writer), checkpointKey_(nextKey()), shared_(std::make_shared<Shared>()) {
  shared_->hold(std::move(folder));
}

JobRecord::~JobRecord() = default;

void JobRecord::begin() {
  post([](JobFolder& folder) { folder.begin(); });
}

void JobRecord::keepRequest(std::string bytes) { keep(JobFile::Request, std::move(bytes)); }

void JobRecord::keepPlan(std::string bytes) { keep(JobFile::Plan, std::move(bytes)); }

void JobRecord::keep(JobFile file, std::string bytes) {
  post([file, bytes = std::move(bytes)](JobFolder& folder) { folder.write(file, bytes); });
}

void JobRecord::keepCheckpoint(std::function<std::string()> bytes) {
  writer_.postNewest(checkpointKey_, [shared = shared_, bytes = std::move(bytes)] {
    shared->attempt([&bytes](JobFolder& folder) { folder.write(JobFile::Checkpoint, bytes()); });
  });
}

void JobRecord::end(JobEnd how) {
  writer_.post([shared = shared_, how] {
    shared->attempt([how](JobFolder& folder) {
      if (how == JobEnd::Done) folder.remove();
      if (how == JobEnd::Rested) folder.rest();
    });
    shared->folder.reset();
  });
}

void JobRecord::flush() { writer_.flush(); }

std::string JobRecord::id() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->id;
}

std::optional<EngineError> JobRecord::takeProblem() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->problem, std::nullopt);
}

}  // namespace studio::engine
