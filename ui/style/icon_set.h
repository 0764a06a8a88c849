#pragma once

#include <QIcon>
#include <QPalette>

namespace studio::ui {

/// An icon of resources/icons in the palette's text colour (muted when disabled). Widgets ask again in
/// changeEvent(PaletteChange) so that a new theme recolours them.
QIcon themeIcon(const QString& name, const QPalette& palette);

}  // namespace studio::ui
