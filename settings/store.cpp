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
    setTrouble(Trouble::Unreadable, file.errorString());
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
  setTrouble(frozen_ ? Trouble::Damaged : Trouble::PutAside, aside);
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
    QMetaObject::invokeMethod(
        this, [this, reason] { setTrouble(reason.isEmpty() ? Trouble::None : Trouble::Unwritable, reason); });
  });
}

/// Put into words only when asked: the file is read before a language is chosen.
QString Store::problem() const {
  switch (trouble_) {
    case Trouble::None:
      return {};
    case Trouble::Unreadable:
      return tr("The settings in %1 cannot be read (%2). Changes are not kept.").arg(file_, reason_);
    case Trouble::Damaged:
      return tr("The settings in %1 are damaged. Changes are not kept.").arg(file_);
    case Trouble::PutAside:
      return tr("The settings were damaged and are back at their defaults. The old file is %1.").arg(reason_);
    case Trouble::Unwritable:
      return tr("The settings cannot be saved in %1 (%2).").arg(file_, reason_);
  }
  return {};
}

void Store::setTrouble(Trouble trouble, const QString& reason) {
  if (trouble == trouble_ && reason == reason_) return;
  trouble_ = trouble;
  reason_ = reason;
  Q_EMIT problemChanged();
}

}  // namespace studio::settings
