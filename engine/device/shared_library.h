#pragma once

#include <initializer_list>
#include <string>

namespace studio::engine {

/// A library opened at run time, where there is one.
class SharedLibrary {
 public:
  /// Closed libraries leave the process again; some must not, because they have begun threads of their own.
  enum class AtTheEnd { Close, Keep };

  explicit SharedLibrary(const std::string& path, AtTheEnd end = AtTheEnd::Close);
  ~SharedLibrary();
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;

  bool isOpen() const { return handle_ != nullptr; }

  /// The first of the names that it has; leaves `function` as it is where it has none.
  template <class Function>
  void find(Function*& function, std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      void* symbol = symbolNamed(name);
      if (symbol == nullptr) continue;
      function = reinterpret_cast<Function*>(symbol);
      return;
    }
  }

 private:
  void* symbolNamed(const char* name) const;

  void* handle_;
};

}  // namespace studio::engine
