#include "tests/ui/support/test_desk.h"

#include <QTest>

namespace studio::ui {

class ModelChoiceKeeperTest : public QObject {
  Q_OBJECT

  static void choose(test::TestDesk& desk, engine::PredictionType prediction) {
    desk.workspace->draft.edit([prediction](engine::GenerationRequest& request) { request.prediction = prediction; });
  }
  static void chooseModel(test::TestDesk& desk, const std::filesystem::path& model) {
    desk.workspace->draft.edit([&model](engine::GenerationRequest& request) { request.model = model; });
  }

 private Q_SLOTS:
  void aChoiceIsRememberedForTheModelAndTakenBackWithIt() {
    test::TestDesk desk;
    const std::filesystem::path other = desk.addFile("other.safetensors", test::modelInfo("other"));
    desk.workspace->library.rescan();
    desk.waitForScan();
    const engine::GenerationRequest& request = desk.workspace->draft.request();
    chooseModel(desk, desk.model());
    choose(desk, engine::PredictionType::Velocity);
    QTRY_COMPARE(desk.inspector.choiceFor("kiln.safetensors").prediction, engine::PredictionType::Velocity);
    chooseModel(desk, other);
    QTRY_COMPARE(request.prediction, engine::PredictionType::Automatic);
    QVERIFY(desk.inspector.choiceFor("other.safetensors") == engine::ModelChoice());
    chooseModel(desk, desk.model());
    QTRY_COMPARE(request.prediction, engine::PredictionType::Velocity);
  }

  void whatAPictureBringsWithItsModelIsNotOverruled() {
    test::TestDesk desk;
    const std::filesystem::path other = desk.addFile("other.safetensors", test::modelInfo("other"));
    desk.workspace->library.rescan();
    desk.waitForScan();
    desk.workspace->draft.edit([&other](engine::GenerationRequest& request) {
      request.model = other;
      request.prediction = engine::PredictionType::Velocity;
    });
    QTest::qWait(20);
    QCOMPARE(desk.workspace->draft.request().prediction, engine::PredictionType::Velocity);
    QVERIFY(desk.inspector.choiceFor("other.safetensors") == engine::ModelChoice());
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::ModelChoiceKeeperTest)
#include "model_choice_keeper_test.moc"
