#include "engine/text/tokens/grammar_linter.h"

#include "engine/text/tokens/closest_name.h"
#include "engine/text/tokens/prompt_parser.h"
#include "engine/text/tokens/prompt_schedule.h"
#include "engine/text/tokens/prompt_words.h"
#include "engine/text/tokens/unicode_text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <utility>

namespace studio::engine {
namespace {

/// Weights above this usually break a picture.
constexpr double kLargeWeight = 2;
constexpr std::string_view kEmbeddingPrefix = "embedding:";

/// Collects the notes of one prompt.
class PromptCheck {
 public:
  PromptCheck(std::string_view prompt, const PromptContext& context)
      : context_(context), prompt_(prompt), plain_(takeTagsOut(prompt)) {}

  std::vector<PromptNote> notes() {
    checkTags();
    checkBrackets();
    checkEditing();
    checkWords();
    std::stable_sort(notes_.begin(), notes_.end(),
                     [](const PromptNote& a, const PromptNote& b) { return a.begin < b.begin; });
    if (notes_.size() > kMostPromptNotes) notes_.resize(kMostPromptNotes);
    return std::move(notes_);
  }

 private:
  std::string_view text() const { return plain_.text.text; }

  void add(PromptNoteKind kind, std::size_t begin, std::size_t end, std::string_view subject) {
    notes_.push_back({kind, begin, end, std::string(subject), false, {}});
  }
  void addWithFix(PromptNoteKind kind, std::size_t begin, std::size_t end, std::string_view subject,
                  std::string replacement) {
    notes_.push_back({kind, begin, end, std::string(subject), true, std::move(replacement)});
  }

  static bool has(const std::vector<std::string>& names, std::string_view name) {
    const std::string wanted = asciiLower(name);
    return std::any_of(names.begin(), names.end(),
                       [&wanted](const std::string& known) { return asciiLower(known) == wanted; });
  }

  void checkTags() {
    std::size_t from = 0;
    for (const std::string& tag : plain_.unknownTags) {
      const std::size_t at = prompt_.find(tag, from);
      if (at == std::string_view::npos) break;
      from = at + tag.size();
      addWithFix(PromptNoteKind::UnusedTag, at, from, tag, {});
    }
    if (!context_.namesAreKnown) return;
    from = 0;
    for (const LoraTag& lora : plain_.loras) {
      const std::size_t at = std::min(prompt_.find(':' + lora.name, from), prompt_.size() - 1) + 1;
      from = at;
      if (has(context_.loras, lora.name)) {
        if (has(context_.unfitLoras, lora.name)) add(PromptNoteKind::UnfitLora, at, at + lora.name.size(), lora.name);
        continue;
      }
      if (const auto meant = closestName(lora.name, context_.loras)) {
        addWithFix(PromptNoteKind::UnknownLora, at, at + lora.name.size(), lora.name, *meant);
      } else {
        add(PromptNoteKind::UnknownLora, at, at + lora.name.size(), lora.name);
      }
    }
  }

  /// As the weights are read: round and square brackets are counted apart.
  void checkBrackets() {
    std::vector<std::size_t> round, square;
    for (std::size_t at = 0; at < text().size(); ++at) {
      const char c = text()[at];
      if (c == '\\') ++at;
      if (c == '(') round.push_back(at);
      if (c == '[') square.push_back(at);
      if (c == ')' || c == ']') {
        std::vector<std::size_t>& open = c == ')' ? round : square;
        if (open.empty()) {
          addBracket(at);
        } else {
          if (c == ')') checkWeight(open.back(), at);
          open.pop_back();
        }
      }
    }
    for (const std::size_t at : round) addBracket(at);
    for (const std::size_t at : square) addBracket(at);
  }

  void addBracket(std::size_t at) {
    const std::size_t begin = plain_.text.promptOffset(at);
    addWithFix(PromptNoteKind::UnbalancedBracket, begin, begin + 1, text().substr(at, 1), {});
  }

