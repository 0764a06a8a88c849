#pragma once

#include "engine/device/hardware_source.h"
#include "tests/support/safetensors_writer.h"

#include <filesystem>
#include <map>
#include <string>

namespace studio::engine {

/// A machine to look at: a folder in the place of "/", no driver, and no variables. Stays where it is made.
class FakeMachine {
 public:
  FakeMachine() {
    source_.root = folder_ / "root";
    source_.nvml = source_.cuda = folder_ / "no_library.so";
    source_.backEnd = BackEnd::Cpu;
    source_.sampling = {};
    source_.variable = [this](const char* name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
    source_.space = [](const std::filesystem::path&) { return DiskSpace{{1000}, {400}}; };
  }

  FakeMachine(const FakeMachine&) = delete;
  FakeMachine& operator=(const FakeMachine&) = delete;

  void write(const std::string& path, const std::string& text) const { folder_.write("root/" + path, text); }
  void set(const std::string& variable, const std::string& value) { variables_[variable] = value; }
  /// NVIDIA's libraries say this; see fake_nvidia.cpp. Each is a copy of its own: the loader tells files, not names.
  void installDriver(const std::string& text, const char* built = STUDIO_FAKE_NVIDIA) {
    for (auto [library, name] : {std::pair(&source_.nvml, "nvml"), std::pair(&source_.cuda, "cuda")}) {
      *library = folder_ / (name + std::to_string(++copies_) + ".so");
      std::filesystem::copy_file(built, *library);
      tests::writeBytes(*library + ".txt", text);
    }
  }
  HardwareSource& source() { return source_; }
  const HardwareSource& source() const { return source_; }

 private:
  tests::TemporaryFolder folder_;
  HardwareSource source_;
  std::map<std::string, std::string> variables_;
  int copies_ = 0;
};

}  // namespace studio::engine
