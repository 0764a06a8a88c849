#pragma once

#include "engine/api/units.h"

#include <QString>

#include <filesystem>
#include <string>
#include <string_view>

namespace studio::ui {

/// The engine speaks UTF-8 in std::string, the window QString. These are the only four crossings.
inline QString toQString(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}
inline std::string toUtf8(const QString& text) { return text.toStdString(); }
inline QString pathText(const std::filesystem::path& path) { return toQString(engine::utf8FromPath(path)); }
inline std::filesystem::path toPath(const QString& text) { return engine::pathFromUtf8(text.toStdString()); }

}  // namespace studio::ui
