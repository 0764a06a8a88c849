#include "engine/api/engine_error.h"

namespace studio::engine {

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

}  // namespace studio::engine
