#include "datasets/pickle.h"

#include <array>
#include <bit>
#include <charconv>
#include <unordered_map>

#include "core/base/error.h"
#include "datasets/pickle_calls.h"

namespace weir {
namespace {

using Kind = PickleValue::Kind;

// A CIFAR batch has about 60,000 opcodes and decodes 31 MB.
constexpr int kMaxOpcodes = 2'000'000;
constexpr size_t kMaxDecodedBytes = size_t{256} << 20;
constexpr int kHighestProtocol = 5;

class PickleMachine;
struct Opcode {
  uint8_t code;
  const char* name;
  void (*run)(PickleMachine&);  // nullptr: refused
};

// The stack machine. Every read is checked against the end, every pop against the last mark.
class PickleMachine {
 public:
  PickleMachine(std::string_view input, const std::string& where) : input_(input), where_(where) {}
  PickleDocument run();

  template <class... Args>
  [[noreturn]] void damaged(fmt::format_string<Args...> format, Args&&... args) const {
    fail(ErrorKind::kData, "{}: damaged pickle at byte {}: {}", where_, position_,
         fmt::format(format, std::forward<Args>(args)...));
  }

  std::string_view take(uint64_t count) {
    if (count > input_.size() - position_) {
      damaged("{} bytes are announced, but the file ends after {}", count,
              input_.size() - position_);
    }
    const std::string_view bytes = input_.substr(position_, count);
    position_ += count;
    return bytes;
  }
  // A little-endian number of `count` bytes, at most 8.
  uint64_t number(int count) {
    uint64_t value = 0;
    const std::string_view bytes = take(count);
    for (int i = 0; i < count; ++i) value |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
    return value;
  }
  int64_t signed_number(uint64_t count);
  std::string_view line();

  void push(PickleValue value) { stack_.push_back(document_.add(std::move(value))); }
  void push_int(int64_t value) { push({.kind = Kind::kInt, .integer = value}); }
  void push_text_int(std::string_view digits);
  void push_bool(bool value) { push({.kind = Kind::kBool, .integer = value}); }
  void push_string(Kind kind, uint64_t bytes) { push({.kind = kind, .text = take(bytes)}); }
  void push_real(double value) { push({.kind = Kind::kFloat, .real = value}); }
  void push_name(std::string name);
  std::string dotted_name();   // the two lines "module" and "name" that follow, with a dot between
  std::string checked_name();  // the same; refused when it may not be called
  void push_items(Kind kind, std::vector<PickleValue*> items);

  PickleValue* pop();
  PickleValue* top();
  void duplicate() { stack_.push_back(top()); }
  void mark() { marks_.push_back(stack_.size()); }
  std::vector<PickleValue*> pop_to_mark();
  std::vector<PickleValue*> pop_last(size_t count);
  void extend(Kind kind, const std::vector<PickleValue*>& items);

  void put(uint64_t index) { memo_[index] = top(); }
  void memoize() { put(memo_.size()); }
  void get(uint64_t index);

  void check_protocol();
  void name_from_stack();
  void reduce();
  void build();
  void stop() { done_ = true; }

