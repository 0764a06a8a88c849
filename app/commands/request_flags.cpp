#include "app/commands/request_flags.h"

#include "app/commands/command_failure.h"
#include "app/commands/lora_argument.h"
#include "engine/api/request_fields.h"
#include "engine/api/sampler_names.h"

#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>
#include <type_traits>

namespace studio::app {
namespace {

using engine::FieldInfo;

std::string shown(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

template <class Enum>
std::string allIds() {
  std::string ids;
  for (const auto& choice : engine::choicesOf(Enum{})) ids += (ids.empty() ? "" : ", ") + std::string(choice.id);
  return ids;
}

/// Range, choices and default of a field for --help.
template <class Value>
std::string helpOf(const FieldInfo& field, const Value& usual) {
  std::string text(field.help);
  if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) {
    if (field.minimum < field.maximum) text += "; " + shown(field.minimum) + " to " + shown(field.maximum);
    const bool fromModel = field.id == "width" || field.id == "height";
    text += fromModel ? " (default: the model's size)" : " (default " + shown(usual) + ")";
  } else if constexpr (std::is_enum_v<Value>) {
    text += ": " + allIds<Value>() + " (default " + std::string(engine::idOf(usual)) + ")";
  } else if constexpr (std::is_same_v<Value, std::filesystem::path>) {
    if (field.id == "model") text += " (default: the starter model)";
  }
  return text;
}

/// What the value stands for in the usage line.
template <class Value>
std::string placeholderOf() {
  if constexpr (std::is_same_v<Value, std::string>) return "TEXT";
  if constexpr (std::is_same_v<Value, double>) return "X";
  if constexpr (std::is_same_v<Value, std::filesystem::path>) return "FILE";
  if constexpr (std::is_same_v<Value, std::vector<engine::LoraUse>>) return "FILE:weight";
  if constexpr (std::is_enum_v<Value>) return "NAME";
  return "N";
}

template <class Number>
std::optional<Number> numberFrom(std::string_view text) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

[[noreturn]] void refuse(const FieldInfo& field, const std::string& text, const std::string& wanted) {
  refuseArguments(std::string(field.label) + " is \"" + text + "\"; it must be " + wanted + " (--" +
                  std::string(field.flag) + ").");
}

std::string rangeOf(const FieldInfo& field) { return " from " + shown(field.minimum) + " to " + shown(field.maximum); }

void convert(const FieldInfo& field, const std::string& text, std::filesystem::path& value) {
  if (text.empty()) refuse(field, text, "a file name");
  value = engine::pathFromUtf8(text);
}
void convert(const FieldInfo&, const std::string& text, std::string& value) { value = text; }
void convert(const FieldInfo& field, const std::string& text, int& value) {
  const auto number = numberFrom<int>(text);
  if (!number) refuse(field, text, "a whole number" + rangeOf(field));
  value = *number;
}
void convert(const FieldInfo& field, const std::string& text, double& value) {
  const auto number = numberFrom<double>(text);
  if (!number) refuse(field, text, "a number" + rangeOf(field));
  value = *number;
}
void convert(const FieldInfo& field, const std::string& text, std::optional<engine::Seed>& value) {
  value.reset();
  if (text == "-1") return;  // "random", as in other programs
  const auto number = numberFrom<std::uint64_t>(text);
  if (!number) refuse(field, text, "a whole number from 0 to 18446744073709551615, or -1 for a random one");
  value = engine::Seed{*number};
}
/// Samplers and schedules go by the names of other programs too.
std::optional<engine::Sampler> choiceOf(engine::Sampler, const std::string& text) {
  return engine::samplerFromName(text);
}
std::optional<engine::Schedule> choiceOf(engine::Schedule, const std::string& text) {
  return engine::scheduleFromName(text);
}
template <class Enum>
std::optional<Enum> choiceOf(Enum, const std::string& text) {
  return engine::choiceFrom<Enum>(text);
}
template <class Enum>
requires std::is_enum_v<Enum>
void convert(const FieldInfo& field, const std::string& text, Enum& value) {
  const auto choice = choiceOf(value, text);
  if (!choice) refuse(field, text, "one of " + allIds<Enum>());
  value = *choice;
}

}  // namespace

void RequestFlags::addTo(CLI::App& command) {
  const engine::GenerationRequest usual;
  engine::visitFields(usual, [&]<class Value>(const FieldInfo& field, const Value& value) {
    CLI::Option* option =
        command.add_option("--" + std::string(field.flag), values_[std::string(field.id)], helpOf(field, value));
    option->expected(1)->allow_extra_args(false)->type_name(placeholderOf<Value>());
    if constexpr (std::is_same_v<Value, std::vector<engine::LoraUse>>) {
      option->take_all();
    } else {
      option->take_last();
    }
  });
}

bool RequestFlags::given(const std::string& id) const {
  const auto found = values_.find(id);
  return found != values_.end() && !found->second.empty();
}

engine::GenerationRequest RequestFlags::read() const {
  engine::GenerationRequest request;
  readInto(request);
  return request;
}

void RequestFlags::readInto(engine::GenerationRequest& request) const {
  engine::visitFields(request, [this]<class Value>(const FieldInfo& field, Value& value) {
    const auto found = values_.find(field.id);
    if (found == values_.end() || found->second.empty()) return;
    if constexpr (std::is_same_v<Value, std::vector<engine::LoraUse>>) {
      value.clear();
      for (const std::string& text : found->second) value.push_back(loraFromArgument(text));
    } else {
      convert(field, found->second.back(), value);
    }
  });
}

}  // namespace studio::app
