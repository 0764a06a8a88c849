#pragma once

#include "settings/store.h"

#include <QJsonArray>
#include <QStringList>

#include <type_traits>
#include <utility>

namespace studio::settings {

/// One named value with its default. Reading never fails: a value of the wrong kind counts as absent.
template <class T>
class Setting {
 public:
  Setting(Store& store, const char* key, T fallback)
      : store_(store), key_(QString::fromLatin1(key)), fallback_(std::move(fallback)) {}

  T get() const {
    const QJsonValue value = store_.value(key_);
    if constexpr (std::is_same_v<T, bool>) {
      return value.toBool(fallback_);
    } else if constexpr (std::is_same_v<T, int>) {
      return value.toInt(fallback_);
    } else if constexpr (std::is_same_v<T, double>) {
      return value.toDouble(fallback_);
    } else if constexpr (std::is_same_v<T, QString>) {
      return value.toString(fallback_);
    } else {
      static_assert(std::is_same_v<T, QStringList>, "a setting is bool, int, double, QString or QStringList");
      return value.isArray() ? value.toVariant().toStringList() : fallback_;
    }
  }

  void set(const T& value) {
    if constexpr (std::is_same_v<T, QStringList>) {
      store_.setValue(key_, QJsonArray::fromStringList(value));
    } else {
      store_.setValue(key_, QJsonValue(value));
    }
  }

  void reset() { store_.remove(key_); }
  const QString& key() const { return key_; }

 private:
  Store& store_;
  QString key_;
  T fallback_;
};

}  // namespace studio::settings
