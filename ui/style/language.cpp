#include "ui/style/language.h"

#include "settings/app_settings.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace studio::ui {

Language::Language(QCoreApplication& application, const settings::AppSettings& settings, QObject* parent)
    : QObject(parent), application_(application), settings_(settings) {
  apply();
  connect(&settings_.store(), &settings::Store::changed, this, [this](const QString& key) {
    if (key != settings_.language.key() || wanted() == code_) return;
    apply();
    Q_EMIT changed();
  });
}

Language::~Language() {
  application_.removeTranslator(&ours_);
  application_.removeTranslator(&qts_);
}

QString Language::wanted() const {
  const QString chosen = settings_.language.get();
  const QString language = chosen.isEmpty() ? QLocale::system().name() : chosen;
  return language.startsWith(QStringLiteral("ja")) ? QStringLiteral("ja") : QStringLiteral("en");
}

/// English has a file too: it holds the plural forms. Without one of the files the source texts are shown.
void Language::apply() {
  code_ = wanted();
  application_.removeTranslator(&ours_);
  application_.removeTranslator(&qts_);
  const QLocale system = QLocale::system();
  QLocale::setDefault(system.name().startsWith(code_) ? system : QLocale(code_));
  if (ours_.load(QStringLiteral(":/i18n/kilnstudio_") + code_)) application_.installTranslator(&ours_);
  const QString folder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
  if (qts_.load(QStringLiteral("qtbase_") + code_, folder)) application_.installTranslator(&qts_);
}

}  // namespace studio::ui
