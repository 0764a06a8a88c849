#include "engine/pipeline/job_order.h"

#include "engine/api/image_io.h"
#include "engine/api/request_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace studio::engine {
namespace {

using OrderJson = nlohmann::ordered_json;
constexpr int kOrderVersion = 1;
constexpr std::size_t kMostFolders = 1000;
constexpr int kMostOrderThreads = 1024;
constexpr int kDeepest = 8;  ///< levels of objects and lists in an order

[[noreturn]] void refuseOrder(const std::string& detail) {
  throw EngineException(ErrorKind::BadFile, "The kept order of the job is broken.", detail);
}

std::filesystem::path absolutePath(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::path whole = path.empty() ? path : std::filesystem::absolute(path, failed);
  return failed ? path : whole;
}

GenerationRequest withAbsolutePaths(GenerationRequest request) {
  for (std::filesystem::path* file :
       {&request.model, &request.vae, &request.textEncoder, &request.textEncoder2, &request.refiner})
    *file = absolutePath(*file);
  for (LoraUse& lora : request.loras) lora.file = absolutePath(lora.file);
  return request;
}

OrderJson foldersJson(const std::vector<std::filesystem::path>& folders) {
  OrderJson list = OrderJson::array();
  for (const std::filesystem::path& folder : folders) list.push_back(utf8FromPath(absolutePath(folder)));
  return list;
}

OrderJson optionsJson(const EngineOptions& options) {
  return {{"precision", std::string(idOf(options.precision))},
          {"threads", options.threads},
          {"memory_mode", std::string(idOf(options.memoryMode))},
          {"decode_mode", std::string(idOf(options.decode))},
          {"device_budget", options.deviceBudget.count},
          {"oom_policy", std::string(idOf(options.oomPolicy))},
          {"reserve_vram", options.reserve.count},
          {"pinned", std::string(idOf(options.pinned))},
          {"lora_folders", foldersJson(options.loraFolders)},
          {"embedding_folders", foldersJson(options.embeddingFolders)}};
}

template <class Value>
void readMember(const OrderJson& json, const char* key, Value& value) {
  const auto found = json.find(key);
  if (found != json.end()) found->get_to(value);
}

template <class Enum>
void readChoice(const OrderJson& json, const char* key, Enum& value) {
  std::string id(idOf(value));
  readMember(json, key, id);
  const auto choice = choiceFrom<Enum>(id);
  if (!choice) refuseOrder(key);
  value = *choice;
}

void readFolders(const OrderJson& json, const char* key, std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> names;
  readMember(json, key, names);
  if (names.size() > kMostFolders) refuseOrder(key);
  folders.clear();
  for (const std::string& name : names) folders.push_back(pathFromUtf8(name));
}

void readOptions(const OrderJson& json, EngineOptions& options) {
  if (!json.is_object()) refuseOrder("options");
  readChoice(json, "precision", options.precision);
  readMember(json, "threads", options.threads);
  options.threads = std::clamp(options.threads, 0, kMostOrderThreads);
  readChoice(json, "memory_mode", options.memoryMode);
  readChoice(json, "decode_mode", options.decode);
  readMember(json, "device_budget", options.deviceBudget.count);
  readChoice(json, "oom_policy", options.oomPolicy);
  readMember(json, "reserve_vram", options.reserve.count);
  readChoice(json, "pinned", options.pinned);
  readFolders(json, "lora_folders", options.loraFolders);
  readFolders(json, "embedding_folders", options.embeddingFolders);
}

void readOutput(const OrderJson& json, OutputOptions& output) {
  if (!json.is_object()) refuseOrder("output");
  readMember(json, "pattern", output.pattern);
  readMember(json, "quality", output.quality);
  output.quality = std::clamp(output.quality, 1, 100);
  readMember(json, "keep_latents", output.keepLatents);
}

JobOrder readOrder(const std::string& text, const EngineOptions& usual) {
  const auto shallow = [](int depth, OrderJson::parse_event_t, const OrderJson&) { return depth <= kDeepest; };
  const OrderJson json = OrderJson::parse(text, shallow, false);
  if (!json.is_object() || json.value("version", 0) != kOrderVersion || !json.contains("request"))
    refuseOrder("it is of another kind or version");
  JobOrder order;
  order.options = usual;
  const auto patch = requestFromJson(json["request"].dump(-1, ' ', true, OrderJson::error_handler_t::replace));
  if (!patch) refuseOrder(patch.error().message);
  applyPatch(patch.value(), order.request);
  if (const auto strict = json.find("strict"); strict != json.end() && strict->is_boolean())
    order.request.strict = strict->get<bool>();
  readOutput(json.value("output", OrderJson::object()), order.output);
  readOptions(json.value("options", OrderJson::object()), order.options);
  readMember(json, "submitted", order.submitted);
  return order;
}

}  // namespace

std::string orderJson(const JobOrder& order) {
  OrderJson json = {{"version", kOrderVersion},
                    {"submitted", order.submitted},
                    {"request", OrderJson::parse(requestJson(withAbsolutePaths(order.request)))},
                    {"output",
                     {{"pattern", utf8FromPath(absolutePath(pathFromUtf8(order.output.pattern)))},
                      {"quality", order.output.quality},
                      {"keep_latents", order.output.keepLatents}}},
                    {"options", optionsJson(order.options)}};
  if (order.request.strict) json["strict"] = *order.request.strict;
  return json.dump(-1, ' ', true, OrderJson::error_handler_t::replace);
}

std::string planJsonOf(const MemoryPlan& plan) {
  OrderJson phases = OrderJson::array();
  for (const PhaseMemory& phase : plan.phases)
    phases.push_back({{"name", phaseName(phase.phase)}, {"peak_bytes", phase.peak().count}});
  return OrderJson{{"mode", std::string(idOf(plan.mode))},
                   {"budget_bytes", plan.budget.count},
                   {"peak_bytes", plan.peak().count},
                   {"phases", std::move(phases)}}
      .dump();
}

JobOrder orderFromJson(const std::string& text, const EngineOptions& usual) {
  try {
    JobOrder order = readOrder(text, usual);
    if (const auto wrong = checkRequest(order.request)) refuseOrder(wrong->message);
    return order;
  } catch (const nlohmann::json::exception& wrong) {
    refuseOrder(wrong.what());
  }
}

}  // namespace studio::engine
