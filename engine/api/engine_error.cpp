#include "engine/api/engine_error.h"

#include <cstddef>
#include <string>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::size_t kShownStart = 200, kShownEnd = 60;  // bytes

bool isInsideCharacter(const std::string& text, std::size_t at) {
  return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

std::string shortDetail(std::string detail) {
  if (detail.size() <= kShownStart + kShownEnd) return detail;
  std::size_t start = kShownStart, end = detail.size() - kShownEnd;
  while (start > 0 && isInsideCharacter(detail, start)) --start;
  while (end < detail.size() && isInsideCharacter(detail, end)) ++end;
  return detail.replace(start, end - start, "…");
}

const char* errorKindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::BadRequest:
      return "bad_request";
    case ErrorKind::BadFile:
      return "bad_file";
    case ErrorKind::MissingFile:
      return "missing_file";
    case ErrorKind::MissingPart:
      return "missing_part";
    case ErrorKind::WrongFamily:
      return "wrong_family";
    case ErrorKind::OutOfMemory:
      return "out_of_memory";
    case ErrorKind::CannotWrite:
      return "cannot_write";
    case ErrorKind::Device:
      return "device";
    case ErrorKind::Internal:
      return "internal";
  }
  return "internal";
}

const char* diagnosisName(Diagnosis diagnosis) {
  switch (diagnosis) {
    case Diagnosis::None:
      return "";
    case Diagnosis::DeviceMismatch:
      return "device_mismatch";
    case Diagnosis::DriverMissing:
      return "driver_missing";
    case Diagnosis::DriverTooOld:
      return "driver_too_old";
    case Diagnosis::NoKernelImage:
      return "no_kernel_image";
    case Diagnosis::DeviceFailed:
      return "device_failed";
  }
  return "";
}

}  // namespace studio::engine
