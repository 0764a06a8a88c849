// A library that answers like NVIDIA's management library and CUDA's driver, from the text file beside it: its own path
// with ".txt". One line, one word and its values:
//   driver 580.65.06 | cuda 13000 | order UUID…           of the system; order: what CUDA shows, in its order
//   gpu UUID | instance UUID                              begins a card, or a part of the last card
//   name … | pci 00000000:01:00.0 | memory TOTAL FREE | capability 8 9 | mig 1
//   display 1 | power MILLIWATTS | slowed BITS            where it is not said, the function answers "not supported"
//   graphics PID BYTES | compute PID BYTES                "-" for bytes that the driver does not tell
//   result FUNCTION CODE | hang FUNCTION MILLISECONDS     what a function returns, and how long it takes
// Built with FAKE_NVIDIA_OLD it has the first process lists only.

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>

namespace {

struct Process {
  unsigned id;
  unsigned long long bytes;
};

struct Gpu {
  std::string uuid, name, pci;
  unsigned long long total = 0, free = 0;
  int major = 0, minor = 0;
  unsigned mig = 0;
  int display = -1, power = -1, slowed = -1;
  std::vector<Process> graphics, compute;
  std::vector<Gpu> instances;
};

struct Fixture {
  std::string driver;
  int cuda = 0;
  std::vector<std::string> order;
  std::vector<Gpu> gpus;
  std::map<std::string, int> results, hangs;
};

Fixture fixture;

void readProcess(std::istream& words, std::vector<Process>& list) {
  unsigned id = 0;
  std::string bytes;
  words >> id >> bytes;
  list.push_back({id, bytes == "-" ? ~0ULL : std::stoull(bytes)});
}

void readOfCard(const std::string& word, std::istream& words, Gpu& gpu) {
  if (word == "name") std::getline(words >> std::ws, gpu.name);
  if (word == "pci") words >> gpu.pci;
  if (word == "memory") words >> gpu.total >> gpu.free;
  if (word == "capability") words >> gpu.major >> gpu.minor;
  if (word == "mig") words >> gpu.mig;
  if (word == "display") words >> gpu.display;
  if (word == "power") words >> gpu.power;
  if (word == "slowed") words >> gpu.slowed;
  if (word == "graphics") readProcess(words, gpu.graphics);
  if (word == "compute") readProcess(words, gpu.compute);
}

void readLine(const std::string& word, std::istream& words) {
  std::string text;
  int number = 0;
  if (word == "driver") words >> fixture.driver;
  if (word == "cuda") words >> fixture.cuda;
  while (word == "order" && words >> text) fixture.order.push_back(text);
  if ((word == "result" || word == "hang") && words >> text >> number)
    (word == "hang" ? fixture.hangs : fixture.results)[text] = number;
  if (word == "gpu" || word == "instance") {
    std::vector<Gpu>& list = word == "gpu" ? fixture.gpus : fixture.gpus.at(fixture.gpus.size() - 1).instances;
    words >> text;
    list.emplace_back().uuid = text;
  } else if (!fixture.gpus.empty()) {
    Gpu& gpu = fixture.gpus.back();
    readOfCard(word, words, gpu.instances.empty() ? gpu : gpu.instances.back());
  }
}

void readFixtureNow();

/// Drivers may be asked from several threads at once.
void readFixture() {
  static std::once_flag once;
  std::call_once(once, readFixtureNow);
}

void readFixtureNow() {
  Dl_info self{};
  dladdr(reinterpret_cast<void*>(&readFixtureNow), &self);
  std::ifstream file(std::string(self.dli_fname) + ".txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word;
    if (words >> word) readLine(word, words);
  }
}

/// Waits as the fixture says, and answers with its result or with `result`.
int answer(const char* function, int result = 0) {
  const auto hang = fixture.hangs.find(function);
  if (hang != fixture.hangs.end()) std::this_thread::sleep_for(std::chrono::milliseconds(hang->second));
  const auto forced = fixture.results.find(function);
  return forced == fixture.results.end() ? result : forced->second;
}

Gpu& gpuOf(void* device) { return *static_cast<Gpu*>(device); }

int give(const std::string& text, char* buffer, unsigned size) {
  std::snprintf(buffer, size, "%s", text.c_str());
  return 0;
}

template <class Entry>
int give(const std::vector<Process>& processes, unsigned* count, Entry* entries) {
  const auto room = *count;
  *count = static_cast<unsigned>(processes.size());
  if (processes.size() > room) return 7;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    entries[i] = {};
    entries[i].id = processes[i].id;
    entries[i].memory = processes[i].bytes;
  }
  return 0;
}

struct Entry {
  unsigned id;
  unsigned long long memory;
  unsigned gpuInstance, computeInstance;
};

struct Entry1 {
  unsigned id;
  unsigned long long memory;
};

struct Pci {
  char shortBusId[16];
  unsigned numbers[5];
  char busId[32];
};

struct Memory {
  unsigned long long total, free, used;
};

unsigned char byteAt(const std::string& digits, std::size_t index) {
  return static_cast<unsigned char>(std::stoi(digits.substr(index * 2, 2), nullptr, 16));
}

}  // namespace

