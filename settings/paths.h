#pragma once

#include <QString>
#include <QStringList>

namespace studio::settings {

class AppSettings;

/// Settings file of this person ("~/.config/kiln-studio/settings.json").
QString settingsFile();
/// Window geometry, which is nobody's reading ("~/.config/kiln-studio/window.ini").
QString windowStateFile();
/// Measurements of the engine that are worth keeping.
QString cacheFolder();
/// What was chosen for single models, see EngineOptions ("~/.config/kiln-studio/model-choices.txt").
QString modelChoicesFile();
/// Where unfinished jobs are kept ("~/.local/state/kiln-studio").
QString stateFolder();
/// The log of engine and window.
QString logFile();
/// "Pictures/Kiln Studio" in the person's pictures folder.
QString defaultOutputFolder();
/// The chosen output folder, or the default.
QString outputFolderOrDefault(const AppSettings& settings);

/// A folder of the studio's own data ("starter", "translations"): beside the program when installed
/// (../share/kiln-studio), else in the source tree it was built from. Empty when there is none.
QString resourceFolder(const QString& name);
/// resources/starter/starter.safetensors, or empty.
QString starterModelFile();
/// Where models and LoRAs are looked for: the person's folders and the starter's.
QStringList searchFolders(const AppSettings& settings);

}  // namespace studio::settings
