#pragma once

#include "engine/api/engine_error.h"

namespace studio::app {

/// What `studio <command>` ends with; written down in its --help.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,  ///< anything not listed below
  kBadArguments = 2,
  kBadInputFile = 3,
  kOutOfMemory = 4,
  kCancelled = 5,
};

constexpr ExitCode exitCodeOf(engine::ErrorKind kind) {
  using engine::ErrorKind;
  switch (kind) {
    case ErrorKind::BadRequest:
      return kBadArguments;
    case ErrorKind::BadFile:
    case ErrorKind::MissingFile:
    case ErrorKind::MissingPart:
    case ErrorKind::WrongFamily:
      return kBadInputFile;
    case ErrorKind::OutOfMemory:
      return kOutOfMemory;
    case ErrorKind::CannotWrite:
    case ErrorKind::Device:
    case ErrorKind::Internal:
      return kFailed;
  }
  return kFailed;
}

}  // namespace studio::app
