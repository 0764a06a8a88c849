#include "engine/api/image_io.h"
#include "engine/api/request_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace studio::engine {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kLongestJson = 4U << 20;
constexpr std::size_t kMostLoras = 256;

[[noreturn]] void refuse(const FieldInfo& field, const std::string& wanted) {
  throw EngineException(ErrorKind::BadRequest, sentence("The value of \"%1\" is not %2.", field.id, wanted));
}

Json toJson(const std::filesystem::path& value) { return utf8FromPath(value); }
Json toJson(const std::string& value) { return value; }
Json toJson(int value) { return value; }
Json toJson(double value) { return value; }
Json toJson(const std::optional<Seed>& value) { return value ? Json(value->value) : Json(nullptr); }
Json toJson(const std::vector<LoraUse>& value) {
  Json list = Json::array();
  for (const LoraUse& lora : value) {
    Json entry{{"file", utf8FromPath(lora.file)}, {"weight", lora.weight}};
    if (lora.textWeight) entry["text_weight"] = *lora.textWeight;
    if (lora.dynamicRank > 0) entry["dynamic_rank"] = lora.dynamicRank;
    if (!lora.blocks.empty()) entry["blocks"] = lora.blocks;
    list.push_back(std::move(entry));
  }
  return list;
}
template <class Enum>
requires std::is_enum_v<Enum> Json toJson(Enum value) { return std::string(idOf(value)); }

std::string stringFrom(const FieldInfo& field, const Json& json) {
  if (!json.is_string()) refuse(field, "a text");
  std::string text = json.get<std::string>();
  if (text.size() > kLongestPrompt) refuse(field, "a text of at most 65,536 bytes");
  return text;
}

double numberFrom(const FieldInfo& field, const Json& json) {
  if (!json.is_number() || !std::isfinite(json.get<double>())) refuse(field, "a number");
  return json.get<double>();
}

void fromJson(const FieldInfo& field, const Json& json, std::filesystem::path& value) {
  const std::string text = stringFrom(field, json);
  if (text.find('\0') != std::string::npos) refuse(field, "a file name");
  value = pathFromUtf8(text);
}
void fromJson(const FieldInfo& field, const Json& json, std::string& value) { value = stringFrom(field, json); }
void fromJson(const FieldInfo& field, const Json& json, int& value) {
  const double number = numberFrom(field, json);
  if (number != std::floor(number) || std::abs(number) > std::numeric_limits<int>::max())
    refuse(field, "a whole number");
  value = static_cast<int>(number);
}
void fromJson(const FieldInfo& field, const Json& json, double& value) { value = numberFrom(field, json); }
void fromJson(const FieldInfo& field, const Json& json, std::optional<Seed>& value) {
  if (json.is_null()) {
    value.reset();
  } else if (json.is_number_unsigned()) {
    value = Seed{json.get<std::uint64_t>()};
  } else {
    refuse(field, "a whole number from 0 to 18446744073709551615");
  }
}
void fromJson(const FieldInfo& field, const Json& json, std::vector<LoraUse>& value) {
  if (!json.is_array() || json.size() > kMostLoras) refuse(field, "a list of at most 256 LoRAs");
  value.clear();
  for (const Json& entry : json) {
    if (!entry.is_object() || !entry.contains("file")) refuse(field, "a list of objects with \"file\" and \"weight\"");
    LoraUse lora;
    fromJson(field, entry["file"], lora.file);
    if (entry.contains("weight")) lora.weight = numberFrom(field, entry["weight"]);
    if (entry.contains("text_weight")) lora.textWeight = numberFrom(field, entry["text_weight"]);
    if (entry.contains("dynamic_rank")) fromJson(field, entry["dynamic_rank"], lora.dynamicRank);
    if (entry.contains("blocks")) lora.blocks = stringFrom(field, entry["blocks"]);
    value.push_back(std::move(lora));
  }
}
template <class Enum>
requires std::is_enum_v<Enum>
void fromJson(const FieldInfo& field, const Json& json, Enum& value) {
  const std::optional<Enum> choice = choiceFrom<Enum>(stringFrom(field, json));
  if (!choice) refuse(field, "one that this studio knows");
  value = *choice;
}

}  // namespace

std::string requestJson(const GenerationRequest& request) {
  Json json = Json::object();
  visitFields(request,
              [&json](const FieldInfo& field, const auto& value) { json[std::string(field.id)] = toJson(value); });
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Result<RequestPatch> requestFromJson(const std::string& text) try {
  const auto bad = [](const char* message) { return EngineError{ErrorKind::BadRequest, message, ""}; };
  if (text.size() > kLongestJson) return bad("The request is longer than 4 MiB.");
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return bad("The request is not a JSON object.");
  RequestPatch patch;
  visitFields(patch.values, [&](const FieldInfo& field, auto& value) {
    const auto found = json.find(std::string(field.id));
    if (found == json.end()) return;
    fromJson(field, *found, value);
    patch.present.emplace_back(field.id);
  });
  return patch;
} catch (const EngineException& refused) {
  return refused.error();
} catch (const std::bad_alloc&) {
  return EngineError{ErrorKind::OutOfMemory, "There is not enough memory to read the request.", ""};
}

void applyPatch(const RequestPatch& patch, GenerationRequest& request) {
  visitFields(request, [&patch](const FieldInfo& to, auto& target) {
    if (std::find(patch.present.begin(), patch.present.end(), to.id) == patch.present.end()) return;
    visitFields(patch.values, [&](const FieldInfo& from, const auto& value) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::decay_t<decltype(target)>>) {
        if (from.id == to.id) target = value;
      }
    });
  });
}

}  // namespace studio::engine
