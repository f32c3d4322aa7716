#include "datasets/pickle_calls.h"

#include <array>
#include <initializer_list>

#include "core/base/error.h"

namespace weir {
namespace {

using Kind = PickleValue::Kind;

constexpr size_t kMaxDimensions = 32;  // NumPy's own bound
constexpr std::string_view kArrayClass = "numpy.ndarray";
constexpr std::string_view kDtypeClass = "numpy.dtype";
constexpr std::string_view kEncode = "_codecs.encode";
constexpr std::array<std::string_view, 2> kReconstruct = {
    "numpy.core.multiarray._reconstruct",   // NumPy 1
    "numpy._core.multiarray._reconstruct",  // NumPy 2
};

bool is_reconstruct(std::string_view name) {
  return name == kReconstruct[0] || name == kReconstruct[1];
}

// The name comes from the file: nothing in it may reach a terminal as a control character.
std::string printable(std::string_view name) {
  constexpr size_t kLongest = 80;
  std::string text;
  for (const char letter : name.substr(0, kLongest)) {
    text += letter >= ' ' && letter <= '~' ? letter : '?';
  }
  return name.size() > kLongest ? text + "..." : text;
}

// The items of a tuple, when it has these kinds at its beginning.
bool matches(const PickleValue& tuple, std::initializer_list<Kind> kinds) {
  if (tuple.kind != Kind::kTuple || tuple.items.size() < kinds.size()) return false;
  size_t i = 0;
  for (const Kind kind : kinds) {
    if (tuple.items[i++]->kind != kind) return false;
  }
  return true;
}

// The number of bytes in a dtype such as u1, i4, f8; 0 for one that is not a plain number.
int64_t item_bytes(std::string_view dtype) {
  if (dtype.size() != 2 || std::string_view("biuf").find(dtype[0]) == std::string_view::npos) {
    return 0;
  }
  return std::string_view("1248").find(dtype[1]) == std::string_view::npos ? 0 : dtype[1] - '0';
}

PickleValue make_dtype(const PickleValue& arguments, const std::string& where) {
  if (arguments.kind != Kind::kTuple || arguments.items.empty() ||
      !arguments.items[0]->is_string() || item_bytes(arguments.items[0]->text) == 0) {
    fail(ErrorKind::kData, "{}: refused: an array's dtype is not a plain number such as u1 or f4",
         where);
  }
  PickleValue dtype{.kind = Kind::kDtype};
  dtype.text = arguments.items[0]->text;
  return dtype;
}

PickleValue make_array(const PickleValue& arguments, const std::string& where) {
  if (!matches(arguments, {Kind::kName}) || arguments.items[0]->text != kArrayClass) {
    fail(ErrorKind::kData, "{}: refused: _reconstruct of something other than numpy.ndarray",
         where);
  }
  return {.kind = Kind::kArray};
}

// Python 3 writes bytes for protocol 2 as encode(text, "latin1"), each byte as one character.
std::string latin1_bytes(std::string_view utf8, const std::string& where) {
  std::string bytes;
  bytes.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size(); ++i) {
    const uint8_t first = static_cast<uint8_t>(utf8[i]);
    if (first < 0x80) {
      bytes += utf8[i];
      continue;
    }
    // U+0080 to U+00FF are two bytes: 110000xx 10xxxxxx.
    const uint8_t second = i + 1 < utf8.size() ? static_cast<uint8_t>(utf8[++i]) : 0;
    if ((first & 0xFE) != 0xC2 || (second & 0xC0) != 0x80) {
      fail(ErrorKind::kData, "{}: a str that stands for bytes has a character above 255", where);
    }
    bytes += static_cast<char>((first & 0x03) << 6 | (second & 0x3F));
  }
  return bytes;
}

PickleValue encode_text(const PickleValue& arguments, PickleDocument& document,
                        const std::string& where) {
  if (!matches(arguments, {Kind::kText, Kind::kText}) || arguments.items[1]->text != "latin1") {
    fail(ErrorKind::kData, "{}: refused: _codecs.encode of something other than a latin1 str",
         where);
  }
  PickleValue bytes{.kind = Kind::kBytes};
  bytes.text = document.keep(latin1_bytes(arguments.items[0]->text, where));
  return bytes;
}

// (version, byte order "|", "<" or ">", ...)
void set_dtype_state(const PickleValue& state, const std::string& where) {
  if (state.kind != Kind::kTuple || state.items.size() < 2 || !state.items[1]->is_string() ||
      (state.items[1]->text != "|" && state.items[1]->text != "<")) {
    fail(ErrorKind::kData, "{}: refused: an array's dtype is not little-endian", where);
  }
}

// Whether the product of the sizes, times the bytes of an element, is `bytes`.
bool fills(const std::vector<int64_t>& shape, int64_t element, size_t bytes) {
  int64_t total = element;
  for (const int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(total, size, &total)) return false;
  }
  return static_cast<uint64_t>(total) == bytes;
}

