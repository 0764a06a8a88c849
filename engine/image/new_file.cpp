#include "engine/image/new_file.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace studio::engine {
namespace {

constexpr int kMostSuffixes = 100000;

std::string folderName(const std::filesystem::path& path) {
  return utf8FromPath(path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path());
}

bool isFolder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

/// What the system's refusal means for people.
[[noreturn]] void throwCannotWrite(const std::filesystem::path& path, int reason) {
  const char* pattern = "The picture could not be written into the folder \"%1\".";
  if (reason == ENOSPC || reason == EDQUOT) {
    pattern =
        "The disk is full: the picture could not be written into the folder \"%1\". Free some space or choose another "
        "folder.";
  } else if (reason == EACCES || reason == EPERM || reason == EROFS ||
             (reason == ENOENT && isFolder(path.parent_path()))) {
    pattern = "The folder \"%1\" may not be written to. Choose another folder or change its permissions.";
  } else if (reason == ENOTDIR || reason == ENOENT || reason == EEXIST) {
    pattern = "The folder \"%1\" is not there and cannot be made.";
  } else if (reason == EFBIG) {
    pattern = "The picture is larger than a file may be in the folder \"%1\".";
  } else if (reason == ENAMETOOLONG) {
    pattern = "The file name of the picture is too long for the folder \"%1\".";
  }
  throw EngineException(ErrorKind::CannotWrite, sentence(pattern, folderName(path)),
                        utf8FromPath(path) + ": " + std::strerror(reason));
}

void writeAndSync(int descriptor, ByteSpan bytes, const std::filesystem::path& target) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throwCannotWrite(target, count < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  if (::fsync(descriptor) != 0) throwCannotWrite(target, errno);
}

/// A file without any name yet, of which nothing stays when the process is killed. Not every file system can.
class NamelessFile {
 public:
  explicit NamelessFile(const std::filesystem::path& target)
      : descriptor_(::open(folderName(target).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666)) {}
  ~NamelessFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;

  explicit operator bool() const { return descriptor_ >= 0; }
  void write(ByteSpan bytes, const std::filesystem::path& target) const { writeAndSync(descriptor_, bytes, target); }
  /// 0, EEXIST when the name is taken, or why it failed.
  int giveName(const std::filesystem::path& to) const {
    const std::string self = "/proc/self/fd/" + std::to_string(descriptor_);
    return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
  }

 private:
  int descriptor_;
};

/// A file under a temporary name; removed again unless it has been renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target) {
    static std::atomic<unsigned> counter{0};
    const std::string unique = std::to_string(::getpid()) + "-" + std::to_string(counter++);
    path_ = target.parent_path() / (".kiln-" + unique + ".part");
    ::unlink(path_.c_str());  // left over from a process of the same number that was killed
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throwCannotWrite(target, errno);
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    ::unlink(path_.c_str());  // does nothing after a rename
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(ByteSpan bytes, const std::filesystem::path& target) {
    writeAndSync(descriptor_, bytes, target);
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) throwCannotWrite(target, errno);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// For file systems that know neither a rename that refuses to replace nor hard links (FAT): reserve the name with an
/// empty file of our own, then rename over that.
int renameOverReserved(const std::filesystem::path& from, const std::filesystem::path& to) {
  const int reserved = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (reserved < 0) return errno;
  ::close(reserved);
  if (::rename(from.c_str(), to.c_str()) == 0) return 0;
  const int reason = errno;
  ::unlink(to.c_str());
  return reason;
}

/// 0, EEXIST when the name is taken, or why it failed.
int renameToFreeName(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno == EEXIST) return EEXIST;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return errno;
  if (::link(from.c_str(), to.c_str()) == 0) return 0;
  if (errno == EEXIST) return EEXIST;
  return renameOverReserved(from, to);
}

void syncFolder(const std::filesystem::path& path) {
  const int folder = ::open(folderName(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);  // not every file system can; the picture itself is synced
  ::close(folder);
}

std::filesystem::path withSuffix(const std::filesystem::path& path, int number) {
  if (number == 0) return path;
  std::filesystem::path changed = path;
  changed.replace_filename(utf8FromPath(path.stem()) + "-" + std::to_string(number));
  changed += path.extension();
  return changed;
}

/// The first free name that `giveName` can give; empty when it fails for another reason than that names are taken,
/// which is then in `reason`.
template <class GiveName>
std::filesystem::path takeFreeName(const std::filesystem::path& path, const GiveName& giveName, int& reason) {
  for (int number = 0; number < kMostSuffixes; ++number) {
    std::filesystem::path candidate = withSuffix(path, number);
    reason = giveName(candidate);
    if (reason == 0) return candidate;
    if (reason != EEXIST) break;
  }
  return {};
}

/// Empty where the file system cannot.
std::filesystem::path writeNameless(const std::filesystem::path& path, ByteSpan bytes) {
  const NamelessFile file(path);
  if (!file) return {};
  file.write(bytes, path);
  int reason = 0;
  return takeFreeName(
      path, [&file](const auto& name) { return file.giveName(name); }, reason);
}

std::filesystem::path writeUnderTemporaryName(const std::filesystem::path& path, ByteSpan bytes) {
  TemporaryFile file(path);
  file.write(bytes, path);
  int reason = 0;
  auto written = takeFreeName(
      path, [&file](const auto& name) { return renameToFreeName(file.path(), name); }, reason);
  if (written.empty()) throwCannotWrite(path, reason);
  return written;
}

}  // namespace

std::filesystem::path writeNewFile(const std::filesystem::path& path, ByteSpan bytes) {
  if (!path.parent_path().empty()) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (failed && !isFolder(path.parent_path())) throwCannotWrite(path, failed.value());
  }
  std::filesystem::path written = writeNameless(path, bytes);
  if (written.empty()) written = writeUnderTemporaryName(path, bytes);
  syncFolder(written);
  return written;
}

}  // namespace studio::engine
