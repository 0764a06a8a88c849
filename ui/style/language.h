#pragma once

#include <QObject>
#include <QString>
#include <QTranslator>

class QCoreApplication;

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// The language of the window: the setting's, else the system's; English when neither is known. Also sets the default
/// locale, so that numbers and dates fit the words.
class Language : public QObject {
  Q_OBJECT

 public:
  Language(QCoreApplication& application, const settings::AppSettings& settings, QObject* parent = nullptr);
  ~Language() override;

  /// "en" or "ja".
  QString code() const { return code_; }

 Q_SIGNALS:
  /// New texts are in force for whatever is built from now on.
  void changed();

 private:
  QString wanted() const;
  void apply();

  QCoreApplication& application_;
  const settings::AppSettings& settings_;
  QString code_;
  QTranslator ours_;
  QTranslator qts_;
};

}  // namespace studio::ui
