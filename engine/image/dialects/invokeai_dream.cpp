#include "engine/image/dialects/invokeai_dream.h"

#include "engine/image/grammars/grammar_text.h"

#include <map>
#include <string>

namespace studio::engine {
namespace {

/// The prompt in quotes; the last quote counts that a flag follows, as prompts hold quotes of their own.
std::string takePrompt(std::string_view& text) {
  const std::size_t open = text.find('"');
  if (open != std::string_view::npos && trimmedText(text.substr(0, open)).empty()) {
    std::size_t close = text.rfind("\" -");
    if (close == std::string_view::npos || close <= open) close = text.rfind('"');
    if (close > open) {
      const std::string prompt(text.substr(open + 1, close - open - 1));
      text.remove_prefix(close + 1);
      return prompt;
    }
  }
  const std::size_t flag = text.find(" -");
  const std::string prompt = trimmedText(text.substr(0, flag));
  text.remove_prefix(std::min(flag, text.size()));
  return prompt;
}

/// "-s 50 -U 4 0.95" as {"s": "50", "U": "4 0.95"}; "--name value" and "-s50" are read too.
std::map<std::string, std::string> flagsOf(std::string_view text) {
  std::map<std::string, std::string> flags;
  std::string name;
  PromptReader reader{text};
  for (reader.skipSpaces(); !reader.done(); reader.skipSpaces()) {
    std::string word;
    while (!reader.done() && reader.peek() != ' ') word += reader.take();
    const bool flag = word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
    if (!flag) {
      std::string& value = flags[name];
      value += (value.empty() ? "" : " ") + word;
      continue;
    }
    name = word.substr(word.starts_with("--") ? 2 : 1);
    const bool glued = !word.starts_with("--") && name.size() > 1 && name[1] >= '0' && name[1] <= '9';
    const std::string value = glued ? name.substr(1) : "";
    if (glued) name.resize(1);
    if (flags.size() < 64) flags[name] = value;
  }
  return flags;
}

}  // namespace

void readDream(std::string_view text, InfoWriter& writer) {
  const SplitPrompt split = splitBracketedNegative(takePrompt(text));
  writer.prompt(split.prompt, translateInvokeAiPrompt(split.prompt));
  writer.negativePrompt(split.negativePrompt, translateInvokeAiPrompt(split.negativePrompt));
  std::map<std::string, std::string> flags = flagsOf(text);
  const auto take = [&flags](const char* name) {
    const auto found = flags.find(name);
    if (found == flags.end()) return std::string();
    std::string value = std::move(found->second);
    flags.erase(found);
    return value;
  };
  writer.steps(numberFromText(take("s")));
  writer.seed(seedOf(Json(take("S"))));
  const auto width = numberFromText(take("W"));
  writer.size(width, numberFromText(take("H")));
  writer.guidance(numberFromText(take("C")));
  writer.sampler(take("A"), "");
  for (const char* start : {"I", "init_img"}) {
    if (const std::string picture = take(start); !picture.empty()) writer.note(NoteKind::StartPicture, {}, picture);
  }
  for (const auto& [name, value] : flags) {
    if (!name.empty() && name != "n") writer.note(NoteKind::Setting, "-" + name, value);
  }
}

}  // namespace studio::engine
