#pragma once

#include "engine/api/hardware_profile.h"
#include "tests/engine/device/fake_machine.h"

#include <filesystem>
#include <memory>
#include <string>

namespace studio::engine {

/// A machine of tests/data/machines, unpacked. Those files have lines that begin a part, and lines that belong to it:
///   == PATH          a file, and what is in it
///   -> PATH TARGET   a link
///   $ NAME VALUE     a variable of the environment
///   >>               what NVIDIA's libraries answer; see fake_nvidia.cpp
std::unique_ptr<FakeMachine> recordedMachine(const std::filesystem::path& file);

/// All that a profile says, a fact a line, but for what belongs to the machine that the test runs on.
std::string factsOf(const HardwareProfile& profile);

}  // namespace studio::engine
