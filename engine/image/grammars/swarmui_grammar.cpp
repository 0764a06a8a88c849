#include "engine/image/grammars/grammar_text.h"
#include "engine/image/grammars/translated_prompt.h"
#include "engine/image/lora_tags.h"

#include <algorithm>
#include <array>
#include <optional>

namespace studio::engine {
namespace {

/// <name[argument]:content>
struct Tag {
  std::string name;
  std::string argument;
  std::string content;
  std::string whole;
};

/// End of the tag that starts at `at`, behind its ">"; tags stand within tags.
std::size_t tagEnd(std::string_view text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < text.size() && i - at < 65536; ++i) {
    if (text[i] == '<' && ++depth > kDeepestGroup) return std::string_view::npos;
    if (text[i] == '>' && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

std::optional<Tag> takeTag(PromptReader& reader) {
  const std::size_t end = tagEnd(reader.text, reader.at);
  if (end == std::string_view::npos) return std::nullopt;
  Tag tag;
  tag.whole = std::string(reader.text.substr(reader.at, end - reader.at));
  PromptReader inside{std::string_view(tag.whole).substr(1, tag.whole.size() - 2)};
  while (isWordLetter(inside.peek())) {
    const char c = inside.take();
    tag.name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  if (tag.name.empty()) return std::nullopt;
  if (inside.takeIf("[")) {
    const std::size_t close = inside.text.find(']', inside.at);
    if (close == std::string_view::npos) return std::nullopt;
    tag.argument = std::string(inside.text.substr(inside.at, close - inside.at));
    inside.at = close + 1;
  }
  if (!inside.takeIf(":") && !inside.done()) return std::nullopt;
  tag.content = std::string(inside.rest());
  reader.at = end;
  return tag;
}

/// "a, b" or "a | b" or "a || b"; separators within tags do not count.
std::vector<std::string> choicesIn(std::string_view content) {
  const char separator = content.find('|') != std::string_view::npos ? '|' : ',';
  std::vector<std::string> choices(1);
  int depth = 0;
  for (const char c : content) {
    depth += (c == '<') - (c == '>');
    if (c == separator && depth == 0) {
      choices.emplace_back();
    } else {
      choices.back() += c;
    }
  }
  for (std::string& choice : choices) choice = trimmedText(choice);
  std::erase_if(choices, [](const std::string& choice) { return choice.empty(); });
  return choices;
}

std::string inTurns(const std::vector<std::string>& choices) {
  std::string text = "[";
  for (std::size_t i = 0; i < choices.size(); ++i) text += (i > 0 ? "|" : "") + choices[i];
  return text + "]";
}

/// From these on the text is for a later pass or another part of the picture.
bool beginsSection(const std::string& name) {
  constexpr std::array<std::string_view, 9> kSections{"segment", "object", "region",    "refiner", "video",
                                                      "edit",    "extend", "videoswap", "upscale"};
  return std::find(kSections.begin(), kSections.end(), name) != kSections.end();
}

class Translator {
 public:
  explicit Translator(TranslatedPrompt& result, int depth) : result_(result), depth_(depth) {}

  std::string run(std::string_view prompt) {
    PromptReader reader{prompt};
    std::string text;
    while (!reader.done()) {
      const auto tag = reader.peek() == '<' ? takeTag(reader) : std::nullopt;
      if (!tag) {
        const char c = reader.take();
        text += c == '[' || c == ']' ? std::string{'\\', c} : std::string(1, c);
      } else if (beginsSection(tag->name)) {
        result_.untranslated.push_back(trimmedText(tag->whole + std::string(reader.rest())));
        break;
      } else {
        text += textOf(*tag);
      }
    }
    return text;
  }

 private:
  std::string inner(const std::string& text) {
    if (depth_ >= kDeepestGroup) return text;
    return Translator(result_, depth_ + 1).run(text);
  }

  std::string textOf(const Tag& tag) {
    if (tag.name == "lora") return lora(tag);
    if (tag.name == "embed" || tag.name == "embedding") return translateComfyUiPrompt("embedding:" + tag.content).text;
    if (tag.name == "break") return " BREAK ";
    if (tag.name == "comment" || tag.name == "base") return {};
    if (tag.name == "alternate" || tag.name == "alt") return alternating(tag);
    if (tag.name == "fromto") return fromTo(tag);
    if (tag.name == "weight") return withWeight(tag);
    result_.untranslated.push_back(tag.whole);
    return {};
  }

  std::string lora(const Tag& tag) {
    const PromptWithoutLoras tagged = takeLoraTags("<lora:" + tag.content + ">");
    result_.loras.insert(result_.loras.end(), tagged.loras.begin(), tagged.loras.end());
    if (tagged.loras.empty()) result_.untranslated.push_back(tag.whole);
    return {};
  }

  std::string alternating(const Tag& tag) {
    std::vector<std::string> choices = choicesIn(tag.content);
    for (std::string& choice : choices) choice = inner(choice);
    return choices.empty() ? std::string() : inTurns(choices);
  }

  std::string fromTo(const Tag& tag) {
    const std::vector<std::string> choices = choicesIn(tag.content);
    PromptReader argument{tag.argument};
    const auto when = argument.takeNumber();
    if (choices.size() != 2 || !when) {
      result_.untranslated.push_back(tag.whole);
      return choices.empty() ? std::string() : inner(choices.back());
    }
    return "[" + inner(choices[0]) + ":" + inner(choices[1]) + ":" + shortNumber(*when) + "]";
  }

  std::string withWeight(const Tag& tag) {
    PromptReader argument{tag.argument};
    return weighted(inner(tag.content), argument.takeNumber().value_or(1));
  }

  TranslatedPrompt& result_;
  int depth_;
};

}  // namespace

TranslatedPrompt translateSwarmUiPrompt(std::string_view prompt) {
  TranslatedPrompt result;
  result.text = trimmedText(Translator(result, 0).run(withPlainKeywords(prompt)));
  return result;
}

}  // namespace studio::engine
