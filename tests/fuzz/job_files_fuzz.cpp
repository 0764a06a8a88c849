// The first byte chooses: the bytes as a job's order, as a checkpoint, or as one whose checksum is right.

#include "engine/api/engine_error.h"
#include "engine/api/request_fields.h"
#include "engine/pipeline/job_checkpoint.h"
#include "engine/pipeline/job_order.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace studio::engine;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Whatever is accepted can be tried, and comes back as it was.
void readOrder(const std::string& text) {
  const JobOrder order = orderFromJson(text, {});
  require(!checkRequest(order.request));
  const JobOrder again = orderFromJson(orderJson(order), {});
  require(again.request.seed == order.request.seed && again.output.quality == order.output.quality);
  require(again.options.threads == order.options.threads && again.options.threads >= 0);
}

void readCheckpoint(std::string_view bytes) {
  const JobCheckpoint checkpoint = checkpointFrom(bytes);
  require(checkpoint.state.size() <= bytes.size() && checkpoint.step >= 0 && checkpoint.picturesDone >= 0);
  require(checkpointFrom(bytesOf(checkpoint)) == checkpoint);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] == 'o') {
      readOrder(std::string(bytes));
    } else {
      checkpointSummary(bytes);
      readCheckpoint(data[0] == 'c' ? std::string(bytes) : withChecksum(std::string(bytes)));
    }
  } catch (const EngineException&) {
    // Refused with a sentence.
  }
  return 0;
}
