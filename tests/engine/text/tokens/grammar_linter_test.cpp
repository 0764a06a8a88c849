#include "engine/text/tokens/grammar_linter.h"

#include "engine/text/tokens/closest_name.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using Kind = PromptNoteKind;

PromptContext withNames() {
  PromptContext context;
  context.namesAreKnown = true;
  context.loras = {"Film-Look", "ink"};
  context.embeddings = {"EasyNegative"};
  return context;
}

std::vector<PromptNote> notesOf(std::string_view prompt, const PromptContext& context = {}) {
  return GrammarLinter().check(prompt, context);
}

/// "kind subject" of each note, and its place checked against the prompt.
std::string summary(const std::string& prompt, const PromptContext& context = {}) {
  std::string text;
  for (const PromptNote& note : notesOf(prompt, context)) {
    if (!text.empty()) text += "; ";
    text += std::to_string(static_cast<int>(note.kind)) + " " + prompt.substr(note.begin, note.end - note.begin);
    if (note.hasFix) text += " -> " + note.replacement;
  }
  return text;
}

std::string expectedNote(Kind kind, const std::string& rest) {
  return std::to_string(static_cast<int>(kind)) + " " + rest;
}

TEST(GrammarLinter, hasNothingToSayAboutGoodPrompts) {
  for (const char* prompt : {"", "a red fox in snow", "(a:1.2), [b], [c:d:0.5], [e|f] AND g:0.5", "\\(fox\\) BREAK x",
                             "<lora:ink:0.7> fox", "a | b"}) {
    EXPECT_EQ(summary(prompt, withNames()), "") << prompt;
  }
}

TEST(GrammarLinter, pointsAtBracketsWithoutAPartner) {
  EXPECT_EQ(summary("a (fox in snow"), expectedNote(Kind::UnbalancedBracket, "( -> "));
  EXPECT_EQ(summary("a fox] 猫"), expectedNote(Kind::UnbalancedBracket, "] -> "));
  EXPECT_EQ(notesOf("猫 <lora:x:1>(a").front().begin, std::string("猫 <lora:x:1>").size());
  EXPECT_EQ(summary("(a [b) c]"), "") << "the two kinds are counted apart, as the weights are read";
}

TEST(GrammarLinter, pointsAtWeightsThatAreNoneAndCorrectsACommaForAPoint) {
  EXPECT_EQ(summary("(fox:1,2)"), expectedNote(Kind::WeightIsNoNumber, "1,2 -> 1.2"));
  EXPECT_EQ(summary("(fox:1.2.3)"), expectedNote(Kind::WeightIsNoNumber, "1.2.3"));
  EXPECT_EQ(summary("(fox:12)"), expectedNote(Kind::LargeWeight, "12"));
  EXPECT_EQ(summary("(fox:-3)"), expectedNote(Kind::LargeWeight, "-3"));
  EXPECT_EQ(summary("(fox: 1.9 ) (ratio 16:9)"), expectedNote(Kind::LargeWeight, "9"));
}

TEST(GrammarLinter, pointsAtLorasThatAreNotThereAndNamesTheOneMeant) {
  EXPECT_EQ(summary("<lora:film-look:0.5> <lora:INK>", withNames()), "");
  EXPECT_EQ(summary("a <lora:filmlook:0.5>", withNames()), expectedNote(Kind::UnknownLora, "filmlook -> Film-Look"));
  EXPECT_EQ(summary("<lora:other:1>", withNames()), expectedNote(Kind::UnknownLora, "other"));
  EXPECT_EQ(summary("<lora:other:1>"), "") << "nobody has looked yet";
  EXPECT_EQ(summary("<hypernet:x:1> a", withNames()), expectedNote(Kind::UnusedTag, "<hypernet:x:1> -> "));
}

TEST(GrammarLinter, pointsAtLorasMadeForAnotherKindOfModel) {
  PromptContext context = withNames();
  context.unfitLoras = {"ink"};
  EXPECT_EQ(summary("<lora:film-look:0.5> <lora:INK>", context), expectedNote(Kind::UnfitLora, "INK"));
}

TEST(GrammarLinter, pointsAtEmbeddingsThatAreNotThere) {
  PromptContext context = withNames();
  context.negative = true;
  EXPECT_EQ(summary("easynegative, blurry", context), "");
  EXPECT_EQ(summary("(badhandv4:1.2), blurry", context), expectedNote(Kind::UnknownEmbedding, "badhandv4"));
  EXPECT_EQ(summary("embedding:EasyNegative", context),
            expectedNote(Kind::UnknownEmbedding, "embedding:EasyNegative -> EasyNegative"));
  EXPECT_EQ(summary("embedding:mine.", context), expectedNote(Kind::UnknownEmbedding, "embedding:mine"));
}

TEST(GrammarLinter, saysWhenASignMakesPlainTextOfPromptEditing) {
  EXPECT_EQ(summary("a | b [c:d:0.5]"), expectedNote(Kind::EditingIsText, "|"));
  EXPECT_EQ(summary("[a|b] [c:d:0.5]"), "");
}

TEST(GrammarLinter, hintsAtFillersOnceEachAndOnlyWhereTheySayLittle) {
  EXPECT_EQ(summary("a Beautiful fox, beautiful, (amazing:1.1) light"),
            expectedNote(Kind::FillerWord, "Beautiful") + "; " + expectedNote(Kind::FillerWord, "amazing"));
  EXPECT_EQ(summary("amazing quality, very aesthetic"), "") << "trained tags";
  EXPECT_EQ(summary("masterpiece, best quality, beautiful fox"), "") << "a prompt of tags";
  EXPECT_EQ(summary("score_9, score_8_up, stunning"), "");
  PromptContext tags;
  tags.style = PromptStyle::Tags;
  EXPECT_EQ(summary("beautiful fox", tags), "");
  PromptContext negative;
  negative.negative = true;
  EXPECT_EQ(summary("beautiful", negative), "");
}

TEST(GrammarLinter, knowsModelsOfTagsByTheirNames) {
  const GrammarLinter linter;
  EXPECT_EQ(linter.styleOf("ponyDiffusionV6XL"), PromptStyle::Tags);
  EXPECT_EQ(linter.styleOf("WAI-Illustrious v14"), PromptStyle::Tags);
  EXPECT_EQ(linter.styleOf("v1-5-pruned-emaonly"), PromptStyle::Sentences);
}

TEST(GrammarLinter, saysNoMoreThanAnyoneWouldRead) {
  EXPECT_EQ(notesOf(std::string(50000, ')')).size(), kMostPromptNotes);
}

TEST(ClosestName, isTheOneOfFewChangesUnlessThereAreTwo) {
  const std::vector<std::string> names{"film-look", "inkwash", "inkwish"};
  EXPECT_EQ(closestName("Film_Look", names), "film-look");
  EXPECT_EQ(closestName("inkwsh", names), std::nullopt);
  EXPECT_EQ(closestName("inkwash", names), "inkwash");
  EXPECT_EQ(closestName("oil", names), std::nullopt);
  EXPECT_EQ(closestName("", names), std::nullopt);
}

}  // namespace
}  // namespace studio::engine
