#include "engine/image/grammars/grammar_text.h"
#include "engine/image/grammars/translated_prompt.h"

#include <cmath>
#include <optional>

namespace studio::engine {
namespace {

constexpr double kMore = 1.1;
constexpr double kLess = 0.9;

TranslatedPrompt translate(std::string_view prompt, int depth);

/// ("a cat", "a dog").blend(0.7, 0.3)
struct Function {
  std::vector<std::string> parts;
  std::string name;
  std::vector<double> weights;
};

std::optional<std::string> takeQuoted(PromptReader& reader) {
  if (!reader.takeIf("\"")) return std::nullopt;
  std::string text;
  while (!reader.done()) {
    const char c = reader.take();
    if (c == '"') return text;
    if (c == '\\' && reader.peek() == '"') {
      text += reader.take();
    } else {
      text += c;
    }
  }
  return std::nullopt;
}

/// The function call at the reader's "("; nothing is taken when it is something else.
std::optional<Function> takeFunction(PromptReader& reader) {
  PromptReader ahead = reader;
  Function function;
  if (!ahead.takeIf("(")) return std::nullopt;
  do {
    ahead.skipSpaces();
    const auto part = takeQuoted(ahead);
    if (!part || function.parts.size() > 64) return std::nullopt;
    function.parts.push_back(*part);
    ahead.skipSpaces();
  } while (ahead.takeIf(","));
  if (!ahead.takeIf(").")) return std::nullopt;
  while (isWordLetter(ahead.peek())) function.name += ahead.take();
  if ((function.name != "and" && function.name != "blend") || !ahead.takeIf("(")) return std::nullopt;
  for (ahead.skipSpaces(); !ahead.sees(")"); ahead.skipSpaces()) {
    const auto weight = ahead.takeNumber();
    if (weight) function.weights.push_back(*weight);
    ahead.skipSpaces();
    if (ahead.takeIf(",") || weight) continue;
    const std::size_t end = ahead.text.find(')', ahead.at);  // "no_normalize"
    if (end == std::string_view::npos) return std::nullopt;
    ahead.at = end;
  }
  ahead.takeIf(")");
  function.weights.resize(function.parts.size(), 1.0);
  reader = ahead;
  return function;
}

class Translator {
 public:
  Translator(std::string_view prompt, int depth) : reader_{prompt}, depth_(depth) {}

  TranslatedPrompt run() {
    result_.text = sequence();
    return std::move(result_);
  }

 private:
  /// Up to the closing parenthesis of the group it is called in, or the end.
  std::string sequence() {
    std::string text;
    while (!reader_.done() && !(groups_ > 0 && reader_.peek() == ')')) text += piece();
    return text;
  }

  std::string piece() {
    const char c = reader_.peek();
    if (c == '\\' && reader_.at + 1 < reader_.text.size()) return escape();
    if (c == '(') return parenthesis();
    if (isWordLetter(c)) return word();
    reader_.take();
    if (c == '[' || c == ']' || c == ')') return std::string{'\\', c};
    return std::string(1, c);
  }

  std::string escape() {
    reader_.take();
    const char c = reader_.take();
    return std::string_view("()[]\\").find(c) == std::string_view::npos ? std::string(1, c) : std::string{'\\', c};
  }

  std::string parenthesis() {
    const std::size_t start = reader_.at;
    if (const auto function = takeFunction(reader_)) return call(*function, start);
    reader_.take();
    if (groups_ + depth_ >= kDeepestGroup) return "\\(";
    ++groups_;
    const std::string inner = sequence();
    --groups_;
    if (!reader_.takeIf(")")) return "\\(" + inner;
    if (const auto weight = reader_.peek() == '+' || reader_.peek() == '-' ? std::nullopt : reader_.takeNumber())
      return weighted(inner, *weight);
    return weighted(inner, takeSigns().value_or(1));
  }

  std::string word() {
    const std::size_t start = reader_.at;
    while (isWordLetter(reader_.peek()) || (reader_.peek() == '\'' && isWordLetter(reader_.peek(1)))) reader_.take();
    const std::string text(reader_.text.substr(start, reader_.at - start));
    if (reader_.sees(".swap(")) nameCall();
    return weighted(text, takeSigns().value_or(1));
  }

  /// "++" or "--" at the end of a word or group; hyphens within words are letters.
  std::optional<double> takeSigns() {
    const char sign = reader_.peek();
    if (sign != '+' && sign != '-') return std::nullopt;
    std::size_t count = 0;
    while (reader_.peek(count) == sign) ++count;
    const char next = reader_.peek(count);
    if (isWordLetter(next) || next == '+' || next == '-' || count > 32) return std::nullopt;
    reader_.at += count;
    return std::pow(sign == '+' ? kMore : kLess, static_cast<double>(count));
  }

  /// x.swap(y) paints y where x would be: there is no such thing here, x stays.
  void nameCall() {
    const std::size_t end = std::min(reader_.text.find(')', reader_.at), reader_.text.size() - 1);
    result_.untranslated.emplace_back(reader_.text.substr(reader_.at, end + 1 - reader_.at));
    reader_.at = end + 1;
  }

  /// .and() puts the encoded texts one behind the other, as BREAK does. .blend() mixes them before the network; AND
  /// mixes what the network makes of them, which is near but not the same.
  std::string call(const Function& function, std::size_t start) {
    std::string text;
    double sum = 0;
    for (const double weight : function.weights) sum += weight;
    const bool blend = function.name == "blend";
    for (std::size_t i = 0; i < function.parts.size(); ++i) {
      TranslatedPrompt part = depth_ + groups_ < kDeepestGroup ? translate(function.parts[i], depth_ + 1)
                                                               : TranslatedPrompt{function.parts[i], {}, {}};
      if (i > 0) text += blend ? " AND " : " BREAK ";
      const double weight = function.weights[i];
      text += blend ? part.text + " :" + shareText(weight, sum) : weighted(part.text, weight);
      for (std::string& named : part.untranslated) result_.untranslated.push_back(std::move(named));
    }
    if (blend) result_.untranslated.emplace_back(reader_.text.substr(start, reader_.at - start));
    return text;
  }

  static std::string shareText(double weight, double sum) {
    const std::string text = weighted("x", sum == 0 ? weight : weight / sum);
    return text == "x" ? "1" : text.substr(3, text.size() - 4);
  }

  PromptReader reader_;
  TranslatedPrompt result_;
  int groups_ = 0;
  int depth_ = 0;
};

TranslatedPrompt translate(std::string_view prompt, int depth) { return Translator(prompt, depth).run(); }

}  // namespace

TranslatedPrompt translateInvokeAiPrompt(std::string_view prompt) { return translate(withPlainKeywords(prompt), 0); }

SplitPrompt splitBracketedNegative(std::string_view prompt) {
  SplitPrompt split;
  std::string* into = &split.prompt;
  for (std::size_t at = 0; at < prompt.size(); ++at) {
    const char c = prompt[at];
    if (c == '\\' && at + 1 < prompt.size()) {
      *into += c;
      *into += prompt[++at];
    } else if (c == '[' && into == &split.prompt && prompt.find(']', at) != std::string_view::npos) {
      into = &split.negativePrompt;
      if (!into->empty()) *into += ' ';
    } else if (c == ']' && into == &split.negativePrompt) {
      into = &split.prompt;
    } else {
      *into += c;
    }
  }
  return {trimmedText(split.prompt), trimmedText(split.negativePrompt)};
}

}  // namespace studio::engine
