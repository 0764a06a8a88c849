#include "engine/pipeline/error_translation.h"

#include "engine/memory/main_memory_full.h"

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>

namespace studio::engine {
namespace {

constexpr const char* kOutOfMemory =
    "Memory ran out. A smaller size or batch, bf16 precision, or closing other programs makes it fit.";

constexpr const char* kMainMemoryFull =
    "Main memory is full; the system would have ended the studio. Closing other programs or a smaller size makes it "
    "fit.";

EngineError translated() {
  try {
    throw;
  } catch (const EngineException& error) {
    return error.error();
  } catch (const MainMemoryFull& error) {
    return {ErrorKind::OutOfMemory, kMainMemoryFull, error.what_without_backtrace()};
  } catch (const c10::OutOfMemoryError& error) {
    return {ErrorKind::OutOfMemory, kOutOfMemory, error.what_without_backtrace()};
  } catch (const std::bad_alloc&) {
    return {ErrorKind::OutOfMemory, kOutOfMemory, "host memory"};
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    // The default CPU allocator reports exhaustion as a plain error.
    if (text.find("not enough memory") != std::string::npos) return {ErrorKind::OutOfMemory, kOutOfMemory, text};
    return {ErrorKind::Internal, "The engine failed in a way it should not.", text};
  } catch (const std::exception& error) {
    return {ErrorKind::Internal, "The engine failed in a way it should not.", error.what()};
  } catch (...) {
    return {ErrorKind::Internal, "The engine failed in a way it should not.", {}};
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

}  // namespace studio::engine
