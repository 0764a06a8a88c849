#include "ui/queue/durations.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace studio::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("Durations", text); }

/// Two digits are as much as a prediction knows.
QString roughly(double value) {
  const QLocale locale;
  if (value < 10) return locale.toString(value, 'f', 1);
  const double unit = value < 100 ? 1 : std::pow(10, std::floor(std::log10(value)) - 1);
  return locale.toString(std::round(value / unit) * unit, 'f', 0);
}

/// Texts and seconds of the unit that suits.
struct Unit {
  double seconds;
  const char *about, *range;
};

Unit unitOf(const engine::PredictedTime& time) {
  const double likely = time.likely.count();
  if (likely < 120)
    return {1, QT_TRANSLATE_NOOP("Durations", "about %1 s"), QT_TRANSLATE_NOOP("Durations", "about %1 s (%2 to %3 s)")};
  if (likely < 7200) {
    return {60, QT_TRANSLATE_NOOP("Durations", "about %1 min"),
            QT_TRANSLATE_NOOP("Durations", "about %1 min (%2 to %3 min)")};
  }
  return {3600, QT_TRANSLATE_NOOP("Durations", "about %1 h"),
          QT_TRANSLATE_NOOP("Durations", "about %1 h (%2 to %3 h)")};
}

}  // namespace

QString clockText(double seconds) {
  const auto total = static_cast<qint64>(std::llround(std::max(0.0, seconds)));
  const QString rest = QStringLiteral("%1:%2")
                           .arg(total / 60 % 60, total >= 3600 ? 2 : 1, 10, QLatin1Char('0'))
                           .arg(total % 60, 2, 10, QLatin1Char('0'));
  return total >= 3600 ? QStringLiteral("%1:%2").arg(total / 3600).arg(rest) : rest;
}

QString durationText(double seconds) {
  const QLocale locale;
  if (seconds < 10) return translated(QT_TRANSLATE_NOOP("Durations", "%1 s")).arg(locale.toString(seconds, 'f', 1));
  const auto whole = static_cast<qint64>(std::llround(seconds));
  if (whole < 60) return translated("%1 s").arg(whole);
  return translated(QT_TRANSLATE_NOOP("Durations", "%1 min %2 s")).arg(whole / 60).arg(whole % 60);
}

QString aboutText(const engine::PredictedTime& time) {
  if (time.high.count() < 1) return translated(QT_TRANSLATE_NOOP("Durations", "less than a second"));
  const Unit unit = unitOf(time);
  return translated(unit.about).arg(roughly(time.likely.count() / unit.seconds));
}

QString rangeText(const engine::PredictedTime& time) {
  if (time.high.count() < 1) return aboutText(time);
  const Unit unit = unitOf(time);
  return translated(unit.range)
      .arg(roughly(time.likely.count() / unit.seconds), roughly(time.low.count() / unit.seconds),
           roughly(time.high.count() / unit.seconds));
}

QString speedText(double secondsPerStep) {
  if (secondsPerStep <= 0) return {};
  const QLocale locale;
  if (secondsPerStep > 1) {
    return translated(QT_TRANSLATE_NOOP("Durations", "%1 s/it"))
        .arg(locale.toString(secondsPerStep, 'f', secondsPerStep < 10 ? 1 : 0));
  }
  const double perSecond = 1 / secondsPerStep;
  return translated(QT_TRANSLATE_NOOP("Durations", "%1 it/s"))
      .arg(locale.toString(perSecond, 'f', perSecond < 10 ? 1 : 0));
}

QString bytesText(qint64 bytes) {
  const QLocale locale;
  const double mebibytes = static_cast<double>(bytes) / (1 << 20);
  if (mebibytes < 1000)
    return translated(QT_TRANSLATE_NOOP("Durations", "%1 MiB"))
        .arg(locale.toString(mebibytes, 'f', bytes > 0 && mebibytes < 1 ? 2 : 0));
  return translated(QT_TRANSLATE_NOOP("Durations", "%1 GiB")).arg(locale.toString(mebibytes / 1024, 'f', 1));
}

}  // namespace studio::ui