 private:
  std::string_view input_;
  std::string where_;
  size_t position_ = 0;
  bool done_ = false;
  size_t decoded_bytes_ = 0;
  PickleDocument document_;
  std::vector<PickleValue*> stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, PickleValue*> memo_;
};

using M = PickleMachine;

constexpr Opcode kOpcodes[] = {
    {0x80, "PROTO", [](M& m) { m.check_protocol(); }},
    {0x95, "FRAME", [](M& m) { m.number(8); }},  // only a hint for buffering
    {'.', "STOP", [](M& m) { m.stop(); }},
    {'N', "NONE", [](M& m) { m.push({}); }},
    {0x88, "NEWTRUE", [](M& m) { m.push_bool(true); }},
    {0x89, "NEWFALSE", [](M& m) { m.push_bool(false); }},
    {'J', "BININT", [](M& m) { m.push_int(m.signed_number(4)); }},
    {'K', "BININT1", [](M& m) { m.push_int(static_cast<int64_t>(m.number(1))); }},
    {'M', "BININT2", [](M& m) { m.push_int(static_cast<int64_t>(m.number(2))); }},
    {'I', "INT", [](M& m) { m.push_text_int(m.line()); }},
    {0x8a, "LONG1", [](M& m) { m.push_int(m.signed_number(m.number(1))); }},
    {0x8b, "LONG4", [](M& m) { m.push_int(m.signed_number(m.number(4))); }},
    {'G', "BINFLOAT",  // the one big-endian number of the format
     [](M& m) { m.push_real(std::bit_cast<double>(__builtin_bswap64(m.number(8)))); }},
    {'U', "SHORT_BINSTRING", [](M& m) { m.push_string(Kind::kBytes, m.number(1)); }},
    {'T', "BINSTRING", [](M& m) { m.push_string(Kind::kBytes, m.number(4)); }},
    {'C', "SHORT_BINBYTES", [](M& m) { m.push_string(Kind::kBytes, m.number(1)); }},
    {'B', "BINBYTES", [](M& m) { m.push_string(Kind::kBytes, m.number(4)); }},
    {0x8e, "BINBYTES8", [](M& m) { m.push_string(Kind::kBytes, m.number(8)); }},
    {0x96, "BYTEARRAY8", [](M& m) { m.push_string(Kind::kBytes, m.number(8)); }},
    {0x8c, "SHORT_BINUNICODE", [](M& m) { m.push_string(Kind::kText, m.number(1)); }},
    {'X', "BINUNICODE", [](M& m) { m.push_string(Kind::kText, m.number(4)); }},
    {0x8d, "BINUNICODE8", [](M& m) { m.push_string(Kind::kText, m.number(8)); }},
    {']', "EMPTY_LIST", [](M& m) { m.push_items(Kind::kList, {}); }},
    {')', "EMPTY_TUPLE", [](M& m) { m.push_items(Kind::kTuple, {}); }},
    {'}', "EMPTY_DICT", [](M& m) { m.push_items(Kind::kDict, {}); }},
    {'(', "MARK", [](M& m) { m.mark(); }},
    {'l', "LIST", [](M& m) { m.push_items(Kind::kList, m.pop_to_mark()); }},
    {'t', "TUPLE", [](M& m) { m.push_items(Kind::kTuple, m.pop_to_mark()); }},
    {'d', "DICT", [](M& m) { m.push_items(Kind::kDict, m.pop_to_mark()); }},
    {0x85, "TUPLE1", [](M& m) { m.push_items(Kind::kTuple, m.pop_last(1)); }},
    {0x86, "TUPLE2", [](M& m) { m.push_items(Kind::kTuple, m.pop_last(2)); }},
    {0x87, "TUPLE3", [](M& m) { m.push_items(Kind::kTuple, m.pop_last(3)); }},
    {'a', "APPEND", [](M& m) { m.extend(Kind::kList, m.pop_last(1)); }},
    {'e', "APPENDS", [](M& m) { m.extend(Kind::kList, m.pop_to_mark()); }},
    {'s', "SETITEM", [](M& m) { m.extend(Kind::kDict, m.pop_last(2)); }},
    {'u', "SETITEMS", [](M& m) { m.extend(Kind::kDict, m.pop_to_mark()); }},
    {'0', "POP", [](M& m) { m.pop(); }},
    {'1', "POP_MARK", [](M& m) { m.pop_to_mark(); }},
    {'2', "DUP", [](M& m) { m.duplicate(); }},
    {'q', "BINPUT", [](M& m) { m.put(m.number(1)); }},
    {'r', "LONG_BINPUT", [](M& m) { m.put(m.number(4)); }},
    {0x94, "MEMOIZE", [](M& m) { m.memoize(); }},
    {'h', "BINGET", [](M& m) { m.get(m.number(1)); }},
    {'j', "LONG_BINGET", [](M& m) { m.get(m.number(4)); }},
    {'c', "GLOBAL", [](M& m) { m.push_name(m.dotted_name()); }},
    {0x93, "STACK_GLOBAL", [](M& m) { m.name_from_stack(); }},
    {'R', "REDUCE", [](M& m) { m.reduce(); }},
    {'b', "BUILD", [](M& m) { m.build(); }},
    // Calls by another way: named, so that the refusal can say what the pickle asks for.
    {'i', "INST", [](M& m) { m.damaged("opcode INST calls {}", m.checked_name()); }},
    {'o', "OBJ", nullptr},
    {0x81, "NEWOBJ", nullptr},
    {0x92, "NEWOBJ_EX", nullptr},
    {0x82, "EXT1", nullptr},
    {0x83, "EXT2", nullptr},
    {0x84, "EXT4", nullptr},
    {'P', "PERSID", nullptr},
    {'Q', "BINPERSID", nullptr},
    {0x97, "NEXT_BUFFER", nullptr},
    {0x98, "READONLY_BUFFER", nullptr},
    {0x8f, "EMPTY_SET", nullptr},
    {0x90, "ADDITEMS", nullptr},
    {0x91, "FROZENSET", nullptr},
    // The text opcodes of protocol 0.
    {'L', "LONG", nullptr},
    {'F', "FLOAT", nullptr},
    {'S', "STRING", nullptr},
    {'V', "UNICODE", nullptr},
    {'p', "PUT", nullptr},
    {'g', "GET", nullptr},
};

constexpr std::array<const Opcode*, 256> index_opcodes() {
  std::array<const Opcode*, 256> table{};
  for (const Opcode& opcode : kOpcodes) table[opcode.code] = &opcode;
  return table;
}
constexpr std::array<const Opcode*, 256> kOpcodeTable = index_opcodes();

PickleDocument PickleMachine::run() {
  for (int count = 0; !done_; ++count) {
    if (count == kMaxOpcodes) damaged("more than {} opcodes", kMaxOpcodes);
    const uint8_t code = static_cast<uint8_t>(number(1));
    const Opcode* opcode = kOpcodeTable[code];
    if (opcode == nullptr) damaged("0x{:02x} is no opcode of a pickle", code);
    if (opcode->run == nullptr) {
      fail(ErrorKind::kData,
           "{}: refused: opcode {} at byte {}; plain data saved by pickle protocol 2, 3 or 4 is "
           "read, and nothing is executed",
           where_, opcode->name, position_ - 1);
    }
    opcode->run(*this);
  }
  document_.set_root(pop());
  return std::move(document_);
}

int64_t PickleMachine::signed_number(uint64_t count) {
  if (count > 8) damaged("an integer of {} bytes; at most 8 are read", count);
  if (count == 0) return 0;
  const int unused = 64 - 8 * static_cast<int>(count);
  return static_cast<int64_t>(number(static_cast<int>(count)) << unused) >> unused;
}

// Decimal digits; "00" and "01" are how protocol 1 writes False and True.
void PickleMachine::push_text_int(std::string_view digits) {
  if (digits == "00" || digits == "01") return push_bool(digits == "01");
  int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end) damaged("INT without a whole number of 64 bits");
  push_int(value);
}

std::string_view PickleMachine::line() {
  const size_t end = input_.find('\n', position_);
  if (end == std::string_view::npos) damaged("a name has no end");
  const std::string_view text = take(end - position_);
  take(1);
  return text;
}

std::string PickleMachine::dotted_name() {
  const std::string module(line());
  return module + "." + std::string(line());
}

std::string PickleMachine::checked_name() {
  std::string name = dotted_name();
  check_pickle_name(name, where_);
  return name;
}

void PickleMachine::push_name(std::string name) {
  check_pickle_name(name, where_);
  push({.kind = Kind::kName, .text = document_.keep(std::move(name))});
}

void PickleMachine::push_items(Kind kind, std::vector<PickleValue*> items) {
  if (kind == Kind::kDict && items.size() % 2 != 0) damaged("a dict has a key without a value");
  push({.kind = kind, .items = std::move(items)});
}

PickleValue* PickleMachine::top() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) damaged("the stack is empty");
  return stack_.back();
}

