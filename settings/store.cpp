#include "settings/store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

#include <chrono>

namespace studio::settings {
namespace {

constexpr std::chrono::milliseconds kWriteDelay{400};
constexpr qint64 kLargestFile = 4 << 20;

/// Empty when written; else the system's reason.
QString writeFile(const QString& path, const QByteArray& text) {
  QDir().mkpath(QFileInfo(path).absolutePath());
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly)) return file.errorString();
  file.write(text);
  return file.commit() ? QString() : file.errorString();
}

}  // namespace

Store::Store(const QString& file, QObject* parent) : QObject(parent), file_(file) {
  writer_.setMaxThreadCount(1);
  delay_.setSingleShot(true);
  delay_.setInterval(kWriteDelay);
  connect(&delay_, &QTimer::timeout, this, &Store::startWriting);
  read();
}

Store::~Store() { flush(); }

void Store::read() {
  QFile file(file_);
  if (!file.exists()) return;
  if (!file.open(QIODevice::ReadOnly)) {
    frozen_ = true;
    problem_ = tr("The settings in %1 cannot be read (%2). Changes are not kept.").arg(file_, file.errorString());
    return;
  }
  const QJsonDocument document = QJsonDocument::fromJson(file.size() > kLargestFile ? QByteArray() : file.readAll());
  file.close();
  if (document.isObject()) {
    values_ = document.object();
    return;
  }
  const QString aside = file_ + QStringLiteral(".broken");
  QFile::remove(aside);
  frozen_ = !QFile::rename(file_, aside);
  problem_ = frozen_ ? tr("The settings in %1 are damaged. Changes are not kept.").arg(file_)
                     : tr("The settings were damaged and are back at their defaults. The old file is %1.").arg(aside);
}

void Store::setValue(const QString& key, const QJsonValue& value) {
  if (values_.contains(key) && values_.value(key) == value) return;
  values_.insert(key, value);
  dirty_ = true;
  delay_.start();
  Q_EMIT changed(key);
}

void Store::remove(const QString& key) {
  if (!values_.contains(key)) return;
  values_.remove(key);
  dirty_ = true;
  delay_.start();
  Q_EMIT changed(key);
}

void Store::flush() {
  delay_.stop();
  startWriting();
  writer_.waitForDone();
}

/// One thread writes, so the newest snapshot is always the last one on disk.
void Store::startWriting() {
  if (!dirty_ || frozen_) return;
  dirty_ = false;
  writer_.start([this, path = file_, text = QJsonDocument(values_).toJson()] {
    const QString reason = writeFile(path, text);
    QMetaObject::invokeMethod(this, [this, reason] {
      setProblem(reason.isEmpty() ? QString() : tr("The settings cannot be saved in %1 (%2).").arg(file_, reason));
    });
  });
}

void Store::setProblem(const QString& problem) {
  if (problem == problem_) return;
  problem_ = problem;
  Q_EMIT problemChanged();
}

}  // namespace studio::settings
