#include "ui/canvas/canvas_view.h"

#include "ui/canvas/canvas.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/text_role.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <array>
#include <cmath>

namespace studio::ui {
namespace {

constexpr std::array<int, 2> kFixedPercents{100, 200};
constexpr int kFitId = 0;

QString percentText(int percent) { return QLocale().toString(percent) + QStringLiteral(" %"); }

}  // namespace

CanvasView::CanvasView(QWidget* parent) : QWidget(parent) {
  buildLayout();
  connectSignals();
  updateZoom();
}

void CanvasView::buildLayout() {
  canvas_ = new Canvas(this);
  notices_ = new NoticeBar(canvas_);
  zoomButtons_ = new QButtonGroup(this);
  zoomText_ = new QLabel(this);
  setTextRole(zoomText_, TextRole::SmallMuted);
  note_ = new ElidedLabel(Qt::ElideRight, this);
  setTextRole(note_, TextRole::SmallMuted);

  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(0, 0, 4, 0);
  bar->setSpacing(2);
  const auto addButton = [&](const QString& text, const QString& tip, int id) {
    auto* button = new QPushButton(text, this);
    setButtonRole(button, ButtonRole::Flat);
    button->setCheckable(true);
    button->setToolTip(tip);
    zoomButtons_->addButton(button, id);
    bar->addWidget(button);
  };
  addButton(tr("Fit"), tr("Show the whole picture (Ctrl+0)"), kFitId);
  for (const int percent : kFixedPercents) {
    addButton(percentText(percent), tr("Zoom to %1").arg(percentText(percent)), percent);
  }
  bar->addSpacing(8);
  bar->addWidget(zoomText_);
  bar->addStretch(1);
  live_ = new QPushButton(tr("Back to the live picture"), this);
  live_->setObjectName(QStringLiteral("live"));
  live_->setToolTip(tr("Show how the picture that is being made looks now"));
  setButtonRole(live_, ButtonRole::Flat);
  live_->hide();
  bar->addWidget(live_);
  bar->addWidget(note_);

  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(6);
  rows->addLayout(bar);
  rows->addWidget(canvas_, 1);
}

void CanvasView::connectSignals() {
  connect(canvas_, &Canvas::zoomChanged, this, &CanvasView::updateZoom);
  connect(live_, &QPushButton::clicked, this, &CanvasView::liveWanted);
  connect(zoomButtons_, &QButtonGroup::idClicked, this, [this](int id) {
    if (id == kFitId) {
      canvas_->zoomToFit();
    } else {
      canvas_->setZoom(id / 100.0);
    }
  });
}

void CanvasView::updateZoom() {
  const int percent = static_cast<int>(std::lround(canvas_->zoom() * 100));
  zoomButtons_->setExclusive(false);
  for (QAbstractButton* button : zoomButtons_->buttons()) {
    const int id = zoomButtons_->id(button);
    button->setChecked(canvas_->isFitted() ? id == kFitId : id == percent);
  }
  zoomButtons_->setExclusive(true);
  zoomText_->setText(canvas_->isEmpty() ? QString() : percentText(percent));
}

void CanvasView::setNote(const QString& note) { note_->setText(note); }

QString CanvasView::note() const { return note_->text(); }

void CanvasView::offerLive(bool offered) { live_->setVisible(offered); }

}  // namespace studio::ui
