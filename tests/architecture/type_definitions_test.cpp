#include "tests/architecture/type_definitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace studio::architecture {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> namesIn(std::string_view source) {
  std::vector<std::string> names;
  for (const TypeDefinition& type : typeDefinitions(source)) names.push_back(type.name);
  return names;
}

SourceTree treeOf(std::initializer_list<SourceFile> files) {
  SourceTree tree;
  for (const SourceFile& file : files) tree.emplace(file.path, file);
  return tree;
}

TEST(TypeDefinitions, areStructsClassesAndEnumsWithABody) {
  EXPECT_THAT(namesIn("namespace a::b {\n"
                      "struct First;  // struct Never { };\n"
                      "struct First { int x = 1; };\n"
                      "class Second final : public Base<int>, private Other {\n public:\n  Second() {}\n};\n"
                      "template <class Enum>\nstruct Third {\n  Enum value;\n};\n"
                      "enum class Fourth : int { A, B };\n"
                      "union Fifth { int a; };\n}\n"
                      "class Sixth {};\n"),
              ElementsAre("a::b::First", "a::b::Second", "a::b::Third", "a::b::Fourth", "a::b::Fifth", "Sixth"));
}

TEST(TypeDefinitions, areNotThoseInsideOthersInFunctionsAndInUnnamedNamespaces) {
  EXPECT_THAT(namesIn("namespace a {\nstruct Outer { struct Inner { int x; }; enum { kOne }; };\n"
                      "inline struct Outer f(int x = 1) { struct Local { int y; }; return {}; }\n"
                      "namespace {\nstruct Hidden { int x; };\n}\n"
                      "template <>\nstruct Hash<Outer> { int x; };\n}\n"),
              ElementsAre("a::Outer"));
}

TEST(TypesDefinedTwice, areNamedWithBothPlaces) {
  const SourceTree tree = treeOf({parseFile("engine/a.h", "namespace s {\nstruct A {};\nstruct B {};\n}\n"),
                                  parseFile("engine/b.h", "namespace s {\nstruct C {};\nclass A {};\n}\n")});
  EXPECT_THAT(typesDefinedTwice(tree), ElementsAre("engine/b.h:3: s::A is defined in engine/a.h:2 too"));
}

TEST(TypesDefinedTwice, mayLieInDifferentAndInUnnamedNamespaces) {
  const SourceTree tree = treeOf({parseFile("engine/a.h", "namespace s {\nstruct A {};\n}\n"),
                                  parseFile("engine/b.h", "namespace s::t {\nstruct A {};\n}\n"),
                                  parseFile("engine/c.h", "namespace s {\nstruct A;\n}\n"),
                                  parseFile("engine/d.cpp", "namespace s {\nnamespace {\nstruct A {};\n}\n}\n")});
  EXPECT_THAT(typesDefinedTwice(tree), IsEmpty());
}

TEST(TypesDefinedTwice, areNoneInTheWholeRepository) {
  const SourceTree tree = readTree(".");
  EXPECT_THAT(namesIn(tree.at("engine/api/generation_request.h").text), testing::Not(IsEmpty()));
  for (const std::string& sentence : typesDefinedTwice(tree)) ADD_FAILURE() << sentence;
}

}  // namespace
}  // namespace studio::architecture
