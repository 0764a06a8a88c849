#include "app/commands/devices_command.h"

#include "app/commands/devices_json.h"

#include <ostream>

namespace studio::app {
namespace {

class DevicesCommand final : public Command {
 public:
  explicit DevicesCommand(CLI::App& app) {
    app.add_option("--folder", folders_, "also say what disk this folder lies on; may be given again");
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer("Example:\n  studio devices --json | jq -r '.devices[] | select(.usable).id'");
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    std::vector<std::filesystem::path> folders = environment.searchFolders;
    for (const std::string& folder : folders_) folders.push_back(engine::pathFromUtf8(folder));
    const engine::HardwareProfile profile = environment.makeHardwareSurvey()->look(folders);
    if (json_) {
      printJson(environment.out, hardwareJson(profile));
    } else {
      environment.out << hardwareText(profile) << std::flush;
    }
    return kDone;
  }

 private:
  bool json_ = false;
  std::vector<std::string> folders_;
};

}  // namespace

std::unique_ptr<Command> makeDevicesCommand(CLI::App& app) { return std::make_unique<DevicesCommand>(app); }

}  // namespace studio::app
