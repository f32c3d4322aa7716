// Writes pickles for tests, opcode by opcode, in the dialect that Python 2 used for CIFAR-10.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/datasets/cifar10_files.h"

namespace weir::testing_support {

inline std::string little_endian(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

// A whole pickle of protocol 2.
inline std::string pickle(const std::string& body) { return "\x80\x02" + body + "."; }

inline std::string pickle_int(int value) {
  return "J" + little_endian(static_cast<uint32_t>(value), 4);
}
inline std::string pickle_bytes(const std::string& text) {
  return "T" + little_endian(text.size(), 4) + text;
}
inline std::string pickle_text(const std::string& text) {
  return "X" + little_endian(text.size(), 4) + text;
}
inline std::string pickle_name(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}

inline std::string pickle_dtype(const std::string& dtype, const std::string& order = "|") {
  const std::string state = "(" + pickle_int(3) + pickle_bytes(order) + "NNN" + pickle_int(-1) +
                            pickle_int(-1) + pickle_int(0) + "t";
  return pickle_name("numpy", "dtype") + pickle_bytes(dtype) + pickle_int(0) + pickle_int(1) +
         "\x87R" + state + "b";
}

struct PickledArray {
  std::vector<int> shape;
  std::string data;
  std::string dtype = pickle_dtype("u1");
  bool fortran = false;
};

inline std::string pickle_array(const PickledArray& array) {
  std::string shape = "(";
  for (const int size : array.shape) shape += pickle_int(size);
  return pickle_name("numpy.core.multiarray", "_reconstruct") + pickle_name("numpy", "ndarray") +
         pickle_int(0) + "\x85" + pickle_bytes("b") + "\x87R(" + pickle_int(1) + shape + "t" +
         array.dtype + (array.fortran ? "\x88" : "\x89") + pickle_bytes(array.data) + "tb";
}

inline std::string pickled_batch(const Images& images) {
  std::string labels = "](";
  for (const int label : images.labels) labels += std::string("K") + static_cast<char>(label);
  return pickle("}q\x01(" + pickle_bytes("batch_label") + "q\x02" + pickle_bytes("a batch") +
                pickle_bytes("labels") + "q\x03" + labels + "e" + pickle_bytes("data") +
                pickle_array({.shape = {images.count(), 3072},
                              .data = {images.pixels.begin(), images.pixels.end()}}) +
                "u");
}

inline Files tiny_pickle_files() {
  const TinyCifar10 tiny;
  std::string names = "](";
  for (const std::string& name : cifar10_classes()) names += pickle_bytes(name);
  Files files = {
      {"batches.meta", pickle("}(" + pickle_bytes("label_names") + names + "e" +
                              pickle_bytes("num_cases_per_batch") + pickle_int(10000) + "u")}};
  for (int i = 0; i < 5; ++i) {
    files["data_batch_" + std::to_string(i + 1)] = pickled_batch(tiny.part(i));
  }
  files["test_batch"] = pickled_batch(tiny.test);
  return files;
}

}  // namespace weir::testing_support