PickleValue* PickleMachine::pop() {
  PickleValue* value = top();
  stack_.pop_back();
  return value;
}

std::vector<PickleValue*> PickleMachine::pop_last(size_t count) {
  if (stack_.size() < count + (marks_.empty() ? 0 : marks_.back())) damaged("the stack is empty");
  const std::vector<PickleValue*> items(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                        stack_.end());
  stack_.resize(stack_.size() - count);
  return items;
}

std::vector<PickleValue*> PickleMachine::pop_to_mark() {
  if (marks_.empty()) damaged("there is no mark on the stack");
  const size_t count = stack_.size() - marks_.back();
  std::vector<PickleValue*> items = pop_last(count);
  marks_.pop_back();
  return items;
}

void PickleMachine::extend(Kind kind, const std::vector<PickleValue*>& items) {
  PickleValue* container = top();
  if (container->kind != kind) {
    damaged("items are added to type {} where {} is expected", kind_name(container->kind),
            kind_name(kind));
  }
  if (kind == Kind::kDict && items.size() % 2 != 0) damaged("a dict has a key without a value");
  container->items.insert(container->items.end(), items.begin(), items.end());
}

void PickleMachine::get(uint64_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end()) damaged("memo {} is read before it is written", index);
  stack_.push_back(found->second);
}

void PickleMachine::check_protocol() {
  const uint64_t protocol = number(1);
  if (protocol > kHighestProtocol) {
    damaged("protocol {} is not known; expected 0 to {}", protocol, kHighestProtocol);
  }
}

void PickleMachine::name_from_stack() {
  const PickleValue* name = pop();
  const PickleValue* module = pop();
  if (name->kind != Kind::kText || module->kind != Kind::kText) {
    damaged("STACK_GLOBAL without a module and a name");
  }
  push_name(std::string(module->text) + "." + std::string(name->text));
}

void PickleMachine::reduce() {
  const PickleValue* arguments = pop();
  const PickleValue* function = pop();
  PickleValue result = call_pickle_function(*function, *arguments, document_, where_);
  // A pickle can decode one long text again and again by its memo.
  decoded_bytes_ += result.text.size();
  if (decoded_bytes_ > kMaxDecodedBytes) damaged("more than {} bytes decoded", kMaxDecodedBytes);
  push(std::move(result));
}

void PickleMachine::build() {
  const PickleValue* state = pop();
  set_pickle_state(*top(), *state, where_);
}

}  // namespace

std::string_view kind_name(Kind kind) {
  static constexpr std::string_view kNames[] = {"None", "bool",  "int",  "float", "bytes", "str",
                                                "list", "tuple", "dict", "name",  "dtype", "array"};
  return kNames[static_cast<int>(kind)];
}

const PickleValue* PickleValue::find(std::string_view key) const {
  if (kind != Kind::kDict) return nullptr;
  const PickleValue* found = nullptr;  // the last one counts, as in Python
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->is_string() && items[i]->text == key) found = items[i + 1];
  }
  return found;
}

PickleDocument read_pickle(std::string_view bytes, const std::string& where) {
  return PickleMachine(bytes, where).run();
}

}  // namespace weir
