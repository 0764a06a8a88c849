#include "app/commands/devices_command.h"

#include "app/commands/event_json.h"
#include "app/commands/human_text.h"

#include <ostream>

namespace studio::app {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Json deviceJson(const engine::DeviceInfo& device) {
  Json json = {{"id", device.id},
               {"name", device.name},
               {"kind", device.kind},
               {"total_bytes", device.totalMemory.count},
               {"free_bytes", device.freeMemory.count},
               {"features", device.features},
               {"usable", device.usable},
               {"reason", device.reason.text()}};
  if (device.threads > 0) json["threads"] = device.threads;
  return json;
}

std::string deviceText(const engine::DeviceInfo& device) {
  std::vector<std::pair<std::string, std::string>> rows{{device.id, printable(device.name)}};
  rows.emplace_back("  Memory", bytesText(device.totalMemory) + ", " + bytesText(device.freeMemory) + " free");
  if (device.threads > 0) rows.emplace_back("  Threads", std::to_string(device.threads));
  if (!device.features.empty()) rows.emplace_back("  Features", joined(device.features));
  rows.emplace_back("  Usable", device.usable ? "yes" : "no");
  if (!device.reason.pattern.empty())
    rows.back().second += (device.usable ? "; " : ": ") + printable(device.reason.text());
  return alignedRows(rows);
}

class DevicesCommand final : public Command {
 public:
  explicit DevicesCommand(CLI::App& app) {
    app.add_flag("--json", json_, "one JSON object on standard output");
    app.footer("Example:\n  studio devices --json | jq -r '.devices[] | select(.usable).id'");
  }

  bool isJson() const override { return json_; }

  ExitCode run(CommandEnvironment& environment) override {
    const std::vector<engine::DeviceInfo> devices = environment.makeDeviceCatalog()->devices();
    if (json_) {
      Json list = Json::array();
      for (const auto& device : devices) list.push_back(deviceJson(device));
      printJson(environment.out, {{"devices", list}});
      return kDone;
    }
    for (const auto& device : devices) environment.out << deviceText(device);
    environment.out.flush();
    return kDone;
  }

 private:
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> makeDevicesCommand(CLI::App& app) { return std::make_unique<DevicesCommand>(app); }

}  // namespace studio::app
