#pragma once

#include "engine/api/device_catalog.h"
#include "engine/api/estimator.h"
#include "engine/api/inspector.h"
#include "engine/api/model_catalog.h"
#include "engine/api/prompt_linter.h"
#include "engine/api/token_counter.h"
#include "engine/api/unfinished_jobs.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace studio::ui::test {

/// Knows only the files it was told about.
class FakeInspector : public engine::Inspector {
 public:
  engine::Result<engine::FileInfo> inspect(const std::filesystem::path& path) const override {
    const auto known = files.find(path.filename().string());
    if (known == files.end())
      return engine::EngineError{engine::ErrorKind::BadFile, "This is no model file.", path.string()};
    engine::FileInfo info = known->second;
    std::visit([&path](auto& value) { value.path = path; }, info);
    if (auto* model = std::get_if<engine::ModelInfo>(&info)) model->chosen = choiceFor(path.filename().string());
    return info;
  }
  std::optional<engine::EngineError> remember(const std::filesystem::path& model, const engine::ModelChoice& choice,
                                              const std::stop_token&) const override {
    const std::lock_guard lock(mutex_);
    chosen_[model.filename().string()] = choice;
    return std::nullopt;
  }
  engine::ModelChoice choiceFor(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = chosen_.find(name);
    return found == chosen_.end() ? engine::ModelChoice() : found->second;
  }

  /// Takes its time while `hold` is set, and reports that half is read.
  std::filesystem::path findByHash(const std::string& hash, const std::vector<std::filesystem::path>& candidates,
                                   const std::stop_token& stop, const engine::HashProgress& progress) const override {
    if (progress) progress({512}, {1024});
    while (hold && !stop.stop_requested()) std::this_thread::yield();
    const auto known = hashes.find(hash);
    if (stop.stop_requested() || known == hashes.end()) return {};
    return engine::findByName(known->second, candidates);
  }

  std::map<std::string, engine::FileInfo> files;  ///< by file name
  std::map<std::string, std::string> hashes;      ///< file names by hash
  std::atomic<bool> hold = false;

 private:
  mutable std::mutex mutex_;  ///< of chosen_, which the library's thread writes
  mutable std::map<std::string, engine::ModelChoice> chosen_;
};

class FakeDeviceCatalog : public engine::DeviceCatalog {
 public:
  std::vector<engine::DeviceInfo> devices() const override {
    engine::DeviceInfo cpu;
    cpu.id = "cpu";
    cpu.name = "Test processor";
    cpu.kind = "cpu";
    cpu.usable = true;
    cpu.threads = 2;
    return {cpu};
  }
};

/// Answers what it is told to; counts questions.
class FakeEstimator : public engine::Estimator {
 public:
  engine::Result<engine::MemoryEstimate> estimate(const engine::GenerationRequest& request,
                                                  const engine::EngineOptions& options) override {
    while (hold) std::this_thread::yield();
    const std::lock_guard lock(mutex_);
    asked_.push_back({request, options});
    return answer_;
  }
  void setAnswer(engine::Result<engine::MemoryEstimate> answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  using Question = std::pair<engine::GenerationRequest, engine::EngineOptions>;
  std::vector<Question> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  std::atomic<bool> hold = false;

 private:
  mutable std::mutex mutex_;  ///< of all below, which the forecast's thread uses
  engine::Result<engine::MemoryEstimate> answer_ = engine::EngineError{engine::ErrorKind::BadFile, "Not asked.", {}};
  std::vector<Question> asked_;
};

/// Knows the jobs it was given.
class FakeUnfinishedJobs : public engine::UnfinishedJobs {
 public:
  std::vector<engine::UnfinishedJob> list() const override { return jobs; }
  std::optional<engine::EngineError> discard(const std::string& id) const override {
    const std::lock_guard lock(mutex_);
    discarded_.push_back(id);
    return failure;
  }
  std::vector<std::string> discarded() const {
    const std::lock_guard lock(mutex_);
    return discarded_;
  }

  std::vector<engine::UnfinishedJob> jobs;
  std::optional<engine::EngineError> failure;

 private:
  mutable std::mutex mutex_;  ///< of discarded_, which the list's thread writes
  mutable std::vector<std::string> discarded_;
};

/// One token a word.
class FakeTokenCounter : public engine::TokenCounter {
 public:
  engine::TokenCount count(std::string_view prompt, engine::PromptSide side) const override {
    lastSide = side;
    std::istringstream words{std::string(prompt)};
    engine::TokenCount count;
    for (std::string word; words >> word;) ++count.tokens;
    count.inLastChunk = count.tokens % 75;
    count.chunks = 1 + count.tokens / 75;
    return count;
  }
  void setEmbeddings(const std::vector<engine::EmbeddingName>& names) override { embeddings = names; }

  std::vector<engine::EmbeddingName> embeddings;
  mutable engine::PromptSide lastSide = engine::PromptSide::Prompt;  ///< of the last count
};

/// Finds what it is told to find: words, each at its first place; knows models of tags by "tag" in their names.
class FakePromptLinter : public engine::PromptLinter {
 public:
  std::vector<engine::PromptNote> check(std::string_view prompt, const engine::PromptContext& context) const override {
    lastContext = context;
    std::vector<engine::PromptNote> found;
    for (engine::PromptNote note : notes) {
      note.begin = prompt.find(note.subject);
      note.end = note.begin + note.subject.size();
      if (note.begin != std::string_view::npos) found.push_back(note);
    }
    return found;
  }
  engine::PromptStyle styleOf(std::string_view modelName) const override {
    return modelName.find("tag") != std::string_view::npos ? engine::PromptStyle::Tags : engine::PromptStyle::Sentences;
  }

  std::vector<engine::PromptNote> notes;      ///< `begin` and `end` are filled in
  mutable engine::PromptContext lastContext;  ///< of the last check
};

}  // namespace studio::ui::test