extern "C" {
int nvmlInit_v2() {
  readFixture();
  return answer("nvmlInit_v2");
}
int nvmlShutdown() { return 0; }
int nvmlSystemGetDriverVersion(char* text, unsigned size) {
  return answer("nvmlSystemGetDriverVersion", give(fixture.driver, text, size));
}
int nvmlSystemGetCudaDriverVersion_v2(int* version) {
  *version = fixture.cuda;
  return answer("nvmlSystemGetCudaDriverVersion_v2");
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = static_cast<unsigned>(fixture.gpus.size());
  return answer("nvmlDeviceGetCount_v2");
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  if (index >= fixture.gpus.size()) return 2;
  *device = &fixture.gpus[index];
  return answer("nvmlDeviceGetHandleByIndex_v2");
}
int nvmlDeviceGetName(void* device, char* text, unsigned size) {
  return answer("nvmlDeviceGetName", give(gpuOf(device).name, text, size));
}
int nvmlDeviceGetUUID(void* device, char* text, unsigned size) {
  return answer("nvmlDeviceGetUUID", give(gpuOf(device).uuid, text, size));
}
int nvmlDeviceGetPciInfo_v3(void* device, Pci* pci) {
  *pci = {};
  give(gpuOf(device).pci, pci->busId, sizeof(pci->busId));
  return answer("nvmlDeviceGetPciInfo_v3", gpuOf(device).pci.empty() ? 3 : 0);
}
int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
  const Gpu& gpu = gpuOf(device);
  *memory = {gpu.total, gpu.free, gpu.total - gpu.free};
  return answer("nvmlDeviceGetMemoryInfo");
}
int nvmlDeviceGetCudaComputeCapability(void* device, int* major, int* minor) {
  *major = gpuOf(device).major;
  *minor = gpuOf(device).minor;
  return answer("nvmlDeviceGetCudaComputeCapability", gpuOf(device).major == 0 ? 3 : 0);
}
int nvmlDeviceGetDisplayActive(void* device, unsigned* active) {
  *active = static_cast<unsigned>(gpuOf(device).display);
  return answer("nvmlDeviceGetDisplayActive", gpuOf(device).display < 0 ? 3 : 0);
}
int nvmlDeviceGetEnforcedPowerLimit(void* device, unsigned* limit) {
  *limit = static_cast<unsigned>(gpuOf(device).power);
  return answer("nvmlDeviceGetEnforcedPowerLimit", gpuOf(device).power < 0 ? 3 : 0);
}
int nvmlDeviceGetCurrentClocksThrottleReasons(void* device, unsigned long long* reasons) {
  *reasons = static_cast<unsigned long long>(gpuOf(device).slowed);
  return answer("nvmlDeviceGetCurrentClocksThrottleReasons", gpuOf(device).slowed < 0 ? 3 : 0);
}
int nvmlDeviceGetMigMode(void* device, unsigned* mode, unsigned* later) {
  *mode = *later = gpuOf(device).mig;
  return answer("nvmlDeviceGetMigMode");
}
int nvmlDeviceGetMaxMigDeviceCount(void*, unsigned* count) {
  *count = 7;
  return 0;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void* device, unsigned index, void** part) {
  Gpu& gpu = gpuOf(device);
  if (index >= gpu.instances.size()) return 6;
  *part = &gpu.instances[index];
  return 0;
}
#ifdef FAKE_NVIDIA_OLD
int nvmlDeviceGetComputeRunningProcesses(void* device, unsigned* count, Entry1* entries) {
  return answer("nvmlDeviceGetComputeRunningProcesses", give(gpuOf(device).compute, count, entries));
}
int nvmlDeviceGetGraphicsRunningProcesses(void* device, unsigned* count, Entry1* entries) {
  return answer("nvmlDeviceGetGraphicsRunningProcesses", give(gpuOf(device).graphics, count, entries));
}
#else
int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, Entry* entries) {
  return answer("nvmlDeviceGetComputeRunningProcesses_v3", give(gpuOf(device).compute, count, entries));
}
int nvmlDeviceGetGraphicsRunningProcesses_v3(void* device, unsigned* count, Entry* entries) {
  return answer("nvmlDeviceGetGraphicsRunningProcesses_v3", give(gpuOf(device).graphics, count, entries));
}
#endif

int cuInit(unsigned) {
  readFixture();
  return answer("cuInit");
}
int cuDeviceGetCount(int* count) {
  *count = static_cast<int>(fixture.order.size());
  return answer("cuDeviceGetCount");
}
int cuDeviceGet(int* device, int index) {
  *device = index;
  return 0;
}
int cuDeviceGetUuid_v2(unsigned char* uuid, int device) {
  std::string digits;
  const std::string& text = fixture.order.at(static_cast<std::size_t>(device));
  for (const char c : text.substr(text.find('-'))) {
    if (c != '-') digits += c;
  }
  for (std::size_t i = 0; i < 16; ++i) uuid[i] = byteAt(digits, i);
  return answer("cuDeviceGetUuid_v2");
}
}
