#include "engine/weights/pickle_reader.h"

#include "engine/api/engine_error.h"
#include "engine/weights/pickle_calls.h"

#include <bit>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <unordered_map>

namespace studio::engine {
namespace {

constexpr std::size_t kMostValues = 1'000'000;
constexpr std::size_t kMostStack = 1'000'000;
constexpr std::size_t kMostCopiedBytes = 64 << 20;
constexpr std::size_t kLongestName = 1'000;
constexpr std::uint64_t kNewestProtocol = 5;

[[noreturn]] void refusePickle(const std::string& message, const std::string& detail = {}) {
  throw EngineException(ErrorKind::BadFile, message, detail.substr(0, 200));
}

[[noreturn]] void damaged(const char* detail) { refusePickle("The file's list of tensors is damaged.", detail); }

/// Memory that a value holds beyond its own size.
std::size_t heldBytes(const PickleValue& value) {
  if (const auto* list = std::get_if<PickleList>(&value)) return list->items.size() * sizeof(PickleIndex);
  if (const auto* dict = std::get_if<PickleDict>(&value)) return dict->items.size() * 2 * sizeof(PickleIndex);
  if (const auto* text = std::get_if<std::string>(&value)) return text->size();
  return 0;
}

/// Takes the bytes of the pickle from front to back.
class ByteStream {
 public:
  explicit ByteStream(std::string_view bytes) : bytes_(bytes) {}

  std::size_t position() const { return at_; }

  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) throw PickleTruncated("The file's list of tensors ends too early.");
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }

  unsigned char byte() { return static_cast<unsigned char>(take(1)[0]); }

  std::uint64_t number(std::size_t count) {
    const std::string_view bytes = take(count);
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }

  std::string_view line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) throw PickleTruncated("The file's list of tensors ends too early.");
    const std::string_view text = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

/// The stack machine that a pickle is a program for, with nothing in it that could run anything else.
/// Opcodes are named as in CPython's pickletools.
class PickleMachine {
 public:
  explicit PickleMachine(std::string_view bytes) : stream_(bytes) {}

  PickleDocument run(std::size_t& consumed) {
    for (;;) {
      const unsigned char code = stream_.byte();
      if (code == '.') break;
      if (!number(code) && !text(code) && !container(code) && !stackOrMemo(code) && !call(code))
        refusePickle("The file's list of tensors uses an unknown instruction.", "byte " + std::to_string(code));
    }
    document_.root = pop();
    consumed = stream_.position();
    return std::move(document_);
  }

 private:
  PickleIndex add(PickleValue value) {
    if (document_.values.size() >= kMostValues) refusePickle("The file's list of tensors is too long.");
    document_.values.push_back(std::move(value));
    return static_cast<PickleIndex>(document_.values.size() - 1);
  }

  void push(PickleIndex index) {
    if (stack_.size() >= kMostStack) refusePickle("The file's list of tensors is nested too deeply.");
    stack_.push_back(index);
  }

  void pushNew(PickleValue value) { push(add(std::move(value))); }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  PickleIndex pop() {
    if (stack_.size() <= floor()) damaged("empty stack");
    const PickleIndex index = stack_.back();
    stack_.pop_back();
    return index;
  }

  PickleIndex top() const {
    if (stack_.size() <= floor()) damaged("empty stack");
    return stack_.back();
  }

  std::vector<PickleIndex> popToMark() {
    if (marks_.empty()) damaged("no mark");
    std::vector<PickleIndex> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }

  std::vector<PickleIndex> popMany(std::size_t count) {
    std::vector<PickleIndex> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    return items;
  }

  /// A two's complement number of any length; beyond 64 bits the nearest that fits.
  static std::int64_t longNumber(std::string_view bytes) {
    std::uint64_t value = 0;
    const bool negative = !bytes.empty() && static_cast<unsigned char>(bytes.back()) >= 0x80;
    if (bytes.size() > 8)
      return negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    if (negative) value = ~std::uint64_t{0};
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(value);
  }

  void decimal(std::string_view line) {
    if (line == "00" || line == "01") return pushNew(line == "01");
    pushNew(static_cast<std::int64_t>(std::strtoll(std::string(line).c_str(), nullptr, 10)));
  }

  double bigEndianDouble() {
    const std::string_view bytes = stream_.take(8);
    std::uint64_t bits = 0;
    for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
    return std::bit_cast<double>(bits);
  }

