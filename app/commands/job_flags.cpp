#include "app/commands/job_flags.h"

#include "app/commands/lora_argument.h"
#include "app/commands/model_argument.h"
#include "app/commands/picture_request.h"
#include "engine/api/request_fields.h"

namespace studio::app {

void JobFlags::addTo(CLI::App& command) {
  request_.addTo(command);
  command
      .add_option("--embeddings", embeddings_, "folder with textual inversions, which prompts name; may be repeated")
      ->expected(1)
      ->take_all()
      ->type_name("DIR");
  strictFlag_ =
      command.add_flag("--strict,!--no-strict", strict_,
                       "fail when a LoRA of the request cannot be used, instead of leaving it out (default: only with "
                       "a --reproduce-as other than studio)");
  command.add_option("--from", from_, "make a picture again: its settings, where no flag says otherwise")
      ->type_name("PICTURE");
  engine_.addTo(command);
  memory_.addTo(command);
  command
      .add_option("--checkpoint", checkpoint_,
                  "on or off: keep the job on disk until it is finished, so that 'studio resume' can go on with it "
                  "(default on)")
      ->check(CLI::IsMember({"on", "off"}).description(""))
      ->type_name("on|off");
}

engine::GenerationRequest JobFlags::request(CommandEnvironment& environment) const {
  const bool strict = strictFlag_->count() == 0 || strict_;
  engine::GenerationRequest request;
  if (!from_.empty())
    request = requestFromPicture(
        engine::pathFromUtf8(from_), strict, [this](const std::string& field) { return request_.given(field); },
        environment);
  request_.readInto(request);
  if (strictFlag_->count() > 0) request.strict = strict_;
  request.model = findModel(request.model, environment);
  if (const auto wrong = engine::checkRequest(request))
    throw engine::EngineException(wrong->kind, wrong->message, wrong->detail);
  for (engine::LoraUse& lora : request.loras) lora.file = findLora(lora.file, environment.searchFolders);
  const engine::ModelInfo model = inspectModel(request.model, environment);
  if (from_.empty() && !request_.given("width")) request.size.width = model.trainedSize.width;
  if (from_.empty() && !request_.given("height")) request.size.height = model.trainedSize.height;
  return request;
}

engine::EngineOptions JobFlags::options(const CommandEnvironment& environment) const {
  engine::EngineOptions options = engine_.read();
  memory_.apply(options);
  options.loraFolders = environment.searchFolders;
  options.embeddingFolders = environment.searchFolders;
  for (const std::string& folder : embeddings_) options.embeddingFolders.push_back(engine::pathFromUtf8(folder));
  options.cacheFolder = environment.cacheFolder;
  options.choicesFile = environment.choicesFile;
  options.stateFolder = environment.stateFolder;
  options.checkpoint = checkpoint_ == "on";
  options.preview = engine::PreviewMode::Off;
  return options;
}

}  // namespace studio::app
