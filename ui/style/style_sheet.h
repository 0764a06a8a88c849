#pragma once

#include "ui/style/tokens.h"

#include <QPalette>
#include <QString>

namespace studio::ui {

/// The style sheet of one theme: studio.qss with the tokens filled in. `basePointSize` is the system font's.
QString styleSheetFor(const Tokens& tokens, const QString& theme, double basePointSize);

/// The palette of one theme. Besides the usual roles it carries the tokens that have no role of their own,
/// so that widgets which paint themselves find them (ThemeColors::of).
QPalette paletteFor(const Tokens& tokens, const QString& theme);

}  // namespace studio::ui
