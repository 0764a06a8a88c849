#pragma once

class QMenuBar;

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

class CommandSet;
class MachineWatch;

/// Fills the menu bar. Choices (theme, language, precision, threads, preview, memory, file format) write the settings;
/// those for GPUs are grey where `machine` knows none.
void buildMenus(QMenuBar& bar, const CommandSet& commands, settings::AppSettings& settings,
                const MachineWatch& machine);

}  // namespace studio::ui