  bool number(unsigned char code) {
    switch (code) {
      case 'N':  // NONE
        return pushNew(std::monostate{}), true;
      case 0x88:  // NEWTRUE
      case 0x89:  // NEWFALSE
        return pushNew(code == 0x88), true;
      case 'I':  // INT
      case 'L':  // LONG
        return decimal(stream_.line()), true;
      case 'J':  // BININT
        return pushNew(std::int64_t{static_cast<std::int32_t>(stream_.number(4))}), true;
      case 'K':  // BININT1
        return pushNew(static_cast<std::int64_t>(stream_.number(1))), true;
      case 'M':  // BININT2
        return pushNew(static_cast<std::int64_t>(stream_.number(2))), true;
      case 0x8a:  // LONG1
        return pushNew(longNumber(stream_.take(stream_.number(1)))), true;
      case 0x8b:  // LONG4
        return pushNew(longNumber(stream_.take(stream_.number(4)))), true;
      case 'F':  // FLOAT
        return pushNew(std::strtod(std::string(stream_.line()).c_str(), nullptr)), true;
      case 'G':  // BINFLOAT
        return pushNew(bigEndianDouble()), true;
      default:
        return false;
    }
  }

  bool text(unsigned char code) {
    switch (code) {
      case 'S': {  // STRING: in quotes; escapes are left as they are
        std::string_view line = stream_.line();
        if (line.size() >= 2) line = line.substr(1, line.size() - 2);
        return pushNew(std::string(line)), true;
      }
      case 'V':  // UNICODE
        return pushNew(std::string(stream_.line())), true;
      case 'U':   // SHORT_BINSTRING
      case 'C':   // SHORT_BINBYTES
      case 0x8c:  // SHORT_BINUNICODE
        return pushNew(std::string(stream_.take(stream_.number(1)))), true;
      case 'T':  // BINSTRING
      case 'B':  // BINBYTES
      case 'X':  // BINUNICODE
        return pushNew(std::string(stream_.take(stream_.number(4)))), true;
      case 0x8d:  // BINUNICODE8
      case 0x8e:  // BINBYTES8
      case 0x96:  // BYTEARRAY8
        return pushNew(std::string(stream_.take(stream_.number(8)))), true;
      default:
        return false;
    }
  }

  /// Items for a list; objects that are strange lists keep none.
  void append(PickleIndex to, const std::vector<PickleIndex>& items) {
    if (auto* list = std::get_if<PickleList>(&document_.values[to]))
      list->items.insert(list->items.end(), items.begin(), items.end());
  }

  void setItems(PickleIndex to, const std::vector<PickleIndex>& items) {
    if (items.size() % 2 != 0) damaged("a key without a value");
    auto* dict = std::get_if<PickleDict>(&document_.values[to]);
    for (std::size_t i = 0; dict != nullptr && i < items.size(); i += 2)
      dict->items.emplace_back(items[i], items[i + 1]);
  }

  bool container(unsigned char code) {
    switch (code) {
      case ']':   // EMPTY_LIST
      case ')':   // EMPTY_TUPLE
      case 0x8f:  // EMPTY_SET
        return pushNew(PickleList{}), true;
      case 'l':   // LIST
      case 't':   // TUPLE
      case 0x91:  // FROZENSET
        return pushNew(PickleList{popToMark()}), true;
      case 0x85:  // TUPLE1
      case 0x86:  // TUPLE2
      case 0x87:  // TUPLE3
        return pushNew(PickleList{popMany(code - 0x84U)}), true;
      case '}':  // EMPTY_DICT
        return pushNew(PickleDict{}), true;
      case 'd': {  // DICT
        const auto items = popToMark();
        pushNew(PickleDict{});
        return setItems(top(), items), true;
      }
      case 'a': {  // APPEND
        const auto item = popMany(1);
        return append(top(), item), true;
      }
      case 'e':     // APPENDS
      case 0x90: {  // ADDITEMS
        const auto items = popToMark();
        return append(top(), items), true;
      }
      case 's': {  // SETITEM
        const auto items = popMany(2);
        return setItems(top(), items), true;
      }
      case 'u': {  // SETITEMS
        const auto items = popToMark();
        return setItems(top(), items), true;
      }
      default:
        return false;
    }
  }

  void remember(std::uint64_t slot) {
    if (memo_.size() >= kMostValues) refusePickle("The file's list of tensors is too long.");
    memo_[slot] = top();
  }

  void recall(std::uint64_t slot) {
    const auto found = memo_.find(slot);
    if (found == memo_.end()) damaged("an unknown memo");
    push(found->second);
  }

