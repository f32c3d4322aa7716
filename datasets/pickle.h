// Reads Python pickles that hold plain data, and executes nothing.
//
// A pickle is a program for a small stack machine, and Python's own reader lets it import and call
// anything. This one has no import and no call: a pickle may only name the few NumPy functions in
// pickle_calls.h, whose meaning is written out in C++; any other name is refused, by that name.
// Read: the binary opcodes of protocols 1 to 5 for None, bool, int (64 bits), float, bytes, str,
// list, tuple, dict and NumPy arrays of numbers. Everything else is refused by its opcode's name.
// Format: Python's Lib/pickletools.py, and PEP 307, 3154, 574.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct PickleValue {
  enum class Kind {
    kNone,
    kBool,
    kInt,
    kFloat,
    kBytes,
    kText,
    kList,
    kTuple,
    kDict,
    kName,
    kDtype,
    kArray
  };
  Kind kind = Kind::kNone;
  int64_t integer = 0;    // kBool, kInt
  double real = 0;        // kFloat
  std::string_view text;  // kBytes (a Python 2 str too), kText in UTF-8, kName "module.name",
                          // kDtype "u1", kArray: its dtype
  std::vector<PickleValue*> items;  // kList, kTuple; kDict: key, value, key, value, ...
  std::vector<int64_t> shape;       // kArray, row-major
  std::string_view data;            // kArray: its bytes

  // The value of a dict's bytes or str key; nullptr without it, or when this is no dict.
  const PickleValue* find(std::string_view key) const;
  bool is_string() const { return kind == Kind::kBytes || kind == Kind::kText; }
};

// "bytes", "list", ... for error messages.
std::string_view kind_name(PickleValue::Kind kind);

// Owns all the values, so that deep nesting and cycles need no recursion to free. The views point
// into the bytes given to read_pickle, which must outlive this.
class PickleDocument {
 public:
  const PickleValue& root() const { return *root_; }
  PickleValue* add(PickleValue value) { return &values_.emplace_back(std::move(value)); }
  std::string_view keep(std::string text) { return strings_.emplace_back(std::move(text)); }
  void set_root(PickleValue* root) { root_ = root; }
  size_t size() const { return values_.size(); }

 private:
  std::deque<PickleValue> values_;
  std::deque<std::string> strings_;
  PickleValue* root_ = nullptr;
};

// Throws kData, beginning with `where`, for anything that is cut, damaged, refused or larger than
// the limits: 2,000,000 opcodes and 256 MiB of text decoded by the pickle itself.
PickleDocument read_pickle(std::string_view bytes, const std::string& where);

}  // namespace weir
