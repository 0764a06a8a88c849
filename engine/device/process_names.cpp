#include "engine/device/process_names.h"

#include <array>
#include <fstream>

namespace studio::engine {

std::string processName(unsigned id, const std::filesystem::path& root) {
  constexpr std::size_t kLongestName = 15;  // the kernel's TASK_COMM_LEN without its end
  const std::string number = std::to_string(id);
  std::ifstream file(root / "proc" / number / "comm");
  std::array<char, kLongestName + 1> name{};
  file.get(name.data(), static_cast<std::streamsize>(name.size()));
  const std::string text = name.data();
  return text.empty() ? "PID " + number : text;
}

}  // namespace studio::engine
