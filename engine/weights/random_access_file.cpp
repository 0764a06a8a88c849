#include "engine/weights/random_access_file.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace studio::engine {

struct RandomAccessFile::Handle {
  explicit Handle(int descriptor) : fd(descriptor) {}
  ~Handle() { ::close(fd); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  const int fd;
};

RandomAccessFile::RandomAccessFile(std::filesystem::path path) : path_(std::move(path)) {
  const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    throw EngineException(ErrorKind::MissingFile,
                          sentence("The file could not be opened: %1.", utf8FromPath(path_.filename())),
                          utf8FromPath(path_) + ": " + std::strerror(errno));
  }
  handle_ = std::make_shared<Handle>(fd);
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    throw EngineException(ErrorKind::BadFile, sentence("This is not a file: %1.", utf8FromPath(path_.filename())),
                          utf8FromPath(path_));
  }
  bytes_ = static_cast<std::uint64_t>(status.st_size);
}

void RandomAccessFile::read(std::uint64_t offset, std::span<std::byte> to) const {
  while (!to.empty()) {
    const ssize_t count =
        ::pread(handle_->fd, to.data(), std::min<std::size_t>(to.size(), 1U << 30), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      throw EngineException(ErrorKind::BadFile,
                            "The file could not be read to the end; it may have been changed or unplugged.",
                            utf8FromPath(path_) + (count < 0 ? std::string(": ") + std::strerror(errno) : ""));
    }
    to = to.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

std::string RandomAccessFile::readText(std::uint64_t offset, std::size_t count) const {
  std::string text(count, '\0');
  read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

}  // namespace studio::engine
