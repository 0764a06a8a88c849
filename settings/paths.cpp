#include "settings/paths.h"

#include "settings/app_settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace studio::settings {
namespace {

QString inStandardFolder(QStandardPaths::StandardLocation location, const QString& name) {
  return QDir(QStandardPaths::writableLocation(location)).filePath(name);
}

}  // namespace

QString settingsFile() {
  return inStandardFolder(QStandardPaths::GenericConfigLocation, QStringLiteral("kiln-studio/settings.json"));
}

QString windowStateFile() {
  return inStandardFolder(QStandardPaths::GenericConfigLocation, QStringLiteral("kiln-studio/window.ini"));
}

QString cacheFolder() { return inStandardFolder(QStandardPaths::GenericCacheLocation, QStringLiteral("kiln-studio")); }

QString modelChoicesFile() {
  return inStandardFolder(QStandardPaths::GenericConfigLocation, QStringLiteral("kiln-studio/model-choices.txt"));
}

/// Qt has no place for it before its version 6.7.
QString stateFolder() {
  const QString home = qEnvironmentVariable("XDG_STATE_HOME");
  // The base directory specification: a path that is not absolute does not count.
  const QDir states(QDir::isAbsolutePath(home) ? home : QDir::home().filePath(QStringLiteral(".local/state")));
  return states.filePath(QStringLiteral("kiln-studio"));
}

QString logFile() {
  return inStandardFolder(QStandardPaths::GenericDataLocation, QStringLiteral("kiln-studio/studio.log"));
}

QString defaultOutputFolder() {
  return inStandardFolder(QStandardPaths::PicturesLocation, QStringLiteral("Kiln Studio"));
}

QString outputFolderOrDefault(const AppSettings& settings) {
  const QString chosen = settings.outputFolder.get();
  return chosen.isEmpty() ? defaultOutputFolder() : chosen;
}

QString resourceFolder(const QString& name) {
  const QDir program(QCoreApplication::applicationDirPath());
  const QStringList candidates{program.filePath(QStringLiteral("../share/kiln-studio/") + name),
                               QStringLiteral(STUDIO_SOURCE_RESOURCES "/") + name};
  for (const QString& candidate : candidates) {
    if (QFileInfo(candidate).isDir()) return QDir::cleanPath(candidate);
  }
  return {};
}

QString starterModelFile() {
  const QString folder = resourceFolder(QStringLiteral("starter"));
  if (folder.isEmpty()) return {};
  const QString file = QDir(folder).filePath(QStringLiteral("starter.safetensors"));
  return QFileInfo::exists(file) ? file : QString();
}

QStringList searchFolders(const AppSettings& settings) {
  QStringList folders = settings.modelFolders.get() + settings.loraFolders.get();
  const QString starter = resourceFolder(QStringLiteral("starter"));
  if (!starter.isEmpty()) folders.append(starter);
  folders.removeDuplicates();
  return folders;
}

}  // namespace studio::settings
