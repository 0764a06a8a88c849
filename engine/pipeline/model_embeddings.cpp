#include "engine/pipeline/model_embeddings.h"

#include "engine/adapters/embedding_file.h"

#include <system_error>

namespace studio::engine {

bool ModelEmbeddings::update(const std::vector<std::filesystem::path>& folders,
                             const std::vector<std::filesystem::path>& loras, Conditioner& conditioner) {
  const std::vector<std::filesystem::path> files = embeddingCandidates(folders);
  std::vector<FileState> states;
  for (const auto* list : {&files, &loras}) {
    for (const auto& file : *list) {
      std::error_code ignored;
      states.emplace_back(file, std::filesystem::last_write_time(file, ignored));
    }
  }
  if (states == states_) return false;
  std::map<Part, std::int64_t> widths;
  for (const Conditioner::Encoder& encoder : conditioner.encoders())
    widths[encoder.traits.part] = encoder.module->config().width;
  names_.clear();
  files_.clear();
  std::vector<Conditioner::TokenVectors> embeddings;
  for (const EmbeddingFile& file : usableEmbeddings(files, widths, loras)) {
    Conditioner::TokenVectors vectors;
    for (const auto& entry : widths) vectors[entry.first] = file.load(entry.first);
    names_.push_back({file.name(), file.vectors()});
    files_.push_back(file.isBundled() ? std::filesystem::path() : file.path());
    embeddings.push_back(std::move(vectors));
  }
  conditioner.setEmbeddings(std::move(embeddings));
  states_ = std::move(states);
  return true;
}

}  // namespace studio::engine
