#include "engine/image/byte_source.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace studio::engine {

ByteVector ByteSource::readVector(std::uint64_t offset, std::size_t count) const {
  if (offset >= size()) return {};
  ByteVector bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, size() - offset)));
  bytes.resize(read(offset, bytes));
  return bytes;
}

std::size_t MemorySource::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset >= bytes_.size()) return 0;
  const std::size_t count = std::min(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
  return count;
}

FileSource::FileSource(const std::filesystem::path& path) {
  const std::string name = utf8FromPath(path.filename());
  // Non-blocking, so that a named pipe in the way does not hang us.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) {
    throw EngineException(ErrorKind::MissingFile, sentence("The file %1 cannot be opened.", name),
                          utf8FromPath(path) + ": " + std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw EngineException(ErrorKind::BadFile, sentence("%1 is not a file with a picture.", name), utf8FromPath(path));
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

FileSource::~FileSource() { ::close(descriptor_); }

std::size_t FileSource::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset >= size_) return 0;
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::pread(descriptor_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace studio::engine
