#pragma once

namespace studio::engine {
class PromptLinter;
class TokenCounter;
}  // namespace studio::engine

namespace studio::ui {

/// What reads prompts for the window; both outlive it.
struct PromptReaders {
  const engine::TokenCounter& counter;
  const engine::PromptLinter& linter;
};

}  // namespace studio::ui
