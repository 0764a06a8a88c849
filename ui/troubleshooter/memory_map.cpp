#include "ui/troubleshooter/memory_map.h"

#include "ui/queue/durations.h"
#include "ui/style/theme_colors.h"
#include "ui/troubleshooter/memory_words.h"
#include "ui/widgets/text_role.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QStringList>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace studio::ui {
namespace {

constexpr int kBarHeight = 14, kGap = 2;
constexpr double kLeastWidth = 3;  ///< pixels of a part, however small it is

/// Lines may end between any two Japanese characters, unless told otherwise.
QString inOnePiece(const QString& text) {
  constexpr char16_t kWordJoiner = 0x2060;
  QString joined;
  for (const QChar c : text) {
    if (!joined.isEmpty() && !c.isLowSurrogate()) joined += QChar(kWordJoiner);
    joined += c == u' ' ? QChar(QChar::Nbsp) : c;
  }
  return joined;
}

}  // namespace

/// The painted bar alone.
class MemoryMap::Bar : public QWidget {
 public:
  explicit Bar(const MemoryMap& map) : map_(map) {
    setFixedHeight(kBarHeight);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    const auto& parts = map_.parts_;
    double sum = 0;
    for (const Part& part : parts) sum += static_cast<double>(part.bytes);
    const double room = width() - kGap * static_cast<double>(parts.size() - 1);
    double x = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const double wide = std::max(kLeastWidth, room * static_cast<double>(parts[i].bytes) / std::max(1.0, sum));
      const QRectF rect(x, 0, std::min(wide, width() - x), height());
      if (parts[i].paint == Paint::Solid) {
        painter.fillRect(rect, map_.colorOf(i));
      } else {
        if (parts[i].paint == Paint::Missing) painter.fillRect(rect, QBrush(map_.colorOf(i), Qt::BDiagPattern));
        painter.setPen(map_.colorOf(i));
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
      }
      x += wide + kGap;
    }
  }

 private:
  const MemoryMap& map_;
};

MemoryMap::MemoryMap(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("memoryMap"));
  setAccessibleName(tr("Memory map"));
  bar_ = new Bar(*this);
  legend_ = new QLabel(this);
  legend_->setObjectName(QStringLiteral("memoryLegend"));
  legend_->setWordWrap(true);
  legend_->setTextFormat(Qt::RichText);
  setTextRole(legend_, TextRole::SmallMuted);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(4);
  rows->addWidget(bar_);
  rows->addWidget(legend_);
}

void MemoryMap::showReport(const engine::MemoryReport& report) {
  parts_.clear();
  for (const engine::MemoryHolder& holder : report.holders)
    parts_.push_back({holderText(holder), holder.bytes.count, Paint::Solid});
  if (report.free.count > 0) parts_.push_back({tr("Free"), report.free.count, Paint::Free});
  const qint64 missing =
      report.ran ? report.asked.count - report.free.count : report.predictedPeak.count - report.limit.count;
  if (missing > 0) parts_.push_back({tr("▲ Missing"), missing, Paint::Missing});
  QStringList words;
  for (const Part& part : parts_) words.append(textOf(part));
  setAccessibleDescription(words.join(QStringLiteral(", ")));
  showLegend();
}

/// Themes have few colours that differ; lighter shades of them follow.
QColor MemoryMap::colorOf(std::size_t part) const {
  const ThemeColors colors = ThemeColors::of(palette());
  if (parts_[part].paint == Paint::Free) return colors.lineStrong;
  if (parts_[part].paint == Paint::Missing) return colors.bad;
  const std::array<QColor, 4> shades{colors.accent, colors.good, colors.warn, colors.muted};
  QColor color = shades[part % shades.size()];
  if (part >= shades.size()) color.setAlphaF(0.55F);
  return color;
}

/// Of some programs it is not known how much they hold.
QString MemoryMap::textOf(const Part& part) {
  return part.bytes > 0 ? tr("%1 %2").arg(part.text, bytesText(part.bytes)) : part.text;
}

void MemoryMap::showLegend() {
  QStringList entries;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const QString sign = parts_[i].paint == Paint::Solid ? QStringLiteral("■") : QStringLiteral("□");
    const QString text = inOnePiece(textOf(parts_[i])).toHtmlEscaped();
    entries.append(QStringLiteral("<span style=\"white-space:nowrap\"><span style=\"color:%1\">%2</span> %3</span>")
                       .arg(colorOf(i).name(), sign, text));
  }
  legend_->setText(entries.join(QStringLiteral(" &nbsp; ")));
  bar_->update();
}

void MemoryMap::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) showLegend();
  QWidget::changeEvent(event);
}

}  // namespace studio::ui
