#include "engine/pipeline/error_translation.h"

#include "engine/api/request_fields.h"
#include "engine/memory/main_memory_full.h"
#include "engine/pipeline/device_diagnosis.h"

#include <c10/util/Exception.h>

#include <array>
#include <exception>
#include <new>
#include <string>
#include <vector>

namespace studio::engine {
namespace {

constexpr const char* kOutOfMemory = "Memory ran out. A smaller size or batch, or closing other programs makes it fit.";

constexpr const char* kMainMemoryFull =
    "Main memory is full; the system would have ended the studio. Closing other programs or a smaller size makes it "
    "fit.";

/// What a library says of a failure that has no type of its own.
EngineError fromWords(const std::string& words) {
  if (tellsOfExhaustion(words)) return makeError(ErrorKind::OutOfMemory, sentence(kOutOfMemory), words);
  const Diagnosis diagnosis = diagnosisOf(words);
  EngineError error =
      makeError(diagnosis == Diagnosis::None ? ErrorKind::Internal : ErrorKind::Device, adviceOf(diagnosis), words);
  error.diagnosis = diagnosis;
  return error;
}

EngineError translated() {
  try {
    throw;
  } catch (const EngineException& error) {
    return error.error();
  } catch (const MainMemoryFull& error) {
    return {ErrorKind::OutOfMemory, kMainMemoryFull, error.what_without_backtrace()};
  } catch (const c10::OutOfMemoryError& error) {
    return makeError(ErrorKind::OutOfMemory, sentence(kOutOfMemory), error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return {ErrorKind::OutOfMemory, kOutOfMemory, "host memory"};
  } catch (const c10::Error& error) {
    return fromWords(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return fromWords(error.what());
  } catch (...) {
    return fromWords({});
  }
}

}  // namespace

EngineError translateCurrentException() noexcept {
  try {
    return translated();
  } catch (...) {
    EngineError error;
    error.kind = ErrorKind::OutOfMemory;
    error.message = error.wording.pattern = "Memory is full.";  // short enough to need none itself
    return error;
  }
}

EngineError outOfMemory(const Circumstances& now, const std::string& detail) {
  std::vector<std::string> helps;
  if (now.size.width > kSmallestSide || now.size.height > kSmallestSide) helps.emplace_back("a smaller size");
  if (now.batchSize > 1) helps.emplace_back("a smaller batch");
  if (now.precision == Precision::Float32) helps.emplace_back("bf16 precision");
  helps.emplace_back(now.ownLimit ? "a larger memory budget" : "closing other programs");
  static constexpr std::array<const char*, 4> kPatterns{
      "Memory ran out. What may help: %1.", "Memory ran out. What may help: %1 or %2.",
      "Memory ran out. What may help: %1, %2 or %3.", "Memory ran out. What may help: %1, %2, %3 or %4."};
  return makeError(ErrorKind::OutOfMemory, {kPatterns[helps.size() - 1], helps}, detail);
}

}  // namespace studio::engine
