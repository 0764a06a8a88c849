#include "ui/widgets/chip.h"
#include "ui/widgets/elided_combo_box.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/panel_frame.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/text_role.h"
#include "ui/widgets/wheel_guard.h"

#include <QDoubleSpinBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace studio::ui {

class WidgetsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aCardThatGoesHandsTheFocusToItsHeir() {
    QWidget window;
    auto* card = new PanelFrame(QStringLiteral("Card"), &window);
    auto* button = new QPushButton(QStringLiteral("inside"), card);
    auto* next = new QPushButton(QStringLiteral("next"), &window);
    auto* heir = new QPushButton(QStringLiteral("heir"), &window);
    window.show();
    card->setFocusHeir(heir);
    button->setFocus();
    card->hide();
    QCOMPARE(window.focusWidget(), heir);
    card->show();
    next->setFocus();
    card->hide();
    QCOMPARE(window.focusWidget(), next);
  }

  void aLongFileNameLosesItsMiddle() {
    ElidedComboBox box;
    const QString name = QStringLiteral("a-very-long-model-name-that-nobody-can-read.vae.safetensors");
    box.addItems({name, QStringLiteral("short")});
    box.resize(160, 28);
    const QString shown = box.shownText();
    QVERIFY(shown.size() < name.size());
    QVERIFY(shown.contains(u'…'));
    QVERIFY2(shown.endsWith(QStringLiteral("tensors")), qPrintable(shown));
    box.setCurrentIndex(1);
    QCOMPARE(box.shownText(), QStringLiteral("short"));
  }

  void aLongLineEndsInAnEllipsisAndSaysAllOfItselfElsewhere() {
    ElidedLabel label(Qt::ElideRight);
    label.setText(QStringLiteral("step 12 of 30 · picture 2 of 4"));
    const QSize wanted = label.sizeHint();
    label.resize(wanted);
    QCOMPARE(label.shownText(), label.text());
    QVERIFY(label.minimumSizeHint().width() < wanted.width() / 2);
    label.resize(wanted.width() / 2, wanted.height());
    QVERIFY(label.shownText().endsWith(u'…'));
    QVERIFY(label.shownText().startsWith(QStringLiteral("step")));
    QCOMPARE(label.text(), QStringLiteral("step 12 of 30 · picture 2 of 4"));
  }

  void titlesAreInCapitalsButNamesStayNames() {
    QCOMPARE(inCapitals(QStringLiteral("Negative prompt")), QStringLiteral("NEGATIVE PROMPT"));
    QCOMPARE(inCapitals(QStringLiteral("LoRAs in use")), QStringLiteral("LoRAs IN USE"));
  }

  void sliderAndNumberShowTheSameValue() {
    SliderField field(QStringLiteral("Steps"), {1, 1000, 1, 60, 1, 0});
    QSignalSpy spy(&field, &SliderField::edited);
    field.slider()->setValue(19);
    QCOMPARE(field.value(), 20.0);
    QCOMPARE(spy.count(), 1);
    QCOMPARE(spy.last().first().toDouble(), 20.0);
    field.numberField()->setValue(30);
    QCOMPARE(field.slider()->value(), 29);
    QCOMPARE(spy.count(), 2);
  }

  void aFieldWhoseSliderWouldCoverNothingHasNone() {
    SliderField field(QStringLiteral("GPU threads"), {0, 16777216, 0, 0, 1024, 0});
    field.show();
    QVERIFY(!field.slider()->isVisible());
    field.numberField()->setValue(270336);
    QCOMPARE(field.value(), 270336.0);
  }

  void showingAValueIsNoEdit() {
    SliderField field(QStringLiteral("Guidance"), {0, 100, 1, 15, 0.5, 1});
    QSignalSpy spy(&field, &SliderField::edited);
    field.setValue(7.5);
    QCOMPARE(field.value(), 7.5);
    QCOMPARE(spy.count(), 0);
  }

  void aNumberBeyondTheSliderIsKept() {
    SliderField field(QStringLiteral("Guidance"), {0, 100, 1, 15, 0.5, 1});
    field.numberField()->setValue(42);
    QCOMPARE(field.value(), 42.0);
    QCOMPARE(field.slider()->value(), field.slider()->maximum());
  }

  void theWheelLeavesAControlWithoutFocusAlone() {
    QSlider slider;
    slider.setRange(0, 10);
    guardWheel(&slider);
    QWheelEvent event(QPointF(1, 1), QPointF(1, 1), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(&slider, &event);
    QCOMPARE(slider.value(), 0);
    QVERIFY(!event.isAccepted());
  }

  void chipsGoOnInANewRowWhenTheWidthIsUsedUp() {
    QWidget widget;
    auto* flow = new FlowLayout(&widget, 6);
    std::vector<Chip*> chips;
    for (int i = 0; i < 8; ++i) {
      chips.push_back(new Chip(QStringLiteral("chip number %1").arg(i)));
      flow->addWidget(chips.back());
    }
    widget.resize(10000, 40);
    flow->setGeometry(widget.rect());
    QCOMPARE(chips.back()->y(), chips.front()->y());
    const int width = chips.front()->sizeHint().width() * 2 + 10;
    widget.resize(width, flow->heightForWidth(width));
    flow->setGeometry(widget.rect());
    QCOMPARE(chips[2]->x(), chips[0]->x());
    QVERIFY(chips[2]->y() > chips[0]->y());
    QVERIFY(widget.height() >= chips.back()->geometry().bottom());
  }

  void aPanelSaysItsTitleAndHidesAnEmptyNote() {
    PanelFrame panel(QStringLiteral("Size"));
    QCOMPARE(panel.accessibleName(), QStringLiteral("Size"));
    panel.setNote(QStringLiteral("1.0 MP"));
    QCOMPARE(panel.note(), QStringLiteral("1.0 MP"));
  }

  void aNoticeOffersItsActionAndGoesAway() {
    QWidget window;
    window.resize(600, 400);
    NoticeBar notices(&window);
    window.show();
    int undone = 0;
    notices.showMessage(QStringLiteral("Settings taken over."), QStringLiteral("Undo"), [&undone] { ++undone; });
    QVERIFY(notices.isVisible());
    QVERIFY(window.rect().contains(notices.geometry()));
    for (QPushButton* button : notices.findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Undo")) button->click();
    }
    QCOMPARE(undone, 1);
    QVERIFY(!notices.isVisible());
  }
};

}  // namespace studio::ui

QTEST_MAIN(studio::ui::WidgetsTest)
#include "widgets_test.moc"
