#include "engine/pipeline/job_checkpoint.h"

#include "engine/api/engine_error.h"

#include <nlohmann/json.hpp>

#include <bit>
#include <cstring>
#include <utility>

namespace studio::engine {
namespace {

static_assert(std::endian::native == std::endian::little, "checkpoints are written little endian");

using CheckpointJson = nlohmann::ordered_json;
constexpr std::string_view kCheckpointMagic = "KSJOB003";
constexpr std::uint32_t kLargestCheckpointHeader = 32U << 10;
constexpr int kMostCounted = 1 << 30;
constexpr std::size_t kLongestSentence = 2000, kMostGaps = 9;
constexpr std::size_t kMostWidenings = 10;  // each part of two checkpoints

[[noreturn]] void refuseCheckpoint(const std::string& detail) {
  throw EngineException(ErrorKind::BadFile, "The saved state of the job is broken.", detail);
}

template <class Number>
void append(std::string& bytes, Number value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes a number off the front; false when there are too few bytes.
template <class Number>
bool takeNumber(std::string_view& bytes, Number& value) {
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return true;
}

/// FNV-1a over words of 64 bits: finds torn and spoilt files, which is all it is for.
std::uint64_t checksumOf(std::string_view bytes) {
  std::uint64_t sum = 0xcbf29ce484222325ULL ^ bytes.size();
  for (std::uint64_t word = 0; !bytes.empty(); word = 0) {
    const std::size_t count = std::min(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), count);
    bytes.remove_prefix(count);
    sum = (sum ^ word) * 0x100000001b3ULL;
    sum ^= sum >> 32;
  }
  return sum;
}

CheckpointJson jsonOf(const Execution& execution) {
  return {{"mode", std::string(idOf(execution.mode))},
          {"host", static_cast<int>(execution.host)},
          {"budget", execution.budget.count},
          {"rows", static_cast<int>(execution.rows)},
          {"decode", std::string(idOf(execution.decode))},
          {"decodes_previews", execution.decodesPreviews},
          {"copies", static_cast<int>(execution.copies)},
          {"alone", execution.alone},
          {"retried", execution.retried},
          {"squeezes", execution.squeezes},
          {"rungs", execution.rungs}};
}

CheckpointJson jsonOf(const Sentence& one) { return {{"pattern", one.pattern}, {"values", one.values}}; }

CheckpointJson jsonOf(const Widening& one) {
  return {{"part", static_cast<int>(one.part)}, {"of_refiner", one.ofRefiner}, {"why", jsonOf(one.why)}};
}

template <class Value>
CheckpointJson jsonOf(const std::vector<Value>& values) {
  CheckpointJson list = CheckpointJson::array();
  for (const Value& one : values) list.push_back(jsonOf(one));
  return list;
}

CheckpointJson headerOf(const JobCheckpoint& checkpoint) {
  const CheckpointRecipe& recipe = checkpoint.recipe;
  return {{"precision", std::string(idOf(recipe.precision))},
          {"threads", recipe.threads},
          {"machine", recipe.machine},
          {"engine_version", recipe.engineVersion},
          {"files", recipe.files},
          {"started", checkpoint.started},
          {"pictures_done", checkpoint.picturesDone},
          {"batch", checkpoint.batch},
          {"step", checkpoint.step},
          {"of", checkpoint.of},
          {"phase", phaseName(checkpoint.phase)},
          {"refines", checkpoint.refines},
          {"asked", jsonOf(checkpoint.asked)},
          {"execution", jsonOf(checkpoint.execution)},
          {"rungs", jsonOf(checkpoint.rungs)},
          {"widenings", jsonOf(checkpoint.widenings)},
          {"memory_was_short", checkpoint.memoryWasShort}};
}

int countIn(const CheckpointJson& json, const char* key) {
  const auto& value = json.at(key);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMostCounted) refuseCheckpoint(key);
  return value.get<int>();
}

template <class Enum>
Enum choiceIn(const CheckpointJson& json, const char* key) {
  const auto choice = choiceFrom<Enum>(json.at(key).get<std::string>());
  if (!choice) refuseCheckpoint(key);
  return *choice;
}

Execution executionIn(const CheckpointJson& json) {
  Execution execution;
  execution.mode = choiceIn<MemoryMode>(json, "mode");
  execution.budget = {json.at("budget").get<std::int64_t>()};
  const int host = countIn(json, "host");
  if (host > static_cast<int>(HostShare::Everybody)) refuseCheckpoint("host");
  execution.host = static_cast<HostShare>(host);
  const int rows = countIn(json, "rows");
  if (execution.budget.count < 0 || rows > static_cast<int>(CallRows::One)) refuseCheckpoint("budget or rows");
  execution.rows = static_cast<CallRows>(rows);
  execution.decode = choiceIn<DecodeMode>(json, "decode");
  const int copies = countIn(json, "copies");
  if (copies > static_cast<int>(HostCopies::None)) refuseCheckpoint("copies");
  execution.copies = static_cast<HostCopies>(copies);
  execution.alone = json.at("alone").get<bool>();
  execution.decodesPreviews = json.at("decodes_previews").get<bool>();
  execution.retried = json.at("retried").get<bool>();
  execution.squeezes = countIn(json, "squeezes");
  execution.rungs = countIn(json, "rungs");
  return execution;
}

Sentence sentenceIn(const CheckpointJson& json) {
  Sentence words{json.at("pattern").get<std::string>(), json.at("values").get<std::vector<std::string>>()};
  if (words.values.size() > kMostGaps || words.text().size() > kLongestSentence) refuseCheckpoint("rungs");
  return words;
}

Widening wideningIn(const CheckpointJson& json) {
  const int part = countIn(json, "part");
  if (part > static_cast<int>(Part::TextEncoder2)) refuseCheckpoint("part");
  return {static_cast<Part>(part), json.at("of_refiner").get<bool>(), sentenceIn(json.at("why"))};
}

template <class Read>
auto listIn(const CheckpointJson& json, std::size_t most, const Read& read) {
  if (!json.is_array() || json.size() > most) refuseCheckpoint("a list");
  std::vector<decltype(read(json))> values;
  values.reserve(json.size());
  for (const CheckpointJson& one : json) values.push_back(read(one));
  return values;
}

JobCheckpoint fromHeader(std::string_view text) {
  const CheckpointJson json = CheckpointJson::parse(text, nullptr, false);
  if (!json.is_object()) refuseCheckpoint("its header is no object");
  JobCheckpoint checkpoint;
  checkpoint.recipe = {choiceIn<Precision>(json, "precision"), countIn(json, "threads"),
                       json.at("machine").get<std::string>(), json.at("engine_version").get<std::string>(),
                       json.at("files").get<std::string>()};
  checkpoint.started = json.at("started").get<std::time_t>();
  checkpoint.picturesDone = countIn(json, "pictures_done");
  checkpoint.batch = countIn(json, "batch");
  checkpoint.step = countIn(json, "step");
  checkpoint.of = countIn(json, "of");
  checkpoint.phase = json.at("phase").get<std::string>() == phaseName(Phase::Decode) ? Phase::Decode : Phase::Denoise;
  checkpoint.refines = json.at("refines").get<bool>();
  checkpoint.asked = executionIn(json.at("asked"));
  checkpoint.execution = executionIn(json.at("execution"));
  checkpoint.rungs = listIn(json.at("rungs"), kMostRungs + kMostWidenings, sentenceIn);
  checkpoint.memoryWasShort = json.at("memory_was_short").get<bool>();
  checkpoint.widenings = listIn(json.at("widenings"), kMostWidenings, wideningIn);
  return checkpoint;
}

/// The header, taken off the front.
JobCheckpoint takeHeader(std::string_view& bytes) {
  if (!bytes.starts_with(kCheckpointMagic)) refuseCheckpoint("it is of another kind or version");
  bytes.remove_prefix(kCheckpointMagic.size());
  std::uint32_t length = 0;
  if (!takeNumber(bytes, length) || length > kLargestCheckpointHeader || length > bytes.size())
    refuseCheckpoint("it ends too early");
  const std::string_view text = bytes.substr(0, length);
  bytes.remove_prefix(length);
  try {
    return fromHeader(text);
  } catch (const nlohmann::json::exception& wrong) {
    refuseCheckpoint(wrong.what());
  }
}

}  // namespace

