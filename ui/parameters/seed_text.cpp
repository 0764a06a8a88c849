#include "ui/parameters/seed_text.h"

#include <QRandomGenerator>

namespace studio::ui {

SeedText readSeedText(const QString& text) {
  const QString digits = text.normalized(QString::NormalizationForm_KC).trimmed();
  if (digits.isEmpty() || digits == QStringLiteral("-1")) return {true, std::nullopt};
  for (const QChar character : digits) {
    if (character < u'0' || character > u'9') return {};
  }
  bool ok = false;
  const qulonglong value = digits.toULongLong(&ok);
  return ok ? SeedText{true, engine::Seed{value}} : SeedText{};
}

QString seedText(const std::optional<engine::Seed>& seed) {
  return seed ? QString::number(static_cast<qulonglong>(seed->value)) : QString();
}

engine::Seed drawSeed() {
  constexpr quint32 kNineDigits = 1'000'000'000;
  return {QRandomGenerator::global()->bounded(kNineDigits)};
}

}  // namespace studio::ui
