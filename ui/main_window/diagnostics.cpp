#include "ui/main_window/diagnostics.h"

#include "engine/api/memory_report.h"
#include "ui/bridge/generation_session.h"
#include "ui/bridge/library.h"
#include "ui/bridge/text.h"
#include "ui/queue/durations.h"

#include <QDir>
#include <QGuiApplication>
#include <QStringList>
#include <QSysInfo>

namespace studio::ui {
namespace {

/// Developers read the report, so its words are English in every language.
QString deviceLine(const engine::DeviceInfo& device) {
  QStringList features;
  for (const std::string& feature : device.features) features.append(toQString(feature));
  return QStringLiteral("- %1 %2, %3, %4 (%5)")
      .arg(toQString(device.id), toQString(device.name), bytesText(device.totalMemory.count), features.join(u' '),
           device.usable ? QStringLiteral("usable") : toQString(device.reason.text()));
}

QString withoutHome(QString text) { return text.replace(QDir::homePath(), QStringLiteral("~")); }

QString holderLine(const engine::MemoryHolder& holder) {
  return QStringLiteral("  - %1 %2: %3")
      .arg(QLatin1String(engine::holderKindName(holder.kind)), toQString(holder.name), bytesText(holder.bytes.count));
}

QStringList memoryLines(const engine::MemoryReport& report) {
  QStringList lines{QStringLiteral("- memory: %1, step %2, asked %3, free %4, in use %5, limit %6")
                        .arg(QLatin1String(engine::phaseName(report.phase)))
                        .arg(report.step)
                        .arg(bytesText(report.asked.count), bytesText(report.free.count), bytesText(report.inUse.count),
                             bytesText(report.limit.count)),
                    QStringLiteral("- peak: predicted %1, measured %2; streamed per step %3")
                        .arg(bytesText(report.predictedPeak.count), bytesText(report.measuredPeak.count),
                             bytesText(report.streamedPerStep.count))};
  for (const engine::MemoryHolder& holder : report.holders) lines << holderLine(holder);
  for (const engine::Sentence& rung : report.rungs) lines << QStringLiteral("- tried: ") + toQString(rung.text());
  return lines;
}

QStringList errorLines(const engine::EngineError& error) {
  return {QString(), QStringLiteral("## Last failure"),
          QStringLiteral("- kind: ") + QLatin1String(engine::errorKindName(error.kind)),
          QStringLiteral("- message: ") + withoutHome(toQString(error.message)),
          QStringLiteral("- detail: ") + withoutHome(toQString(error.detail))};
}

QStringList requestLines(const engine::GenerationRequest& request) {
  return {QString(), QStringLiteral("## Last request"),
          QStringLiteral("- size %1 × %2, %3 steps, %4, %5, batch %6 × %7, %8 LoRAs")
              .arg(request.size.width)
              .arg(request.size.height)
              .arg(request.steps)
              .arg(toQString(engine::labelOf(request.sampler)), toQString(engine::labelOf(request.schedule)))
              .arg(request.batchSize)
              .arg(request.batchCount)
              .arg(request.loras.size())};
}

}  // namespace

QString diagnosticsReport(const QString& version, const std::vector<engine::DeviceInfo>& devices,
                          const GenerationSession& session, const Library& library) {
  QStringList lines{QStringLiteral("# Kiln Studio %1").arg(version),
                    QStringLiteral("- system: %1, %2").arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion()),
                    QStringLiteral("- Qt %1, %2, %3")
                        .arg(QLatin1String(qVersion()), QGuiApplication::platformName(), QLocale().name()),
                    QStringLiteral("- library: %1 models, %2 LoRAs, %3 unreadable files")
                        .arg(library.listing().models.size())
                        .arg(library.listing().loras.size())
                        .arg(library.listing().problems.size())};
  lines << QString() << QStringLiteral("## Devices");
  for (const engine::DeviceInfo& device : devices) lines << deviceLine(device);
  if (const auto& status = session.engineStatus(); status) {
    lines << QStringLiteral("- engine: %1, %2 threads, %3 (%4)")
                 .arg(toQString(engine::labelOf(status->precision)))
                 .arg(status->threads)
                 .arg(status->family, toQString(status->reason.text()));
  }
  const engine::GenerationRequest& told = session.lastError() ? session.failedRequest() : session.submittedRequest();
  if (!told.model.empty()) lines << requestLines(told);
  if (session.lastError()) lines << errorLines(*session.lastError());
  if (session.lastError() && session.lastError()->memory) lines << memoryLines(*session.lastError()->memory);
  return lines.join(u'\n') + u'\n';
}

}  // namespace studio::ui
