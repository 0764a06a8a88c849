#include "app/commands/generate_command.h"

#include "app/commands/command_failure.h"
#include "app/commands/event_printer.h"
#include "app/commands/follow_job.h"
#include "app/commands/job_flags.h"
#include "app/commands/output_argument.h"

namespace studio::app {
namespace {

constexpr const char* kFooter =
    "--out knows {index} {seed} {date} {model}; several pictures without {index} get -0, -1, …\n"
    "An existing file is never replaced: the next free name is taken.\n"
    "\n"
    "With --json standard output carries one object a line: {\"event\":\"loaded\"|\"phase\"|\"step\"|\"preview\"|\n"
    "\"image\"|\"failed\"|\"cancelled\"|\"finished\", …}; words for people go to standard error.\n"
    "\n"
    "Examples:\n"
    "  studio generate --prompt \"a red apple, pixel art\" --seed 7 --out apple.png\n"
    "  studio generate --model sd15.safetensors --prompt \"a (duck:1.2) on a lake\" --negative blurry \\\n"
    "      --width 512 --height 768 --steps 25 --sampler dpmpp_2m --scheduler karras --guidance 7\n"
    "  studio generate --prompt \"a cup\" --lora starter-pixel-art:0.8 --batch-count 4 --out 'cups/{seed}.png'\n"
    "  studio generate --from theirs.png --out again.png\n"
    "  studio generate --prompt \"a boat\" --json | jq -r 'select(.event==\"image\").path'";

class GenerateCommand final : public Command {
 public:
  explicit GenerateCommand(CLI::App& app) {
    flags_.addTo(app);
    app.add_option("--out", out_, "where the pictures go, a pattern or a folder (default {date}-{seed}.png)")
        ->type_name("PATTERN");
    app.add_option("--quality", quality_, "of JPEG and WebP, 1 to 100 (default 92)")
        ->check(CLI::Range(1, 100).description(""))
        ->type_name("N");
    app.add_flag("--keep-latents", keepLatents_, "also write each picture's latent, NAME.latent.safetensors");
    app.add_option("--preview", preview_, "off, rgb, decoder or auto; events of --json (default there: auto)")
        ->type_name("NAME");
    app.add_flag("--json", json_, "one JSON object per event on standard output");
    app.footer(kFooter);
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const engine::GenerationRequest request = flags_.request(environment);
    const engine::OutputOptions output{outputPattern(out_), quality_, keepLatents_};
    const std::unique_ptr<engine::Generator> generator = environment.makeGenerator(options(environment));
    EventPrinter printer(environment.out, environment.error, environment.errorIsTerminal, json_, request.batchCount);
    const engine::JobId job = generator->submit(request, output);
    return followJob(*generator, job, printer, environment);
  }

 private:
  engine::EngineOptions options(const CommandEnvironment& environment) const {
    engine::EngineOptions options = flags_.options(environment);
    options.preview = previewMode(preview_, json_);
    return options;
  }

  JobFlags flags_;
  std::string out_;
  std::string preview_;
  int quality_ = engine::OutputOptions{}.quality;
  bool keepLatents_ = false;
  const CLI::Option* strictFlag_ = nullptr;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeGenerateCommand(CLI::App& app) { return std::make_unique<GenerateCommand>(app); }

}  // namespace studio::app
