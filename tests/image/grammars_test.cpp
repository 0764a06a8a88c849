#include "engine/image/grammars/translated_prompt.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

struct Case {
  const char* original;
  const char* translated;
  std::vector<std::string> untranslated = {};
};

template <class Translate>
void check(Translate translate, const std::vector<Case>& cases) {
  for (const Case& expected : cases) {
    const TranslatedPrompt result = translate(expected.original);
    EXPECT_EQ(result.text, expected.translated) << expected.original;
    EXPECT_EQ(result.untranslated, expected.untranslated) << expected.original;
  }
}

TEST(ComfyUiGrammar, keepsWeightsAndMakesTheRestPlain) {
  check(translateComfyUiPrompt, {{"a (duck:1.2), ((pond))", "a (duck:1.2), ((pond))"},
                                 {"embedding:EasyNegative, worst", "EasyNegative, worst"},
                                 {"(embedding:sdxl/neg.pt:0.8) x", "(neg:0.8) x"},
                                 {"embedding:桜.safetensors", "桜"},
                                 {"my_embedding:x", "my_embedding:x"},
                                 {"[from] \\(a\\) \\[b\\]", "\\[from\\] \\(a\\) \\[b\\]"},
                                 {"cats AND dogs BREAK FANDANGO", "cats and dogs break FANDANGO"},
                                 {"duck <lora:water:0.5> pond", "duck pond", {"<lora:water:0.5>"}},
                                 {"", ""}});
}

TEST(InvokeAiGrammar, turnsSignsIntoWeights) {
  check(translateInvokeAiPrompt, {{"a duck+ on a pond--", "a (duck:1.1) on a (pond:0.81)"},
                                  {"(big duck)++, water", "(big duck:1.21), water"},
                                  {"(big duck)1.3 (pond)0.5", "(big duck:1.3) (pond:0.5)"},
                                  {"(plain group)", "plain group"},
                                  {"semi-realistic, c++ code", "semi-realistic, (c:1.21) code"},
                                  {"(outer (inner)+)-", "(outer (inner:1.1):0.9)"},
                                  {"\\(literal\\) plus\\+ [neg]", "\\(literal\\) plus+ \\[neg\\]"},
                                  {"open ( end", "open \\( end"},
                                  {"don't+ stop", "(don't:1.1) stop"}});
}

TEST(InvokeAiGrammar, translatesConjunctionsAndNamesBlends) {
  check(translateInvokeAiPrompt,
        {{R"(("a cat", "a dog+").and())", "a cat BREAK a (dog:1.1)"},
         {R"(("a cat", "a dog").and(1, 0.5))", "a cat BREAK (a dog:0.5)"},
         {R"(("a cat", "a dog").blend(0.7, 0.3))",
          "a cat :0.7 AND a dog :0.3",
          {R"(("a cat", "a dog").blend(0.7, 0.3))"}},
         {R"(("a", "b").blend(1, 1, no_normalize))", "a :0.5 AND b :0.5", {R"(("a", "b").blend(1, 1, no_normalize))"}},
         {"a cat.swap(dog) on a mat", "a cat on a mat", {".swap(dog)"}}});
}

TEST(InvokeAiGrammar, splitsTheBracketedNegativeOfOldVersions) {
  const SplitPrompt split = splitBracketedNegative("a duck [blurry, ugly] on a pond [dark]");
  EXPECT_EQ(split.prompt, "a duck  on a pond");
  EXPECT_EQ(split.negativePrompt, "blurry, ugly dark");
  EXPECT_EQ(splitBracketedNegative("open [ end").prompt, "open [ end");
}

TEST(NovelAiGrammar, turnsBracesIntoWeights) {
  check(translateNovelAiPrompt, {{"{duck}, pond", "(duck:1.05), pond"},
                                 {"{{{duck}}} [dull]", "(duck:1.1576) (dull:0.9524)"},
                                 {"{a {b} c}", "(a :1.05)(b:1.1025)( c:1.05)"},
                                 {"duck (mallard)", "duck \\(mallard\\)"},
                                 {"1.5::red duck::, pond", "(red duck:1.5), pond"},
                                 {"-1::snow::", "(snow:-1)"},
                                 {"{open", "(open:1.05)"},
                                 {"a | b", "a | b", {"a | b"}},
                                 {"info::x", "infox"}});
}

TEST(SwarmUiGrammar, translatesItsTagsAndNamesTheOthers) {
  check(translateSwarmUiPrompt, {{"a <fromto[0.5]:cat,dog>", "a [cat:dog:0.5]"},
                                 {"<alternate:cat,dog> x", "[cat|dog] x"},
                                 {"<weight[1.4]:big duck> <embed:sdxl/neg>", "(big duck:1.4) neg"},
                                 {"one<break>two", "one BREAK two"},
                                 {"a <random:x,y> b", "a  b", {"<random:x,y>"}},
                                 {"face <segment:eye,0.6> bright eyes", "face", {"<segment:eye,0.6> bright eyes"}},
                                 {"<comment:hello>duck [x] < 3", "duck \\[x\\] < 3"},
                                 {"<weight[1.2]:a <alternate:b,c>>", "(a [b|c]:1.2)"}});
  const TranslatedPrompt tagged = translateSwarmUiPrompt("duck <lora:folder/water:0.7>");
  EXPECT_EQ(tagged.text, "duck");
  EXPECT_EQ(tagged.loras, (std::vector<LoraUse>{{"water", 0.7}}));
}

TEST(FooocusGrammar, takesInlineLorasAndNamesWhatWasDrawnAtRandom) {
  const TranslatedPrompt tagged = translateFooocusPrompt("duck <lora:water:0.7>, (embedding:bad:1.1)");
  EXPECT_EQ(tagged.text, "duck , (bad:1.1)");
  EXPECT_EQ(tagged.loras, (std::vector<LoraUse>{{"water", 0.7}}));
  check(translateFooocusPrompt, {{"a __color__ duck", "a __color__ duck", {"__color__"}},
                                 {"[[red, blue]] duck", "\\[\\[red, blue\\]\\] duck", {"[[red, blue]]"}}});
}

TEST(Grammars, endOnHostileNesting) {
  const std::string open(100000, '(');
  const std::string tags = [] {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "<weight[2]:";
    return text;
  }();
  EXPECT_FALSE(translateInvokeAiPrompt(open).text.empty());
  EXPECT_FALSE(translateNovelAiPrompt(std::string(100000, '{') + "x").text.empty());
  EXPECT_FALSE(translateSwarmUiPrompt(tags).text.empty());
  EXPECT_FALSE(translateComfyUiPrompt(open).text.empty());
}

}  // namespace
}  // namespace studio::engine
