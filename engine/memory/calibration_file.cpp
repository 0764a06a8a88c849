#include "engine/memory/calibration_file.h"

#include "engine/api/engine_error.h"
#include "engine/runtime/replaced_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace studio::engine {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

/// Held while a process adds to the file. Where the file system knows no locks there is none.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder)
      : descriptor_(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                           S_IRUSR | S_IWUSR)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
  }
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace

CalibrationFile::CalibrationFile(const std::filesystem::path& cacheFolder) : cacheFolder_(cacheFolder) {}

std::filesystem::path CalibrationFile::path() const { return cacheFolder_ / "measurements" / "table.txt"; }

const CalibrationTable& CalibrationFile::table() {
  if (cacheFolder_.empty()) return table_;
  std::error_code failed;
  const auto written = std::filesystem::last_write_time(path(), failed);
  if (failed) {
    table_ = {};
    read_ = {};
  } else if (written != read_) {
    const auto text = readFileWithin(path(), kLargestFile, kLargestFile);
    table_ = (text ? CalibrationTable::fromText(*text) : std::nullopt).value_or(CalibrationTable());
    read_ = written;
  }
  return table_;
}

void CalibrationFile::add(const std::vector<std::pair<CalibrationKey, Measurement>>& measurements) {
  if (measurements.empty()) return;
  const auto addTo = [&measurements](CalibrationTable& table) {
    for (const auto& [key, measurement] : measurements) table.add(key, measurement);
  };
  if (cacheFolder_.empty()) return addTo(table_);
  std::error_code failed;
  std::filesystem::create_directories(path().parent_path(), failed);
  const FolderLock lock(path().parent_path());
  read_ = {};  // another process may have written within the clock's resolution
  CalibrationTable now = table();
  addTo(now);
  try {
    replaceFile(path(), now.text(), Durability::OfProcess);
  } catch (const EngineException&) {  // no place for it: the next measurement tries again
  }
  read_ = {};
}

}  // namespace studio::engine