// (version, shape, dtype, is_fortran, bytes)
void set_array_state(PickleValue& array, const PickleValue& state, const std::string& where) {
  if (state.kind != Kind::kTuple || state.items.size() != 5 ||
      state.items[1]->kind != Kind::kTuple || state.items[2]->kind != Kind::kDtype ||
      state.items[3]->kind != Kind::kBool || state.items[4]->kind != Kind::kBytes) {
    fail(ErrorKind::kData, "{}: an array's state is not (version, shape, dtype, is_fortran, bytes)",
         where);
  }
  if (state.items[3]->integer != 0) {
    fail(ErrorKind::kData, "{}: refused: an array in Fortran order; save it in C order", where);
  }
  if (state.items[1]->items.size() > kMaxDimensions) {
    fail(ErrorKind::kData, "{}: an array has more than {} dimensions", where, kMaxDimensions);
  }
  std::vector<int64_t> shape;
  for (const PickleValue* size : state.items[1]->items) {
    shape.push_back(size->kind == Kind::kInt ? size->integer : -1);
  }
  const std::string_view dtype = state.items[2]->text, data = state.items[4]->text;
  if (!fills(shape, item_bytes(dtype), data.size())) {
    fail(ErrorKind::kData, "{}: an array's {} bytes do not fill its shape; the file is damaged",
         where, data.size());
  }
  array.text = dtype;
  array.shape = std::move(shape);
  array.data = data;
}

}  // namespace

void check_pickle_name(std::string_view name, const std::string& where) {
  if (is_reconstruct(name) || name == kArrayClass || name == kDtypeClass || name == kEncode) return;
  fail(ErrorKind::kData,
       "{}: refused: the pickle asks to call {}; only lists, dicts, strings, numbers and NumPy "
       "arrays are read, and nothing is executed",
       where, printable(name));
}

PickleValue call_pickle_function(const PickleValue& function, const PickleValue& arguments,
                                 PickleDocument& document, const std::string& where) {
  if (function.kind == Kind::kName) {
    if (is_reconstruct(function.text)) return make_array(arguments, where);
    if (function.text == kDtypeClass) return make_dtype(arguments, where);
    if (function.text == kEncode) return encode_text(arguments, document, where);
  }
  fail(ErrorKind::kData, "{}: refused: the pickle calls {}", where,
       function.kind == Kind::kName ? printable(function.text)
                                    : fmt::format("a value of type {}", kind_name(function.kind)));
}

void set_pickle_state(PickleValue& object, const PickleValue& state, const std::string& where) {
  if (object.kind == Kind::kDtype) return set_dtype_state(state, where);
  if (object.kind == Kind::kArray) return set_array_state(object, state, where);
  fail(ErrorKind::kData, "{}: refused: the pickle sets the state of a value of type {}", where,
       kind_name(object.kind));
}

}  // namespace weir
