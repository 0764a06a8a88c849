#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>

namespace studio::settings {

/// The settings file: one JSON object of flat keys ("look.theme"). Keys this version does not know survive
/// a save. Changes are written a moment later, whole and atomically, on a thread of the store's own;
/// the destructor writes what is left and waits.
class Store : public QObject {
  Q_OBJECT

 public:
  /// Reads `file` if it is there. A broken file is kept beside as "<file>.broken" and problem() says so.
  explicit Store(const QString& file, QObject* parent = nullptr);
  ~Store() override;

  QJsonValue value(const QString& key) const { return values_.value(key); }
  void setValue(const QString& key, const QJsonValue& value);
  void remove(const QString& key);

  QString file() const { return file_; }
  /// A sentence about the last failed read or write, in the language of the moment; empty when all is well.
  QString problem() const;
  /// Writes what has changed and waits for it.
  void flush();

 Q_SIGNALS:
  void changed(const QString& key);
  void problemChanged();

 private:
  enum class Trouble { None, Unreadable, Damaged, PutAside, Unwritable };

  void read();
  void startWriting();
  void setTrouble(Trouble trouble, const QString& reason);

  QString file_;
  QJsonObject values_;
  Trouble trouble_ = Trouble::None;
  QString reason_;  ///< the system's words, or the name of the file put aside
  QTimer delay_;
  bool dirty_ = false;
  bool frozen_ = false;  ///< the file could not be read nor put aside: it is left alone
  QThreadPool writer_;
};

}  // namespace studio::settings
