#include "engine/runtime/job_store.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/runtime/replaced_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kMostJobs = 10'000;
constexpr std::size_t kLargestRequest = 4U << 20;
constexpr std::size_t kLargestPlan = 4U << 20;
constexpr std::size_t kLargestCheckpoint = std::size_t{1} << 30;  ///< 64 pictures of 2048² with a long history
constexpr std::size_t kLargestCount = 16;
constexpr std::time_t kLeftoverAge = 3600;  ///< seconds
constexpr int kMostCrashesCounted = 1'000'000;
constexpr const char* kOwnerFile = "owner";
constexpr const char* kCrashesFile = "crashes";

struct FileRule {
  const char* name;
  std::size_t largest;
};

FileRule ruleOf(JobFile file) {
  switch (file) {
    case JobFile::Request:
      return {"request.json", kLargestRequest};
    case JobFile::Plan:
      return {"plan.json", kLargestPlan};
    case JobFile::Checkpoint:
      return {"checkpoint", kLargestCheckpoint};
  }
  return {"request.json", kLargestRequest};
}

/// Ids are names of folders: nothing in them leads elsewhere.
bool isId(const std::string& id) {
  return !id.empty() && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

/// "20261121-153042-123456": UTC to the microsecond, so that ids sort by time.
std::string newId() {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  std::tm parts{};
  ::gmtime_r(&now.tv_sec, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S-", &parts);
  const std::string fraction = std::to_string(now.tv_nsec / 1000);
  return std::string(text.data(), length) + std::string(6 - fraction.size(), '0') + fraction;
}

[[noreturn]] void throwCannotKeep(const std::filesystem::path& folder, int reason) {
  throw EngineException(ErrorKind::CannotWrite,
                        sentence("The state of the job could not be kept in \"%1\".", utf8FromPath(folder)),
                        std::strerror(reason));
}

enum class Lock { Ours, Another, NotPossible };

Lock lockOf(int descriptor) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return Lock::Ours;
  return errno == EWOULDBLOCK ? Lock::Another : Lock::NotPossible;
}

/// The lock's descriptor, or -1 when a living process has it. Where the file system knows no locks nobody is seen.
int lockFolder(const std::filesystem::path& folder) {
  const int file =
      ::open((folder / kOwnerFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
  if (file < 0) throwCannotKeep(folder, errno);
  if (lockOf(file) != Lock::Another) return file;
  ::close(file);
  return -1;
}

bool isOwned(const std::filesystem::path& folder) {
  const int file = ::open((folder / kOwnerFile).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return false;
  const bool owned = lockOf(file) == Lock::Another;
  ::close(file);
  return owned;
}

int crashesIn(const std::filesystem::path& folder) {
  const auto text = readFileWithin(folder / kCrashesFile, kLargestCount, kLargestCount);
  int count = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), count);
  return std::clamp(count, 0, kMostCrashesCounted);
}

/// Of no moment to a power cut: what is counted are crashes of the process.
void writeCrashes(const std::filesystem::path& folder, int count) {
  replaceFile(folder / kCrashesFile, std::to_string(count), Durability::OfProcess);
}

std::vector<std::string> idsIn(const std::filesystem::path& jobs) {
  std::vector<std::string> ids;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(jobs, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unknown;
    std::string name = entry->path().filename().string();
    if (isId(name) && entry->symlink_status(unknown).type() == std::filesystem::file_type::directory)
      ids.push_back(std::move(name));
    if (ids.size() >= kMostJobs) break;
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

bool isLeftover(const std::filesystem::path& folder) {
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0 || std::time(nullptr) - status.st_mtime < kLeftoverAge) return false;
  std::error_code unknown;
  return !std::filesystem::exists(folder / ruleOf(JobFile::Request).name, unknown) && !unknown && !isOwned(folder);
}

}  // namespace

JobFolder::JobFolder(std::filesystem::path folder, std::string id, int lock)
    : folder_(std::move(folder)), id_(std::move(id)), lock_(lock) {}

JobFolder::JobFolder(JobFolder&& other) noexcept
    : folder_(std::move(other.folder_)), id_(std::move(other.id_)), lock_(std::exchange(other.lock_, -1)) {}

JobFolder::~JobFolder() {
  if (lock_ >= 0) ::close(lock_);
}

void JobFolder::write(JobFile file, std::string_view bytes) {
  replaceFile(folder_ / ruleOf(file).name, bytes, Durability::OfPowerCut);
}

std::optional<std::string> JobFolder::read(JobFile file) const {
  const FileRule rule = ruleOf(file);
  return readFileWithin(folder_ / rule.name, rule.largest, rule.largest);
}

void JobFolder::begin() { writeCrashes(folder_, crashesIn(folder_) + 1); }

void JobFolder::rest() { writeCrashes(folder_, std::max(0, crashesIn(folder_) - 1)); }

/// Without its request it is no job any more, whatever may stay after that.
void JobFolder::remove() {
  ::unlink((folder_ / ruleOf(JobFile::Request).name).c_str());
  std::error_code failed;
  std::filesystem::remove_all(folder_, failed);
}

JobStore::JobStore(const std::filesystem::path& state) : jobs_(state / "jobs") {}

JobFolder JobStore::create(std::string_view request) const {
  std::error_code failed;
  std::filesystem::create_directories(jobs_.parent_path(), failed);
  ::mkdir(jobs_.c_str(), S_IRWXU);  // prompts are nobody else's business
  std::string id = newId();
  while (::mkdir((jobs_ / id).c_str(), S_IRWXU) != 0) {
    if (errno != EEXIST) throwCannotKeep(jobs_, errno);
    id = newId();
  }
  const std::filesystem::path path = jobs_ / id;
  JobFolder folder(path, std::move(id), lockFolder(path));
  try {
    folder.write(JobFile::Request, request);
  } catch (...) {
    folder.remove();
    throw;
  }
  return folder;
}

JobFolder JobStore::claim(const std::string& id) const {
  const auto missing = [&id] {
    return EngineException(ErrorKind::MissingFile, sentence("There is no unfinished job \"%1\".", id));
  };
  std::error_code unknown;
  const std::filesystem::path path = jobs_ / id;
  if (!isId(id) || !std::filesystem::is_directory(std::filesystem::symlink_status(path, unknown))) throw missing();
  JobFolder folder(path, id, lockFolder(path));
  if (folder.lock_ < 0)
    throw EngineException(ErrorKind::BadRequest, sentence("Another studio is at the job \"%1\".", id));
  // Its owner may have finished it just now.
  if (!folder.read(JobFile::Request)) throw missing();
  return folder;
}

std::vector<JobEntry> JobStore::list() const {
  std::vector<JobEntry> entries;
  for (std::string& id : idsIn(jobs_)) {
    const std::filesystem::path folder = jobs_ / id;
    auto request = readFileWithin(folder / ruleOf(JobFile::Request).name, kLargestRequest, kLargestRequest);
    if (!request) continue;
    JobEntry entry{std::move(id), std::move(*request), {}, crashesIn(folder), isOwned(folder)};
    if (entry.owned && entry.crashes > 0) --entry.crashes;  // the attempt that runs has not crashed
    entry.checkpointStart =
        readFileWithin(folder / ruleOf(JobFile::Checkpoint).name, kCheckpointStart, kLargestCheckpoint).value_or("");
    entries.push_back(std::move(entry));
  }
  return entries;
}

void JobStore::sweep() const {
  for (const std::string& id : idsIn(jobs_)) {
    std::error_code failed;
    if (isLeftover(jobs_ / id)) std::filesystem::remove_all(jobs_ / id, failed);
  }
}

}  // namespace studio::engine
