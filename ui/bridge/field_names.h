#pragma once

#include <QString>

#include <string_view>

namespace studio::ui {

/// The translated name of a request field (an id of request_fields.h): "Steps", "ステップ数".
QString fieldName(std::string_view id);

/// What a field does, in a sentence or two, for a tooltip; empty where the field's own control says it.
QString fieldHelp(std::string_view id);

}  // namespace studio::ui
