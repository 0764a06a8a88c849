#include "engine/device/shared_library.h"

#include <dlfcn.h>

namespace studio::engine {

SharedLibrary::SharedLibrary(const std::string& path, AtTheEnd end)
    : handle_(::dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL | (end == AtTheEnd::Keep ? RTLD_NODELETE : 0))) {}

SharedLibrary::~SharedLibrary() {
  if (handle_ != nullptr) ::dlclose(handle_);
}

void* SharedLibrary::symbolNamed(const char* name) const {
  return handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
}

}  // namespace studio::engine