std::string bytesOf(const JobCheckpoint& checkpoint) {
  const std::string header = headerOf(checkpoint).dump(-1, ' ', true, CheckpointJson::error_handler_t::replace);
  std::string bytes;
  bytes.reserve(kCheckpointMagic.size() + header.size() + checkpoint.state.size() + 32);
  bytes += kCheckpointMagic;
  append(bytes, static_cast<std::uint32_t>(header.size()));
  bytes += header;
  append(bytes, static_cast<std::uint64_t>(checkpoint.state.size()));
  bytes += checkpoint.state;
  return withChecksum(std::move(bytes));
}

std::string withChecksum(std::string bytes) {
  append(bytes, checksumOf(bytes));
  return bytes;
}

JobCheckpoint checkpointFrom(std::string_view bytes) {
  constexpr std::size_t kSum = sizeof(std::uint64_t);
  if (bytes.size() < kSum) refuseCheckpoint("it ends too early");
  std::string_view sumBytes = bytes.substr(bytes.size() - kSum), rest = bytes.substr(0, bytes.size() - kSum);
  std::uint64_t sum = 0, length = 0;
  takeNumber(sumBytes, sum);
  if (sum != checksumOf(rest)) refuseCheckpoint("its checksum is another one");
  JobCheckpoint checkpoint = takeHeader(rest);
  if (!takeNumber(rest, length) || length != rest.size()) refuseCheckpoint("its length is another one");
  checkpoint.state = rest;
  return checkpoint;
}

std::optional<JobCheckpoint> checkpointSummary(std::string_view start) {
  try {
    return takeHeader(start);
  } catch (const EngineException&) {
    return std::nullopt;
  }
}

}  // namespace studio::engine
