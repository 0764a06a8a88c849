#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/architecture/function_sizes.h"
#include "tests/architecture/source_tree.h"

namespace studio::architecture {
namespace {

constexpr int kMostLinesOfAFunction = 60;
constexpr int kMostLinesOfAFile = 400;

std::set<std::string> readExceptions() {
  std::ifstream stream("tests/architecture/size_exceptions.txt");
  std::set<std::string> exceptions;
  std::string line, name;
  while (std::getline(stream, line)) {
    if (!line.starts_with('#') && std::istringstream(line) >> name) exceptions.insert(name);
  }
  return exceptions;
}

// What is over its limit, as "path" or "path:function", with the sentence that says so.
std::vector<std::pair<std::string, std::string>> oversized(const SourceTree& tree) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [path, file] : tree) {
    const int lines = countLines(file.text);
    if (lines > kMostLinesOfAFile) found.emplace_back(path, path + " has " + std::to_string(lines) + " lines");
    for (const FunctionSize& function : measureFunctions(file.text)) {
      if (function.lines <= kMostLinesOfAFunction) continue;
      found.emplace_back(path + ":" + function.name, path + ":" + std::to_string(function.firstLine) + ": " +
                                                         function.name + " has " + std::to_string(function.lines) +
                                                         " lines");
    }
  }
  return found;
}

// An exception names a function ("path:function"), a file, or a folder of kernels ("folder/").
bool covers(const std::string& exception, const std::string& key) {
  return key == exception || key.starts_with(exception + ":") ||
         (exception.ends_with('/') && key.starts_with(exception));
}

bool isAccepted(const std::set<std::string>& exceptions, const std::string& key) {
  return std::any_of(exceptions.begin(), exceptions.end(),
                     [&](const std::string& exception) { return covers(exception, key); });
}

TEST(Sizes, ofFunctionsAndFilesStayWithinTheLimits) {
  const std::set<std::string> exceptions = readExceptions();

  for (const auto& [key, sentence] : oversized(readTree("."))) {
    if (isAccepted(exceptions, key)) {
      std::printf("accepted: %s\n", sentence.c_str());
    } else {
      ADD_FAILURE() << sentence;
    }
  }
}

TEST(Sizes, exceptionsNameOnlyWhatIsStillTooLong) {
  const auto found = oversized(readTree("."));

  for (const std::string& exception : readExceptions()) {
    EXPECT_TRUE(
        std::any_of(found.begin(), found.end(), [&](const auto& each) { return covers(exception, each.first); }))
        << exception << " is short enough: remove it from size_exceptions.txt";
  }
}

TEST(MeasureFunctions, countsFromBraceToBrace) {
  const auto functions = measureFunctions("namespace a {\nint f(int x) {\n  return x;\n}\n}\n");

  ASSERT_EQ(functions.size(), 1u);
  EXPECT_EQ(functions[0].name, "f");
  EXPECT_EQ(functions[0].firstLine, 2);
  EXPECT_EQ(functions[0].lines, 3);
}

TEST(MeasureFunctions, isNotMisledByBracesInTextAndComments) {
  const auto functions =
      measureFunctions("void f() {\n  g(\"{\"); // {\n  h('{', R\"x({)x\"); /* { */\n}\nvoid k() {}\n");

  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0].lines, 4);
  EXPECT_EQ(functions[1].lines, 1);
}

TEST(MeasureFunctions, seesConstructorsWithInitialisers) {
  const auto functions = measureFunctions(
      "class A {\n  A() : x_{1}, y_(2) {\n    f();\n  }\n  int x_ = 1;\n  std::vector<int> v_{1, 2};\n"
      "  bool g() const noexcept {\n    return true;\n  }\n};\n");

  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0].name, "A");
  EXPECT_EQ(functions[0].lines, 3);
  EXPECT_EQ(functions[1].name, "g");
  EXPECT_EQ(functions[1].lines, 3);
}

TEST(MeasureFunctions, takesTablesForData) {
  EXPECT_TRUE(measureFunctions("const std::array<int, 2> k = {\n 1,\n 2};\nstruct S {\n int a = 1;\n};\n").empty());
}

}  // namespace
}  // namespace studio::architecture
