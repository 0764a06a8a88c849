#include "engine/runtime/replaced_file.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace studio::engine {
namespace {

[[noreturn]] void throwNotKept(const std::filesystem::path& path, int reason) {
  const char* pattern = reason == ENOSPC || reason == EDQUOT
                            ? "The disk is full: the state of the job could not be kept in \"%1\"."
                            : "The state of the job could not be kept in \"%1\".";
  throw EngineException(ErrorKind::CannotWrite, sentence(pattern, utf8FromPath(path.parent_path())),
                        utf8FromPath(path) + ": " + std::strerror(reason));
}

/// Closed when it leaves the scope.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// 0, or why it failed.
int writeWhole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

int writeTemporary(const std::filesystem::path& path, std::string_view bytes, Durability durability) {
  ::unlink(path.c_str());  // left over from a process that was killed
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file.get() < 0) return errno;
  if (const int reason = writeWhole(file.get(), bytes); reason != 0) return reason;
  return durability == Durability::OfPowerCut && ::fsync(file.get()) != 0 ? errno : 0;
}

void syncFolderOf(const std::filesystem::path& path) {
  const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());  // not every file system can
}

}  // namespace

void replaceFile(const std::filesystem::path& path, std::string_view bytes, Durability durability) {
  std::filesystem::path temporary = path;
  temporary += ".part";
  int reason = writeTemporary(temporary, bytes, durability);
  if (reason == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) reason = errno;
  if (reason != 0) {
    ::unlink(temporary.c_str());
    throwNotKept(path, reason);
  }
  if (durability == Durability::OfPowerCut) syncFolderOf(path);
}

std::optional<std::string> readFileWithin(const std::filesystem::path& path, std::size_t most, std::size_t largest) {
  // Not to wait for a pipe's other end.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  if (static_cast<std::uint64_t>(status.st_size) > largest) return std::nullopt;
  std::string bytes(std::min(static_cast<std::size_t>(status.st_size), most), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;  // it became shorter meanwhile
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace studio::engine
