#include "ui/lora/lora_rules.h"

#include <QTest>

namespace studio::ui {
namespace {

using engine::ModelFamily;

engine::LoraInfo lora(const char* file, ModelFamily base = ModelFamily::StableDiffusion1, bool usable = true) {
  engine::LoraInfo info;
  info.path = file;
  info.name = info.path.stem().string();
  info.base = base;
  info.usable = usable;
  return info;
}

}  // namespace

class LoraRulesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void saysWhetherALoraFitsTheModel();
  void listsUsedFilesThatAreInNoFolderFirst();
  void keepsTheOrderWhenSomethingIsSwitchedOn();
  void filtersByEveryWordInNameOrTrigger();
  void changesOnlyTheLoraMeant();
};

void LoraRulesTest::saysWhetherALoraFitsTheModel() {
  QVERIFY(fitOf(lora("a"), ModelFamily::StableDiffusion1) == LoraFit::Fits);
  QVERIFY(fitOf(lora("a"), ModelFamily::StableDiffusionXl) == LoraFit::OtherFamily);
  QVERIFY(fitOf(lora("a"), ModelFamily::Unknown) == LoraFit::Fits);
  QVERIFY(fitOf(lora("a", ModelFamily::Unknown), ModelFamily::StableDiffusion1) == LoraFit::UnknownBase);
  QVERIFY(fitOf(lora("a", ModelFamily::StableDiffusion1, false), ModelFamily::StableDiffusion1) == LoraFit::Unusable);
}

void LoraRulesTest::listsUsedFilesThatAreInNoFolderFirst() {
  engine::GenerationRequest request;
  request.loras = {{"/l/b.safetensors", 0.5}, {"/x/gone.safetensors", 0.8}};
  const auto rows =
      loraRows({lora("/l/a.safetensors"), lora("/l/b.safetensors")}, request, ModelFamily::StableDiffusion1);
  QCOMPARE(rows.size(), std::size_t{3});
  QCOMPARE(rows[0].name, QStringLiteral("gone"));
  QVERIFY(rows[0].fit == LoraFit::Missing);
  QVERIFY(!rows[1].used);
  QVERIFY(rows[2].used);
  QCOMPARE(rows[2].weight, 0.5);
}

void LoraRulesTest::keepsTheOrderWhenSomethingIsSwitchedOn() {
  const std::vector<engine::LoraInfo> found{lora("/l/a.safetensors"), lora("/l/b.safetensors")};
  engine::GenerationRequest request;
  useLora(request, "/l/b.safetensors", 1.0);
  const auto rows = loraRows(found, request, ModelFamily::StableDiffusion1);
  QCOMPARE(rows[0].name, QStringLiteral("a"));
  QCOMPARE(rows[1].name, QStringLiteral("b"));
}

void LoraRulesTest::filtersByEveryWordInNameOrTrigger() {
  engine::LoraInfo info = lora("/l/Ink-Wash.safetensors");
  info.triggers = {"sumi-e", "墨絵"};
  LoraRow row;
  row.name = QStringLiteral("Ink-Wash");
  row.info = &info;
  QVERIFY(matchesFilter(row, QString()));
  QVERIFY(matchesFilter(row, QStringLiteral("ink")));
  QVERIFY(matchesFilter(row, QStringLiteral("wash SUMI")));
  QVERIFY(matchesFilter(row, QString::fromUtf8("墨絵")));
  QVERIFY(matchesFilter(row, QString::fromUtf8("ＩＮＫ")));
  QVERIFY(!matchesFilter(row, QStringLiteral("ink oil")));
}

void LoraRulesTest::changesOnlyTheLoraMeant() {
  engine::GenerationRequest request;
  useLora(request, "/l/a.safetensors", 0.7);
  useLora(request, "/l/b.safetensors", 1.0);
  useLora(request, "/l/./a.safetensors", 0.1);  // the same file: it is on already
  QCOMPARE(request.loras.size(), std::size_t{2});
  weighLora(request, "/l/b.safetensors", -0.5);
  weighLora(request, "/l/c.safetensors", 9.0);
  QCOMPARE(request.loras[0].weight, 0.7);
  QCOMPARE(request.loras[1].weight, -0.5);
  dropLora(request, "/l/a.safetensors");
  QCOMPARE(request.loras.size(), std::size_t{1});
}

}  // namespace studio::ui

QTEST_GUILESS_MAIN(studio::ui::LoraRulesTest)
#include "lora_rules_test.moc"
