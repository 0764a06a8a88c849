#include "app/commands/decode_command.h"

#include "app/commands/engine_flags.h"
#include "app/commands/follow_job.h"
#include "app/commands/memory_flags.h"
#include "app/commands/model_argument.h"
#include "app/commands/output_argument.h"
#include "app/commands/picture_request.h"
#include "engine/api/image_io.h"

namespace studio::app {
namespace {

constexpr const char* kFooter =
    "The file says which model it was made with; it is looked for in the model folders.\n"
    "\n"
    "Examples:\n"
    "  studio generate --prompt \"a red apple\" --keep-latents --out apple.png\n"
    "  studio decode apple.latent.safetensors --out again.png\n"
    "  studio decode apple.latent.safetensors --vae sharper.vae.safetensors --out sharper.webp";

class DecodeCommand final : public Command {
 public:
  explicit DecodeCommand(CLI::App& app) {
    app.add_option("latent", latent_, "a file that generate --keep-latents wrote")->required()->type_name("LATENT");
    app.add_option("--model", model_, "whose VAE decodes it (default: the one it was made with)")->type_name("FILE");
    app.add_option("--vae", vae_, "file with the VAE to use instead of the model's")->type_name("FILE");
    app.add_option("--out", out_, "where the picture goes, a pattern or a folder (default {date}-{seed}.png)")
        ->type_name("PATTERN");
    app.add_option("--quality", quality_, "of JPEG and WebP, 1 to 100 (default 92)")
        ->check(CLI::Range(1, 100).description(""))
        ->type_name("N");
    engine_.addTo(app);
    memory_.addTo(app);
    app.add_flag("--json", json_, "one JSON object per event on standard output, as with generate");
    app.footer(kFooter);
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const engine::GenerationRequest request = requestOf(environment);
    const engine::OutputOptions output{outputPattern(out_), quality_, false};
    engine::EngineOptions options = engine_.read();
    memory_.apply(options);
    options.cacheFolder = environment.cacheFolder;
    options.preview = engine::PreviewMode::Off;
    const std::unique_ptr<engine::Generator> generator = environment.makeGenerator(options);
    EventPrinter printer(environment.out, environment.error, environment.errorIsTerminal, json_, 1);
    const engine::JobId job = generator->decode(engine::pathFromUtf8(latent_), request, output);
    return followJob(*generator, job, printer, environment);
  }

 private:
  /// What the latent says of itself, with the files that decoding needs.
  engine::GenerationRequest requestOf(CommandEnvironment& environment) const {
    engine::Result<engine::PictureInfo> info = engine::readPictureInfo(engine::pathFromUtf8(latent_));
    if (!info) throw engine::EngineException(info.error());
    keepDecodingOnly(info.value());
    const auto noSamplerNeeded = [](const std::string&) { return true; };  // the steps are done
    engine::GenerationRequest request = requestFromInfo(info.value(), latent_, true, noSamplerNeeded, environment);
    if (!model_.empty()) request.model = engine::pathFromUtf8(model_);
    if (!vae_.empty()) request.vae = engine::pathFromUtf8(vae_);
    request.model = findModel(request.model, environment);
    return request;
  }

  /// Of the files only model and VAE matter, and only where no flag names others.
  void keepDecodingOnly(engine::PictureInfo& info) const {
    info.fileHashes.clear();
    info.notes.clear();
    info.request.values.loras.clear();
    info.request.values.refiner.clear();
    info.request.values.textEncoder.clear();
    info.request.values.textEncoder2.clear();
    if (!vae_.empty()) info.request.values.vae.clear();
    if (!model_.empty()) {
      info.request.values.model.clear();
      info.modelName.clear();
      info.modelHash.clear();
    }
  }

  std::string latent_;
  std::string model_;
  std::string vae_;
  std::string out_;
  int quality_ = engine::OutputOptions{}.quality;
  EngineFlags engine_;
  MemoryFlags memory_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeDecodeCommand(CLI::App& app) { return std::make_unique<DecodeCommand>(app); }

}  // namespace studio::app
