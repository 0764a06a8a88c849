#pragma once

#include <QString>

#include <string_view>

namespace studio::ui {

/// The translated label of a choice (choices.h): "Automatic", "自動". Names of algorithms and programs are the same in
/// every language.
QString choiceName(std::string_view label);

}  // namespace studio::ui
