#include "ui/troubleshooter/memory_words.h"

#include "ui/bridge/engine_words.h"
#include "ui/bridge/text.h"
#include "ui/queue/durations.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace studio::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(MemoryWords)
};

/// What was being done, from the studio's own account of it.
QString doingText(engine::Phase phase) {
  switch (phase) {
    case engine::Phase::Load:
      return Words::tr("Loading the model");
    case engine::Phase::Encode:
      return Words::tr("Reading the prompt");
    case engine::Phase::Denoise:
      return Words::tr("Denoising");
    case engine::Phase::Decode:
      return Words::tr("Decoding");
    case engine::Phase::Write:
      return Words::tr("Saving");
  }
  return {};
}

QString networkText(const std::string& name) {
  if (name == "unet") return Words::tr("UNet");
  if (name == "vae") return Words::tr("VAE");
  if (name == "text_encoder") return Words::tr("Text encoder");
  if (name == "text_encoder_2") return Words::tr("Second text encoder");
  if (name == "preview") return Words::tr("Preview decoder");
  if (name == "refiner") return Words::tr("Refiner");
  return toQString(name);
}

}  // namespace

QString memoryTitle(const engine::MemoryReport& report, int keptSteps) {
  const QString what = report.host ? Words::tr("Not enough main memory") : Words::tr("Not enough memory");
  return keptSteps > 0 ? Words::tr("%1 – %n step(s) are kept", nullptr, keptSteps).arg(what) : what;
}

QString memoryHappened(const engine::MemoryReport& report) {
  if (!report.ran) {
    return Words::tr("%1 has no room: even the smallest way needs %2, and %3 are allowed.")
        .arg(doingText(report.phase), bytesText(report.predictedPeak.count), bytesText(report.limit.count));
  }
  const QString asked = bytesText(report.asked.count), free = bytesText(report.free.count);
  if (report.largestPiece.count > 0 && report.asked < report.free) {
    return Words::tr("%1 asked for %2 more; %3 were free, but in pieces of at most %4.")
        .arg(doingText(report.phase), asked, free, bytesText(report.largestPiece.count));
  }
  if (report.limit.count > 0) {
    return Words::tr("%1 asked for %2 more; %3 were free of %4.")
        .arg(doingText(report.phase), asked, free, bytesText(report.limit.count));
  }
  return Words::tr("%1 asked for %2 more; %3 were free.").arg(doingText(report.phase), asked, free);
}

QString memoryNumbers(const engine::MemoryReport& report) {
  const QString predicted = bytesText(report.predictedPeak.count), measured = bytesText(report.measuredPeak.count);
  QStringList parts;
  if (report.ran) parts.append(Words::tr("Predicted peak %1, measured %2.").arg(predicted, measured));
  if (report.streamedPerStep.count > 0)
    parts.append(Words::tr("%1 are brought to the device at each step.").arg(bytesText(report.streamedPerStep.count)));
  return parts.join(u' ');
}

QString holderText(const engine::MemoryHolder& holder) {
  switch (holder.kind) {
    case engine::MemoryHolder::Kind::Weights:
      if (holder.presentBlocks >= holder.blocks) return networkText(holder.name);
      return Words::tr("%1, %2 of %3 blocks")
          .arg(networkText(holder.name))
          .arg(holder.presentBlocks)
          .arg(holder.blocks);
    case engine::MemoryHolder::Kind::Activations:
      return Words::tr("Activations");
    case engine::MemoryHolder::Kind::Cache:
      return Words::tr("Cache");
    case engine::MemoryHolder::Kind::OtherProgram:
      return toQString(holder.name);
  }
  return {};
}

QString fixText(const engine::MemoryFix& fix) {
  QString text = inWords(fix.what);
  if (text.endsWith(u'.') || text.endsWith(u'。')) text.chop(1);
  return text;
}

QString effectText(engine::PictureEffect effect) {
  switch (effect) {
    case engine::PictureEffect::Identical:
      return Words::tr("identical");
    case engine::PictureEffect::SameToTheEye:
      return Words::tr("same to the eye");
    case engine::PictureEffect::Different:
      return Words::tr("a different picture");
  }
  return {};
}

QString effectExplained(const engine::MemoryFix& fix) {
  if (fix.effect == engine::PictureEffect::SameToTheEye)
    return Words::tr("Shapes stay as they are; in large even areas colours may differ a little from tile to tile.");
  if (fix.effect != engine::PictureEffect::Different) return {};
  const auto& present = fix.patch.present;
  const bool size = std::find(present.begin(), present.end(), "width") != present.end();
  return size ? Words::tr("At another size the same seed gives another composition; its steps begin again.")
              : Words::tr("The same seed gives another picture; its steps begin again.");
}

QString notEnoughText(const engine::MemoryReport& report) {
  QStringList parts;
  for (const engine::MemoryFix& fix : report.notEnough)
    parts.append(QStringLiteral("%1 %2").arg(fixText(fix), bytesText(fix.peak.count)));
  return parts.isEmpty() ? QString() : Words::tr("Not enough alone: %1").arg(parts.join(QStringLiteral(" · ")));
}

}  // namespace studio::ui
