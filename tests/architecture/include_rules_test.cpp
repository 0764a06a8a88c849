#include <gtest/gtest.h>

#include "tests/architecture/include_rules.h"

namespace studio::architecture {
namespace {

SourceTree treeOf(std::initializer_list<SourceFile> files) {
  SourceTree tree;
  for (const SourceFile& file : files) tree.emplace(file.path, file);
  return tree;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(IncludeRules, holdInTheWholeRepository) {
  const SourceTree tree = readTree(".");

  const std::vector<std::string> broken = brokenIncludeRules(tree);

  ASSERT_TRUE(tree.contains("engine/api/units.h")) << "run in the repository's root";
  EXPECT_TRUE(broken.empty()) << joined(broken);
}

TEST(IncludeRules, reportTheWindowLookingIntoTheEngine) {
  const SourceTree tree = treeOf(
      {parseFile("ui/a.cpp", "#include \"engine/vae/vae.h\"\n"), parseFile("engine/vae/vae.h", "#include <vector>\n")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)), "ui/a.cpp:1: ui may not use engine/vae/vae.h\n");
}

TEST(IncludeRules, reportSamplingLookingAtDiffusion) {
  const SourceTree tree = treeOf({parseFile("engine/sampling/a.cpp", "\n#include \"engine/diffusion/unet.h\"\n"),
                                  parseFile("engine/diffusion/unet.h", "")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)),
            "engine/sampling/a.cpp:2: engine/sampling may not use engine/diffusion/unet.h\n");
}

TEST(IncludeRules, reportTorchBehindAHeaderOfATorchFreeFolder) {
  const SourceTree tree = treeOf({parseFile("app/a.cpp", "#include \"engine/ops/ops.h\"\n#include <spdlog/spdlog.h>\n"),
                                  parseFile("engine/ops/ops.h", "#include <ATen/Tensor.h>\n")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)),
            "app/a.cpp: sees both torch and fmt or spdlog\n"
            "app/a.cpp: sees torch through the headers it includes\n");
}

TEST(IncludeRules, reportQtAndTorchInOneTest) {
  const SourceTree tree =
      treeOf({parseFile("tests/end_to_end/a.cpp", "#include <QString>\n#include <c10/util/Half.h>\n")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)), "tests/end_to_end/a.cpp: sees both Qt and torch\n");
}

TEST(IncludeRules, allowGraphicsHeadersOnlyInTheGpuOperators) {
  const SourceTree tree = treeOf({parseFile("engine/ops/gpu/a.cpp", "#include <cuda_runtime_api.h>\n"),
                                  parseFile("engine/ops/cpu/a.cpp", "#include <cuda_runtime_api.h>\n")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)), "engine/ops/cpu/a.cpp:1: engine/ops may not see <cuda_runtime_api.h>\n");
}

TEST(IncludeRules, keepSettingsToQtCore) {
  const SourceTree tree = treeOf({parseFile("settings/a.h", "#include <QString>\n#include <QWidget>\n")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)), "settings/a.h:2: settings may not see <QWidget>\n");
}

TEST(IncludeRules, keepThePublicFaceToTheStandardLibrary) {
  const SourceTree tree = treeOf({parseFile("engine/api/a.h", "#include <vector>\n#include <nlohmann/json.hpp>\n")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)), "engine/api/a.h:2: engine/api may not see <nlohmann/json.hpp>\n");
}

TEST(IncludeRules, reportIncludesThatDoNotStartAtTheRoot) {
  const SourceTree tree =
      treeOf({parseFile("engine/api/a.cpp", "#include \"a.h\"\n"), parseFile("engine/api/a.h", "")});

  EXPECT_EQ(joined(brokenIncludeRules(tree)),
            "engine/api/a.cpp:1: a.h is neither in the repository (from its root) nor of a library we use\n");
}

}  // namespace
}  // namespace studio::architecture
