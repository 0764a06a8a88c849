#pragma once

#include "engine/api/sentence.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace studio::engine {

/// What sort of failure it is: decides the exit code, the panel shown and what may be tried next.
enum class ErrorKind {
  BadRequest,   ///< a value of the request is outside what the model or the studio can do
  BadFile,      ///< an input file is broken, truncated or of another kind than needed
  MissingFile,  ///< an input file is not there or may not be read
  MissingPart,  ///< the model lacks a part that this job uses (VAE, text encoder)
  WrongFamily,  ///< a file belongs to a model family that cannot be used here
  OutOfMemory,  ///< device or host memory ran out
  CannotWrite,  ///< the result could not be put on disk (permission, space)
  Device,       ///< the device refused or is not usable
  Internal,     ///< our own mistake
};

/// What is behind a failure of a device, where that is known: decides what is advised.
enum class Diagnosis {
  None,
  DeviceMismatch,  ///< parts of one computation lay on different devices
  DriverMissing,   ///< no graphics driver answers
  DriverTooOld,    ///< the graphics driver is older than this version of the program needs
  NoKernelImage,   ///< this version of the program has no code for the GPU
  DeviceFailed,    ///< the GPU stopped in the middle of its work
};

/// Stable word for `--json` ("driver_too_old"); empty for None.
const char* diagnosisName(Diagnosis diagnosis);

struct MemoryReport;

/// A detail that can be shown: names in files may be megabytes long, of which the beginning and the end are kept.
std::string shortDetail(std::string detail);

/// A failure as a value. `message` is one English sentence for people; `detail` holds names and numbers.
struct EngineError {
  ErrorKind kind = ErrorKind::Internal;
  std::string message;
  std::string detail;
  Sentence wording = {message, {}};                      ///< `message` as translators know it
  std::shared_ptr<const MemoryReport> memory = nullptr;  ///< of OutOfMemory, where it is known who held what
  Diagnosis diagnosis = Diagnosis::None;
};

inline EngineError makeError(ErrorKind kind, Sentence wording, std::string detail = {}) {
  return {kind, wording.text(), shortDetail(std::move(detail)), wording};
}

/// Stable word for logs and `--json` ("out_of_memory").
const char* errorKindName(ErrorKind kind);

/// Thrown inside the engine only; its face turns it into a value.
class EngineException : public std::runtime_error {
 public:
  EngineException(ErrorKind kind, std::string message, std::string detail = {})
      : std::runtime_error(message), error_{kind, std::move(message), shortDetail(std::move(detail))} {}
  EngineException(ErrorKind kind, const Sentence& wording, std::string detail = {})
      : std::runtime_error(wording.text()), error_(makeError(kind, wording, std::move(detail))) {}
  explicit EngineException(EngineError error) : std::runtime_error(error.message), error_(std::move(error)) {}
  const EngineError& error() const { return error_; }

 private:
  EngineError error_;
};

/// Either a value or the reason why there is none.
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(EngineError error) : state_(std::move(error)) {}
  explicit operator bool() const { return state_.index() == 0; }
  const T& value() const { return std::get<0>(state_); }
  T& value() { return std::get<0>(state_); }
  const EngineError& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, EngineError> state_;
};

}  // namespace studio::engine
