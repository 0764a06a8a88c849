#pragma once

#include <functional>

class QObject;

namespace studio::ui {

/// Asks the desktop (the portal's org.freedesktop.appearance color-scheme) whether it is dark, now and at every
/// change, without waiting. `answer` is called only when the desktop says something; it lives as long as `owner`.
void watchDesktopTheme(QObject* owner, std::function<void(bool dark)> answer);

}  // namespace studio::ui
