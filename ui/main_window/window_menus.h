#pragma once

class QMenuBar;

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class CommandSet;

/// Fills the menu bar. Choices (theme, language, precision, threads, preview, file format) write the settings.
void buildMenus(QMenuBar& bar, const CommandSet& commands, settings::AppSettings& settings);

}  // namespace studio::ui
