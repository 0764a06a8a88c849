#include "tests/ui/support/test_desk.h"

#include <QSignalSpy>
#include <QTest>

namespace studio::ui {

class LibraryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void modelsAndLorasOfTheFoldersAreFound() {
    test::TestDesk desk;
    const Library& library = desk.workspace->library;
    QVERIFY(library.findModel(desk.model()) != nullptr);
    QVERIFY(library.findLora(desk.lora("ink")) != nullptr);
    QVERIFY(library.findModel(desk.folder() / "models" / ".." / "models" / "kiln.safetensors") != nullptr);
    QVERIFY(library.findModel("/elsewhere/kiln.safetensors") == nullptr);
  }

  void aNameWithoutFolderFindsItsFile() {
    test::TestDesk desk;
    const Library& library = desk.workspace->library;
    QCOMPARE(library.findModelNamed(QStringLiteral("KILN"))->path, desk.model());
    QCOMPARE(library.findLoraNamed(QStringLiteral("ink.safetensors"))->path, desk.lora("ink"));
    QVERIFY(library.findLoraNamed(QStringLiteral("kiln")) == nullptr);
  }

  void textualInversionsAreKnownByNameAndLength() {
    test::TestDesk desk;
    engine::OtherInfo embedding;
    embedding.type = engine::FileKind::Embedding;
    embedding.vectors = 8;
    desk.addFile("EasyNegative.pt", embedding);
    desk.workspace->library.rescan();
    desk.waitForScan();
    const auto names = desk.workspace->library.embeddingNames();
    QCOMPARE(names.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(names[0].name), QStringLiteral("EasyNegative"));
    QCOMPARE(names[0].vectors, 8);
    QVERIFY(desk.tokenCounter.embeddings == names);
  }

  void aFileOpenedByHandSurvivesARescan() {
    test::TestDesk desk;
    Library& library = desk.workspace->library;
    desk.inspector.files["extra.safetensors"] = test::loraInfo("extra");
    const std::filesystem::path outside = desk.folder() / "extra.safetensors";
    QSignalSpy added(&library, &Library::fileAdded);
    library.addFile(outside);
    QVERIFY(added.wait());
    library.rescan();
    desk.waitForScan();
    QVERIFY(library.findLora(outside) != nullptr);
  }

  void aFileThatIsNoModelIsRefusedWithItsReason() {
    test::TestDesk desk;
    Library& library = desk.workspace->library;
    QString message;
    connect(&library, &Library::fileRefused, this,
            [&](const auto&, const engine::EngineError& error) { message = QString::fromStdString(error.message); });
    library.addFile(desk.folder() / "nonsense.safetensors");
    QVERIFY(QTest::qWaitFor([&] { return !message.isEmpty(); }));
    QCOMPARE(message, QStringLiteral("This is no model file."));
  }

  void anAddedFolderIsRememberedAndSearched() {
    test::TestDesk desk;
    const std::filesystem::path more = desk.folder() / "more";
    std::filesystem::create_directories(more);
    desk.inspector.files["late.safetensors"] = test::loraInfo("late");
    std::filesystem::copy_file(desk.model(), more / "late.safetensors");
    desk.workspace->library.addLoraFolder(more);
    desk.waitForScan();
    QVERIFY(desk.workspace->library.findLora(more / "late.safetensors") != nullptr);
    QCOMPARE(desk.settings.loraFolders.get(), QStringList({QString::fromStdString(more.string())}));
  }

  void aLoraHasTheNamesThatPromptsMayCallItBy() {
    engine::LoraInfo lora = test::loraInfo("wash");
    lora.path = "/loras/styles/wash.safetensors";
    lora.metadata = {{"ss_output_name", "Ink Wash"}};
    QCOMPARE(Library::promptNames(lora, {"/models", "/loras"}),
             (std::vector<std::string>{"wash", "Ink Wash", "styles/wash"}));
    lora.metadata.clear();
    QCOMPARE(Library::promptNames(lora, {"/loras/styles"}), std::vector<std::string>{"wash"});
  }
};

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::LibraryTest)
#include "library_test.moc"
