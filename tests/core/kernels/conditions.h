// The conditions under which a kernel must give the same answer: every instruction set of this
// machine, any number of threads, past the caches or not, and memory full of rubbish.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/past_caches.h"
#include "core/runtime/cpu.h"
#include "core/runtime/parallel.h"
#include "core/tensor/tensor.h"

namespace weir::testing {

// Calls body() once for each instruction set, then goes back to the one in use before.
template <class Body>
void for_each_isa(Body body) {
  const std::string before = isa();
  for (const std::string& name : available_isas()) {
    set_isa(name);
    SCOPED_TRACE("instruction set " + name);
    body();
  }
  set_isa(before);
}

// While it lives, maps of any size are written past the caches, if their panels are whole lines.
class PastCaches {
 public:
  PastCaches() { kernels::set_cache_capacity(0); }
  ~PastCaches() { kernels::set_cache_capacity(before_); }
  PastCaches(const PastCaches&) = delete;
  PastCaches& operator=(const PastCaches&) = delete;

 private:
  size_t before_ = kernels::cache_capacity();
};

// Makes the next tensor of this many bytes full of NaN: freed memory is used again.
inline void poison_next(const Tensor& like, int copies = 1) {
  std::vector<Tensor> held;
  for (int i = 0; i < copies; ++i) {
    held.push_back(Tensor::like(like));
    std::memset(held.back().data<std::byte>(), 0xFF, like.bytes());
  }
}

// Tensors made by make() with one, two and four threads hold the same bytes.
template <class Make>
void expect_same_bytes_for_any_threads(Make make) {
  const int before = threads();
  set_threads(1);
  const std::vector<Tensor> expected = make();
  for (const int count : {2, 4}) {
    set_threads(count);
    const std::vector<Tensor> found = make();
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].bytes(), expected[i].bytes());
      EXPECT_EQ(
          std::memcmp(found[i].data<std::byte>(), expected[i].data<std::byte>(), found[i].bytes()),
          0)
          << "tensor " << i << " differs with " << count << " threads";
    }
  }
  set_threads(before);
}

// Calls body(value) for the stored values that belong to no image: floats or bfloat16.
template <class Body>
void for_padded_rows(Tensor& images, Body body) {
  const int last = images.blocks() - 1;
  const int64_t live = images.live_lanes(last);
  with_storage(images.dtype(), [&]<class T>(T) {
    for (int y = 0; y < images.h(); ++y) {
      for (int x = 0; x < images.w(); ++x) {
        T* panel = images.panel<T>(last, y, x);
        for (int64_t i = live; i < images.panel_size(); ++i) body(panel[i]);
      }
    }
  });
}

// Finite rubbish, which must not reach a result.
inline void fill_padded_rows(Tensor& images, float value) {
  for_padded_rows(images, [=]<class T>(T& stored) { stored = to_storage<T>(value); });
}

inline void expect_padded_rows_zero(Tensor images) {
  for_padded_rows(images, [](auto stored) { EXPECT_EQ(to_float(stored), 0.f); });
}

inline void expect_same_bytes(const Tensor& found, const Tensor& expected) {
  ASSERT_EQ(found.dtype(), expected.dtype());
  ASSERT_EQ(found.bytes(), expected.bytes());
  EXPECT_EQ(std::memcmp(found.data<std::byte>(), expected.data<std::byte>(), expected.bytes()), 0);
}

}  // namespace weir::testing