  bool stackOrMemo(unsigned char code) {
    switch (code) {
      case 0x80:  // PROTO
        if (stream_.number(1) > kNewestProtocol) refusePickle("The file's list of tensors is of a newer kind.");
        return true;
      case 0x95:  // FRAME
        return stream_.take(8), true;
      case '(':  // MARK
        if (marks_.size() >= kMostStack) refusePickle("The file's list of tensors is nested too deeply.");
        return marks_.push_back(stack_.size()), true;
      case '0':  // POP
        if (!marks_.empty() && stack_.size() == marks_.back()) return marks_.pop_back(), true;
        return pop(), true;
      case '1':  // POP_MARK
        return popToMark(), true;
      case '2':  // DUP
        return push(top()), true;
      case 'p':  // PUT
        return remember(std::strtoull(std::string(stream_.line()).c_str(), nullptr, 10)), true;
      case 'q':  // BINPUT
        return remember(stream_.number(1)), true;
      case 'r':  // LONG_BINPUT
        return remember(stream_.number(4)), true;
      case 0x94:  // MEMOIZE
        return remember(memo_.size()), true;
      case 'g':  // GET
        return recall(std::strtoull(std::string(stream_.line()).c_str(), nullptr, 10)), true;
      case 'h':  // BINGET
        return recall(stream_.number(1)), true;
      case 'j':  // LONG_BINGET
        return recall(stream_.number(4)), true;
      default:
        return false;
    }
  }

  void pushGlobal(std::string_view module, std::string_view name) {
    if (module.size() > kLongestName || name.size() > kLongestName) damaged("a very long name");
    pushNew(PickleGlobal{std::string(module), std::string(name)});
  }

  void pushCall(PickleIndex callable, PickleIndex arguments) {
    auto made = understoodCall(document_, callable, arguments);
    if (!made) return pushNew(PickleObject{callable, arguments, std::nullopt});
    copiedBytes_ += heldBytes(*made);
    if (copiedBytes_ > kMostCopiedBytes) refusePickle("The file's list of tensors is too long.");
    pushNew(std::move(*made));
  }

  void pushStorage(PickleIndex id) {
    auto storage = storageFromId(document_, id);
    if (!storage) return pushNew(std::monostate{});
    if (storage->key.size() > kLongestName) damaged("a very long name");
    pushNew(std::move(*storage));
  }

  /// State of an object; dictionaries and tensors keep none of it (_metadata, hooks).
  void build(PickleIndex state) {
    if (auto* object = std::get_if<PickleObject>(&document_.values[top()])) object->state = state;
  }

  void stackGlobal() {
    const auto names = popMany(2);
    const auto* module = document_.as<std::string>(names[0]);
    const auto* name = document_.as<std::string>(names[1]);
    if (module == nullptr || name == nullptr) damaged("a class without a name");
    pushGlobal(*module, *name);
  }

  bool call(unsigned char code) {
    switch (code) {
      case 'c': {  // GLOBAL
        const std::string_view module = stream_.line();
        return pushGlobal(module, stream_.line()), true;
      }
      case 0x93:  // STACK_GLOBAL
        return stackGlobal(), true;
      case 'R':     // REDUCE
      case 0x81: {  // NEWOBJ
        const auto parts = popMany(2);
        return pushCall(parts[0], parts[1]), true;
      }
      case 0x92: {  // NEWOBJ_EX: named arguments are dropped
        const auto parts = popMany(3);
        return pushCall(parts[0], parts[1]), true;
      }
      case 'o': {  // OBJ
        auto parts = popToMark();
        if (parts.empty()) damaged("an object without a class");
        const PickleIndex callable = parts.front();
        parts.erase(parts.begin());
        return pushCall(callable, add(PickleList{std::move(parts)})), true;
      }
      case 'i': {  // INST
        const std::string_view module = stream_.line();
        pushGlobal(module, stream_.line());
        const PickleIndex callable = pop();
        return pushCall(callable, add(PickleList{popToMark()})), true;
      }
      case 'b': {  // BUILD
        const PickleIndex state = pop();
        return build(state), true;
      }
      case 'Q':  // BINPERSID
        return pushStorage(pop()), true;
      default:
        return false;
    }
  }

  ByteStream stream_;
  PickleDocument document_;
  std::vector<PickleIndex> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, PickleIndex> memo_;
  std::size_t copiedBytes_ = 0;
};

}  // namespace

PickleDocument readPickle(std::string_view bytes, std::size_t& consumed) { return PickleMachine(bytes).run(consumed); }

}  // namespace studio::engine
