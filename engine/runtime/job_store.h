#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// What is kept of a job: the order, what was resolved for it, and where it is.
enum class JobFile { Request, Plan, Checkpoint };

/// How often a job may end the process before it is set aside.
inline constexpr int kMostCrashes = 2;

/// A job's folder, owned by this process: others see that its owner lives and leave it alone. Letting go leaves the
/// folder for a later process. Used by one thread at a time.
class JobFolder {
 public:
  JobFolder(JobFolder&& other) noexcept;
  JobFolder& operator=(JobFolder&&) = delete;
  ~JobFolder();

  const std::string& id() const { return id_; }

  /// Replaces the file whole or not at all and syncs it. Throws EngineException(CannotWrite).
  void write(JobFile file, std::string_view bytes);
  /// Nothing when it is not there or is larger than such a file can be.
  std::optional<std::string> read(JobFile file) const;

  /// The job is about to run: it counts as a crash until rest(). Throws EngineException(CannotWrite).
  void begin();
  /// It came to rest in good order and may go on later.
  void rest();
  /// Takes the job away.
  void remove();

 private:
  friend class JobStore;
  JobFolder(std::filesystem::path folder, std::string id, int lock);

  std::filesystem::path folder_;
  std::string id_;
  int lock_ = -1;  ///< descriptor; the system unlocks it when the process ends, however it ends
};

/// A job that is not finished, as others see it.
struct JobEntry {
  std::string id;
  std::string request;          ///< bytes of the file
  std::string checkpointStart;  ///< its first bytes, at most kCheckpointStart; may be empty
  int crashes = 0;              ///< how often it ended its process
  bool owned = false;           ///< by a process that lives
  bool setAside() const { return crashes >= kMostCrashes; }
};

inline constexpr std::size_t kCheckpointStart = 64U << 10;

/// The folders of jobs, `<state>/jobs/<id>/{request.json, plan.json, checkpoint}`: a job's truth. It knows nothing of
/// what is in the files. The store itself is only a path, so any number of them may look at one folder, in several
/// processes.
class JobStore {
 public:
  /// `state` need not be there.
  explicit JobStore(const std::filesystem::path& state);

  /// A new job, which is on disk when this returns. Ids sort by time. Throws EngineException(CannotWrite).
  JobFolder create(std::string_view request) const;

  /// Takes a job over. Throws EngineException: MissingFile when there is none of this id, BadRequest when its owner
  /// lives.
  JobFolder claim(const std::string& id) const;

  /// Oldest first.
  std::vector<JobEntry> list() const;

  /// Removes what jobs left that were removed half: folders of some age without a request or an owner.
  void sweep() const;

 private:
  std::filesystem::path jobs_;
};

}  // namespace studio::engine
