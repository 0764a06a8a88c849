#pragma once

#include "engine/api/prompt_linter.h"

namespace studio::engine {

/// PromptLinter over the grammar of prompt_plan.h.
class GrammarLinter final : public PromptLinter {
 public:
  std::vector<PromptNote> check(std::string_view prompt, const PromptContext& context) const override;
  PromptStyle styleOf(std::string_view modelName) const override;
};

}  // namespace studio::engine
