#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// How a model was taught to read prompts.
enum class PromptStyle {
  Sentences,  ///< captions of photographs and pictures
  Tags        ///< the tags of image boards, with words of praise that were learnt as tags
};

/// What a note is about; the window words it.
enum class PromptNoteKind {
  UnbalancedBracket,  ///< `subject` is the bracket
  WeightIsNoNumber,   ///< "(cat:1,2)"; `subject` is what stands for the weight
  LargeWeight,        ///< `subject` is the weight
  UnknownLora,        ///< `subject` is the name
  UnfitLora,          ///< `subject` is the name: made for another kind of model
  UnknownEmbedding,   ///< likewise; a well-known negative embedding, or a name after "embedding:"
  UnusedTag,          ///< `<hypernet:…>` and the like; `subject` is the tag
  EditingIsText,      ///< a '|' outside of [a|b] makes plain text of all prompt editing
  FillerWord          ///< `subject` is the word: of little effect with most models that read sentences
};

/// One thing worth knowing about a prompt.
struct PromptNote {
  PromptNoteKind kind = PromptNoteKind::UnbalancedBracket;
  std::size_t begin = 0, end = 0;  ///< bytes of the prompt
  std::string subject;
  bool hasFix = false;
  std::string replacement;  ///< with hasFix: what [begin, end) would better be
  bool operator==(const PromptNote&) const = default;
};

/// Names a prompt may use, and what it is for.
struct PromptContext {
  PromptStyle style = PromptStyle::Sentences;
  bool negative = false;
  bool namesAreKnown = false;  ///< false: the lists below mean nothing yet
  std::vector<std::string> loras;
  std::vector<std::string> unfitLoras;  ///< of these the ones that do not go with the chosen model
  std::vector<std::string> embeddings;
};

inline constexpr std::size_t kMostPromptNotes = 64;

/// Looks a prompt through, with the engine's own grammar. Thread-safe; microseconds for usual prompts.
class PromptLinter {
 public:
  virtual ~PromptLinter() = default;
  /// Sorted by place, at most kMostPromptNotes. Any bytes are accepted.
  virtual std::vector<PromptNote> check(std::string_view prompt, const PromptContext& context) const = 0;
  /// What a model's name says; Sentences when it says nothing.
  virtual PromptStyle styleOf(std::string_view modelName) const = 0;
};

}  // namespace studio::engine
