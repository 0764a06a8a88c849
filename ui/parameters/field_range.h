#pragma once

#include "engine/api/request_fields.h"

#include <cassert>
#include <string_view>

namespace studio::ui {

/// What request_fields.h says about a field: range and step are written there and nowhere else.
inline engine::FieldInfo fieldInfo(std::string_view id) {
  engine::FieldInfo found;
  const engine::GenerationRequest request;
  engine::visitFields(request, [&](const engine::FieldInfo& field, const auto&) {
    if (field.id == id) found = field;
  });
  assert(!found.id.empty());
  return found;
}

}  // namespace studio::ui
