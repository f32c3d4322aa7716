// The tile registers of AMX in plain C++, after the pseudo code of Intel's Architecture Instruction
// Set Extensions Programming Reference: LDTILECFG, TILERELEASE, TILEZERO, TILELOADD, TILESTORED,
// TDPBF16PS. What would raise an exception of the processor throws std::logic_error.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

#include "core/kernels/gemm/amx_gemm.h"
#include "core/tensor/bfloat16.h"

namespace weir::testing {

class EmulatedTiles {
 public:
  static void configure(const kernels::TileConfig& config) {
    check(config.palette == 1, "palette 1 is the only one");
    check(config.start_row == 0, "a start row is for interrupted loads");
    check(std::all_of(std::begin(config.reserved), std::end(config.reserved),
                      [](uint8_t byte) { return byte == 0; }),
          "reserved bytes are zero");
    for (size_t t = 0; t < 16; ++t) {
      const int rows = config.rows[t], row_bytes = config.row_bytes[t];
      check(rows <= kMostRows && row_bytes <= kMostBytes, "a tile is at most 16 rows of 64 bytes");
      check((rows == 0) == (row_bytes == 0), "rows and bytes of a row are both zero or neither");
      check(t < kTiles || rows == 0, "there are eight tiles");
      if (t < kTiles) state().tiles[t] = {.rows = rows, .row_bytes = row_bytes, .bytes = {}};
    }
    state().configured = true;
  }
  static void release() { state() = {}; }

  template <int kTile>
  static void zero() {
    used(kTile).bytes = {};
  }
  template <int kTile>
  static void load(const void* from, int64_t row_distance) {
    Tile& tile = used(kTile);
    tile.bytes = {};  // what the configuration leaves out becomes zero
    for (int r = 0; r < tile.rows; ++r) {
      std::memcpy(tile.row(r), static_cast<const std::byte*>(from) + r * row_distance,
                  static_cast<size_t>(tile.row_bytes));
    }
  }
  template <int kTile>
  static void store(void* to, int64_t row_distance) {
    Tile& tile = used(kTile);
    for (int r = 0; r < tile.rows; ++r) {
      std::memcpy(static_cast<std::byte*>(to) + r * row_distance, tile.row(r),
                  static_cast<size_t>(tile.row_bytes));
    }
  }
  template <int kC, int kA, int kB>
  static void multiply_add() {
    Tile &c = used(kC), &a = used(kA), &b = used(kB);
    check(kC != kA && kC != kB && kA != kB, "the three tiles differ");
    check(c.row_bytes % 4 == 0 && a.row_bytes % 4 == 0 && b.row_bytes % 4 == 0,
          "rows are whole words");
    check(c.rows == a.rows, "C has the rows of A");
    check(c.row_bytes == b.row_bytes, "C has the columns of B");
    check(a.row_bytes / 4 == b.rows, "the pairs of a row of A are the rows of B");
    for (int m = 0; m < c.rows; ++m) {
      for (int n = 0; n < c.row_bytes / 4; ++n) {
        float even = 0, odd = 0;
        for (int k = 0; k < a.row_bytes / 4; ++k) {
          even += a.number(m, 2 * k) * b.number(k, 2 * n);
          odd += a.number(m, 2 * k + 1) * b.number(k, 2 * n + 1);
        }
        c.add(m, n, even + odd);
      }
    }
  }

 private:
  static constexpr int kTiles = 8, kMostRows = 16, kMostBytes = 64;

  struct Tile {
    int rows = 0, row_bytes = 0;
    std::array<std::byte, size_t{kMostRows} * kMostBytes> bytes{};

    std::byte* row(int r) { return bytes.data() + r * kMostBytes; }
    float number(int r, int i) {
      bfloat16 value;
      std::memcpy(&value, row(r) + 2 * i, sizeof(value));
      return to_float(value);
    }
    void add(int r, int i, float term) {
      float value;
      std::memcpy(&value, row(r) + 4 * i, sizeof(value));
      value += term;
      std::memcpy(row(r) + 4 * i, &value, sizeof(value));
    }
  };
  struct State {
    bool configured = false;
    std::array<Tile, kTiles> tiles{};
  };

  // The registers of this thread.
  static State& state() {
    static thread_local State registers;
    return registers;
  }
  static void check(bool holds, const char* rule) {
    if (!holds) throw std::logic_error(std::string("tiles: ") + rule);
  }
  static Tile& used(int tile) {
    check(state().configured, "configure before use");
    Tile& found = state().tiles[static_cast<size_t>(tile)];
    check(found.rows > 0, "a tile without rows is not used");
    return found;
  }
};

}  // namespace weir::testing
