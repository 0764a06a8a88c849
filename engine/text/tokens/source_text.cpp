#include "engine/text/tokens/source_text.h"

#include <algorithm>
#include <iterator>

namespace studio::engine {
namespace {

bool beginsBehind(std::size_t offset, const SourceSpan& span) { return offset < span.textOffset; }

}  // namespace

SourceText SourceText::of(std::string_view prompt) { return {std::string(prompt), {{0, 0}}}; }

std::size_t SourceText::promptOffset(std::size_t textOffset) const {
  const auto after = std::upper_bound(source.begin(), source.end(), textOffset, beginsBehind);
  if (after == source.begin()) return 0;
  const SourceSpan& span = *std::prev(after);
  return span.promptOffset + (textOffset - span.textOffset);
}

void SourceText::append(const SourceText& from, std::size_t begin, std::size_t end) {
  const auto add = [this](const SourceSpan& span) {
    const bool continues =
        !source.empty() && span.textOffset - source.back().textOffset == span.promptOffset - source.back().promptOffset;
    if (!continues) source.push_back(span);
  };
  add({text.size(), from.promptOffset(begin)});
  for (auto span = std::upper_bound(from.source.begin(), from.source.end(), begin, beginsBehind);
       span != from.source.end() && span->textOffset < end; ++span) {
    add({text.size() + span->textOffset - begin, span->promptOffset});
  }
  text += from.text.substr(begin, end - begin);
}

}  // namespace studio::engine
