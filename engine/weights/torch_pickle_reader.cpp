#include "engine/weights/torch_pickle_reader.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/weights/pickle_reader.h"
#include "engine/weights/zip_archive.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::uint64_t kLargestPickle = 64 << 20;
constexpr std::uint64_t kFirstLook = 1 << 20;
constexpr std::uint64_t kSmallEntry = 16;
// torch.save's magic number 0x1950a86a20f9469cfc6c, pickled with protocol 2, and the version 1001 behind it.
constexpr std::string_view kLegacyStart("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.",
                                        21);

[[noreturn]] void refuseTorch(const std::string& message, const std::string& detail = {}) {
  throw EngineException(ErrorKind::BadFile, message, detail.substr(0, 200));
}

/// Reads the pickle that begins at `offset` and moves `offset` behind it. Its length is not written anywhere, so more
/// and more of the file is looked at.
PickleDocument readPickleAt(const RandomAccessFile& file, std::uint64_t& offset) {
  for (std::uint64_t look = kFirstLook;; look *= 4) {
    const std::uint64_t left = file.bytes() - std::min(offset, file.bytes());
    const bool all = look >= left || look >= kLargestPickle;
    std::size_t consumed = 0;
    try {
      PickleDocument document = readPickle(file.readText(offset, std::min({look, left, kLargestPickle})), consumed);
      offset += consumed;
      return document;
    } catch (const PickleTruncated& error) {
      if (all) refuseTorch(error.what(), utf8FromPath(file.path()));
    }
  }
}

std::uint64_t littleEndian64(const RandomAccessFile& file, std::uint64_t offset) {
  std::array<unsigned char, 8> bytes{};
  file.read(offset, std::as_writable_bytes(std::span(bytes)));
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

/// Number formats of the storages a document names, by key; a file without tensors has none.
std::map<std::string, PickleStorage> storagesOf(const PickleDocument& document) {
  std::map<std::string, PickleStorage> storages;
  for (const PickleValue& value : document.values) {
    if (const auto* storage = std::get_if<PickleStorage>(&value)) storages.emplace(storage->key, *storage);
  }
  return storages;
}

}  // namespace

bool isTorchArchive(std::string_view start) { return start.starts_with("PK\3\4"); }

bool isLegacyTorchFile(std::string_view start) { return start.starts_with(kLegacyStart.substr(0, 15)); }

TorchPickleReader::TorchPickleReader(const std::filesystem::path& path) : file_(path) {
  const std::string start = file_.readText(0, std::min<std::uint64_t>(file_.bytes(), kLegacyStart.size()));
  if (isTorchArchive(start)) {
    readArchive();
  } else if (start == kLegacyStart) {
    readLegacy();
  } else {
    refuseTorch("This is not a file that PyTorch wrote.", utf8FromPath(path));
  }
}

void TorchPickleReader::readArchive() {
  const ZipArchive archive = readZipArchive(file_);
  const auto pickle = std::find_if(archive.entries.begin(), archive.entries.end(), [](const auto& entry) {
    return entry.first == "data.pkl" ||
           (entry.first.ends_with("/data.pkl") &&
            entry.first.find('/') == entry.first.size() - std::string_view("/data.pkl").size());
  });
  if (pickle == archive.entries.end()) refuseTorch("This zip archive is not a PyTorch file.", utf8FromPath(path()));
  if (pickle->second.bytes > kLargestPickle) refuseTorch("The file's list of tensors is too long.");
  const std::string root = pickle->first.substr(0, pickle->first.size() - std::string_view("data.pkl").size());
  const auto order = archive.entries.find(root + "byteorder");
  if (order != archive.entries.end() && order->second.bytes <= kSmallEntry &&
      file_.readText(order->second.offset, order->second.bytes) != "little")
    refuseTorch("The file was written on a computer with another byte order.", utf8FromPath(path()));
  std::size_t consumed = 0;
  try {
    document_ = readPickle(file_.readText(pickle->second.offset, pickle->second.bytes), consumed);
  } catch (const PickleTruncated& error) {
    refuseTorch(error.what(), utf8FromPath(path()));
  }
  std::map<std::string, Extent> storages;
  const std::string folder = root + "data/";
  for (const auto& [name, entry] : archive.entries) {
    if (name.starts_with(folder)) storages[name.substr(folder.size())] = {entry.offset, entry.bytes};
  }
  placeTensors(storages);
}

/// After the object come the keys of the storages, then for each its length in elements (8 bytes) and its numbers.
void TorchPickleReader::readLegacy() {
  std::uint64_t offset = kLegacyStart.size();
  const PickleDocument system = readPickleAt(file_, offset);
  const auto little = system.find(system.root, "little_endian");
  if (little && system.as<bool>(*little) != nullptr && !*system.as<bool>(*little))
    refuseTorch("The file was written on a computer with another byte order.", utf8FromPath(path()));
  document_ = readPickleAt(file_, offset);
  const PickleDocument keys = readPickleAt(file_, offset);
  const auto* list = keys.as<PickleList>(keys.root);
  if (list == nullptr) refuseTorch("The file's list of tensors is damaged.", "storage keys");
  const std::map<std::string, PickleStorage> known = storagesOf(document_);
  std::map<std::string, Extent> storages;
  for (const PickleIndex item : list->items) {
    const auto* key = keys.as<std::string>(item);
    const auto storage = key == nullptr ? known.end() : known.find(*key);
    if (storage == known.end() || !storage->second.type || file_.bytes() - offset < 8)
      refuseTorch("The file's list of tensors is damaged.", "storage keys");
    const std::uint64_t elements = littleEndian64(file_, offset);
    offset += 8;
    const auto width = static_cast<std::uint64_t>(elementBytes(*storage->second.type));
    if (elements > (file_.bytes() - offset) / width)
      refuseTorch("The file is shorter than its header says; it may be truncated.", *key);
    storages[*key] = {offset, elements * width};
    offset += elements * width;
  }
  placeTensors(storages);
}

void TorchPickleReader::placeTensors(const std::map<std::string, Extent>& storages) {
  PickledTensors found = collectTensors(document_);
  for (const auto& [key, tensor] : found.tensors) {
    const auto width = static_cast<std::uint64_t>(elementBytes(*tensor.storage.type));
    const auto extent = storages.find(tensor.storage.key);
    TensorInfo info{*tensor.storage.type, tensor.shape, 0, 0};
    info.bytes = static_cast<std::uint64_t>(info.elements()) * width;
    if (info.bytes > 0) {
      if (extent == storages.end()) refuseTorch("The numbers of a tensor are missing in the file.", key);
      // Both were checked to stay far below 64 bits: elements of a storage times eight do.
      const std::uint64_t first =
          static_cast<std::uint64_t>(tensor.offset) + static_cast<std::uint64_t>(tensor.storage.start);
      const std::uint64_t end = first + static_cast<std::uint64_t>(extentOf(tensor));
      if (end > extent->second.bytes / width || info.bytes > extent->second.bytes)
        refuseTorch("The file is shorter than its header says; it may be truncated.", key);
      info.offset = extent->second.offset + first * width;
    }
    header_.tensors.emplace(key, std::move(info));
  }
  header_.metadata = std::move(found.metadata);
  tensors_ = std::move(found.tensors);
}

void TorchPickleReader::read(const std::string& key, std::span<std::byte> to) const {
  file_.read(header_.tensors.at(key).offset, to);
}

}  // namespace studio::engine
