#include "engine/image/grammars/grammar_text.h"
#include "engine/image/grammars/translated_prompt.h"

#include <cmath>
#include <optional>

namespace studio::engine {
namespace {

constexpr double kStep = 1.05;

/// Collects runs of letters that share a weight.
class Runs {
 public:
  void add(char c) { run_ += c; }
  void add(std::string_view text) { run_ += text; }
  void raise(int levels) {
    flush();
    level_ += levels;
  }
  void setWeight(double weight) {
    flush();
    weight_ = weight;
  }
  std::string finish() {
    flush();
    return std::move(text_);
  }

 private:
  void flush() {
    text_ += weighted(run_, weight_ * std::pow(kStep, level_));
    run_.clear();
  }

  std::string text_;
  std::string run_;
  int level_ = 0;
  double weight_ = 1;
};

/// "1.5::" in front of words.
std::optional<double> takeWeight(PromptReader& reader) {
  const bool starts =
      reader.at == 0 || !(isWordLetter(reader.text[reader.at - 1]) || reader.text[reader.at - 1] == '.');
  if (!starts) return std::nullopt;
  PromptReader ahead = reader;
  const std::optional<double> weight = ahead.takeNumber();
  if (!weight || std::abs(*weight) > 100 || !ahead.takeIf("::")) return std::nullopt;
  reader = ahead;
  return weight;
}

}  // namespace

TranslatedPrompt translateNovelAiPrompt(std::string_view prompt) {
  TranslatedPrompt result;
  const std::string plain = withPlainKeywords(prompt);
  Runs runs;
  PromptReader reader{plain};
  bool mixes = false;
  while (!reader.done()) {
    if (const auto weight = takeWeight(reader)) {
      runs.setWeight(*weight);
    } else if (reader.takeIf("::")) {
      runs.setWeight(1);
    } else {
      const char c = reader.take();
      if (c == '{' || c == ']') {
        runs.raise(1);
      } else if (c == '}' || c == '[') {
        runs.raise(-1);
      } else if (c == '(' || c == ')') {
        runs.add(std::string{'\\', c});
      } else {
        mixes = mixes || c == '|';
        runs.add(c);
      }
    }
  }
  result.text = runs.finish();
  if (mixes) result.untranslated.emplace_back("a | b");
  return result;
}

}  // namespace studio::engine