  /// The end of "(…:weight)".
  void checkWeight(std::size_t open, std::size_t close) {
    constexpr std::size_t kLongestWeight = 16;
    const std::string_view inside = text().substr(open + 1, close - open - 1);
    const std::size_t colon = inside.rfind(':');
    if (colon == std::string_view::npos || inside.size() - colon > kLongestWeight) return;
    const std::string_view digits = unicode::trimmed(inside.substr(colon + 1));
    if (digits.empty() || digits.find_first_not_of("+-.,0123456789") != std::string_view::npos) return;
    const std::size_t begin = plain_.text.promptOffset(static_cast<std::size_t>(digits.data() - text().data()));
    const std::size_t end = begin + digits.size();
    const auto points = std::count_if(digits.begin(), digits.end(), [](char c) { return c == '.' || c == ','; });
    const bool comma = digits.find(',') != std::string_view::npos;
    if (comma && points == 1) {
      std::string number(digits);
      std::replace(number.begin(), number.end(), ',', '.');
      addWithFix(PromptNoteKind::WeightIsNoNumber, begin, end, digits, number);
    } else if (points > 1 || digits.find_first_of("0123456789") == std::string_view::npos) {
      add(PromptNoteKind::WeightIsNoNumber, begin, end, digits);
    } else if (std::abs(std::strtod(std::string(digits).c_str(), nullptr)) > kLargeWeight) {
      add(PromptNoteKind::LargeWeight, begin, end, digits);
    }
  }

  void checkEditing() {
    const std::size_t bar = text().find('|');
    if (bar == std::string_view::npos || text().find('[') == std::string_view::npos) return;
    const auto two = schedulePrompt(plain_.text, 2);
    if (two.size() > 1 || two.front().text.text != text()) return;
    const std::size_t begin = plain_.text.promptOffset(bar);
    add(PromptNoteKind::EditingIsText, begin, begin + 1, "|");
  }

  struct Word {
    std::size_t begin = 0, end = 0;  ///< in text()
    std::string lower;
  };

  /// Runs of letters, digits and the signs of file names.
  std::vector<Word> words() const {
    std::vector<Word> words;
    for (std::size_t at = 0; at < text().size();) {
      std::size_t next = at;
      while (next < text().size()) {
        std::size_t behind = next;
        const char32_t value = unicode::decodeUtf8(text(), behind);
        if (!unicode::isWordCharacter(value) && value != U'-' && value != U'.') break;
        next = behind;
      }
      std::size_t end = next;
      while (end > at && text()[end - 1] == '.') --end;
      if (end > at) words.push_back({at, end, asciiLower(text().substr(at, end - at))});
      unicode::decodeUtf8(text(), next);
      at = std::max(next, at + 1);
    }
    return words;
  }

  void checkWords() {
    const std::vector<Word> all = words();
    const bool tags = context_.style == PromptStyle::Tags ||
                      std::any_of(all.begin(), all.end(), [](const Word& word) { return showsTagPrompt(word.lower); });
    std::set<std::string_view> said;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Word& word = all[i];
      checkEmbedding(word, said);
      if (context_.negative || tags || !isFillerWord(word.lower)) continue;
      const bool partOfTag = i + 1 < all.size() && makesQualityTag(all[i + 1].lower);
      if (partOfTag || !said.insert(word.lower).second) continue;
      const std::size_t begin = plain_.text.promptOffset(word.begin);
      add(PromptNoteKind::FillerWord, begin, begin + word.end - word.begin, word.lower);
    }
  }

  void checkEmbedding(const Word& word, std::set<std::string_view>& said) {
    const std::string_view before = text().substr(0, word.begin);
    const bool prefixed =
        asciiLower(before.substr(before.size() - std::min(before.size(), kEmbeddingPrefix.size()))) == kEmbeddingPrefix;
    if (!context_.namesAreKnown || (!prefixed && !isFamiliarEmbedding(word.lower))) return;
    const std::string_view name = text().substr(word.begin, word.end - word.begin);
    const bool known = has(context_.embeddings, name);
    if ((known && !prefixed) || !said.insert(word.lower).second) return;
    const std::size_t first = word.begin - (prefixed ? kEmbeddingPrefix.size() : 0);
    const std::size_t begin = plain_.text.promptOffset(first), end = begin + word.end - first;
    const auto meant = known ? std::optional(std::string(name)) : closestName(name, context_.embeddings);
    if (meant)
      addWithFix(PromptNoteKind::UnknownEmbedding, begin, end, name, *meant);
    else
      add(PromptNoteKind::UnknownEmbedding, begin, end, name);
  }

  const PromptContext& context_;
  std::string_view prompt_;
  TaggedPrompt plain_;
  std::vector<PromptNote> notes_;
};

}  // namespace

std::vector<PromptNote> GrammarLinter::check(std::string_view prompt, const PromptContext& context) const {
  if (prompt.empty()) return {};
  return PromptCheck(prompt, context).notes();
}

PromptStyle GrammarLinter::styleOf(std::string_view modelName) const {
  return namesTagModel(asciiLower(modelName)) ? PromptStyle::Tags : PromptStyle::Sentences;
}

}  // namespace studio::engine
