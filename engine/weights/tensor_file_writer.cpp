#include "engine/weights/tensor_file_writer.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

[[noreturn]] void cannotWrite(const std::filesystem::path& path, int reason) {
  const char* pattern = "The file \"%1\" could not be written.";
  if (reason == ENOSPC || reason == EDQUOT)
    pattern = "The disk is full: the file \"%1\" could not be written.";
  else if (reason == EFBIG)
    pattern = "The file \"%1\" is larger than a file may be there.";
  else if (reason == EEXIST)
    pattern = "There is already a file \"%1\".";
  else if (reason == EACCES || reason == EPERM || reason == EROFS)
    pattern = "The folder of \"%1\" may not be written to.";
  else if (reason == ENOENT || reason == ENOTDIR)
    pattern = "The folder of \"%1\" is not there.";
  throw EngineException(ErrorKind::CannotWrite, sentence(pattern, utf8FromPath(path)), std::strerror(reason));
}

}  // namespace

TensorFileWriter::TensorFileWriter(const std::filesystem::path& target, FileFormat format, FileContents contents)
    : target_(target), contents_(std::move(contents)) {
  const std::string header =
      format == FileFormat::Gguf ? ggufHeaderBytes(contents_) : safetensorsHeaderBytes(contents_);
  std::uint64_t end = header.size();
  for (const auto& entry : tensors()) end = std::max(end, entry.second.offset + entry.second.bytes);
  checkRoom(end);
  temporary_ = target;
  temporary_ += ".part-" + std::to_string(::getpid());
  ::unlink(temporary_.c_str());  // left over from a process of the same number that was killed
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) cannotWrite(target_, errno);
  try {
    put(0, std::as_bytes(std::span(header)));
    // Alignment behind the last tensor and empty tensors at the end are part of the file.
    if (::ftruncate(descriptor_, static_cast<off_t>(end)) != 0) cannotWrite(target_, errno);
  } catch (...) {
    abandon();
    throw;
  }
}

TensorFileWriter::~TensorFileWriter() { abandon(); }

void TensorFileWriter::abandon() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void TensorFileWriter::checkRoom(std::uint64_t bytes) const {
  std::error_code failed;
  const std::filesystem::path folder = target_.parent_path().empty() ? "." : target_.parent_path();
  const auto space = std::filesystem::space(folder, failed);
  if (failed) cannotWrite(target_, failed.value());
  if (space.available < bytes) cannotWrite(target_, ENOSPC);
}

void TensorFileWriter::put(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data(), std::min<std::size_t>(bytes.size(), 1U << 30), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) cannotWrite(target_, count < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void TensorFileWriter::write(const std::string& key, std::span<const std::byte> bytes) {
  const TensorInfo& info = tensors().at(key);
  if (bytes.size() != info.bytes)
    throw EngineException(ErrorKind::Internal, "A tensor was written with another size than planned.", key);
  put(info.offset, bytes);
}

void TensorFileWriter::sync() {
  if (::fsync(descriptor_) != 0) cannotWrite(target_, errno);
}

void TensorFileWriter::finish(bool replace) {
  sync();
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) cannotWrite(target_, errno);
  int failed = replace ? ::rename(temporary_.c_str(), target_.c_str())
                       : ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
  // File systems that cannot refuse to replace: the name was free a moment ago, the link makes sure.
  if (failed != 0 && !replace && errno != EEXIST) failed = ::link(temporary_.c_str(), target_.c_str());
  if (failed != 0) cannotWrite(target_, errno);
  ::unlink(temporary_.c_str());
  temporary_.clear();
}

}  // namespace studio::engine
