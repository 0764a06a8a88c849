#include "engine/api/request_fields.h"

#include "engine/api/compatibility.h"
#include "engine/api/sigma_list.h"

#include <cmath>
#include <sstream>
#include <type_traits>

namespace studio::engine {
namespace {

EngineError refuse(const Sentence& wording) { return makeError(ErrorKind::BadRequest, wording); }

/// Shortest usual writing of a number: "7.5", "512".
std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::optional<EngineError> checkRange(const FieldInfo& field, double value) {
  if (field.minimum == field.maximum) return std::nullopt;
  if (std::isfinite(value) && value >= field.minimum && value <= field.maximum) return std::nullopt;
  return refuse(sentence("%1 is %2; it must be from %3 to %4.", field.label, number(value), number(field.minimum),
                         number(field.maximum)));
}

std::optional<EngineError> checkSide(std::string_view label, int side) {
  if (side % kSideMultiple == 0) return std::nullopt;
  const int lower = side - side % kSideMultiple;
  return refuse(sentence("%1 is %2; it must be a multiple of 8, for example %3 or %4.", label, side, lower,
                         lower + kSideMultiple));
}

std::optional<EngineError> checkLoras(const std::vector<LoraUse>& loras) {
  for (const LoraUse& lora : loras) {
    const double text = lora.textWeight.value_or(0);
    if (lora.dynamicRank < 0 || !std::isfinite(text) || std::abs(text) > kLargestLoraWeight ||
        !std::isfinite(lora.weight) || std::abs(lora.weight) > kLargestLoraWeight) {
      return refuse(sentence("The weight of LoRA %1 is %2; it must be from -100 to 100.",
                             utf8FromPath(lora.file.filename()), number(lora.weight)));
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> differingFields(const GenerationRequest& a, const GenerationRequest& b) {
  std::vector<const void*> left;
  visitFields(a, [&left](const FieldInfo&, const auto& value) { left.push_back(&value); });
  std::vector<std::string_view> ids;
  std::size_t index = 0;
  visitFields(b, [&](const FieldInfo& field, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if (*static_cast<const Value*>(left[index++]) != value) ids.push_back(field.id);
  });
  return ids;
}

std::optional<EngineError> checkRequest(const GenerationRequest& request) {
  std::optional<EngineError> wrong;
  visitFields(request, [&wrong](const FieldInfo& field, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if (wrong) return;
    if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) {
      wrong = checkRange(field, value);
    } else if constexpr (std::is_same_v<Value, std::string>) {
      if (value.size() > kLongestPrompt) wrong = refuse(sentence("%1 is longer than 65,536 bytes.", field.label));
    }
  });
  if (!wrong) wrong = checkSide("Width", request.size.width);
  if (!wrong) wrong = checkSide("Height", request.size.height);
  if (!wrong) wrong = checkLoras(request.loras);
  if (!wrong && !request.sigmas.empty() && !sigmasFromText(request.sigmas)) {
    wrong = refuse({"Sigmas must be numbers above 0 in descending order, like 14.6, 5, 1, 0.1; at most 1000.", {}});
  }
  if (!wrong && !compatibilityFromText(request.compatibility)) {
    wrong = refuse({"Compatibility knows prompt-editing, pad-conds, downcast-alphas and refiner-by-steps.", {}});
  }
  if (!wrong && request.model.empty()) wrong = refuse({"No model is chosen.", {}});
  return wrong;
}

}  // namespace studio::engine
