// Products on matrix tiles, written against the few operations that tiles have, so that the tests
// run the same text on an emulation where the processor has none.
//
// Tiles is a type with static functions (AmxTiles in bf16_gemm_amx.cpp has the instructions):
//   configure(TileConfig), release()
//   zero<t>(), load<t>(from, row distance in bytes), store<t>(to, row distance in bytes)
//   multiply_add<c, a, b>(): c (floats) += a (bf16, pairs along a row) * b (bf16, pairs in a row)
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/kernels/gemm/bf16_gemm.h"

namespace weir::kernels {

// A tile register holds at most 16 rows of 64 bytes: 16 x 16 floats, 16 x 32 numbers of A or 16
// pairs of rows x 16 columns of B.
constexpr int kTileRows = 16, kTileK = 32;

// The operand of LDTILECFG.
struct TileConfig {
  uint8_t palette = 1, start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};
};
static_assert(sizeof(TileConfig) == 64);

// The eight tiles: C as 2 x 2, two of A below each other, two of B side by side.
template <int kRow, int kColumn>
constexpr int kTileC = 2 * kRow + kColumn;
template <int kRow>
constexpr int kTileA = 4 + kRow;
template <int kColumn>
constexpr int kTileB = 6 + kColumn;

// Tiles for `rows` rows of A and C, at most 32: what a second row of tiles lacks is left out.
inline TileConfig tile_config(int rows) {
  TileConfig config;
  const auto set = [&](int tile, int count) {
    config.rows[tile] = static_cast<uint8_t>(count);
    config.row_bytes[tile] = count > 0 ? 64 : 0;
  };
  const int upper = std::min(rows, kTileRows), lower = rows - upper;
  for (int column = 0; column < 2; ++column) {
    set(kTileC<0, 0> + column, upper);
    set(kTileC<1, 0> + column, lower);
    set(kTileB<0> + column, kTileRows);
  }
  set(kTileA<0>, upper);
  set(kTileA<1>, lower);
  return config;
}

// Calls visit<row, column>() for each tile of a block of C.
template <int kRows, int kColumns, class Visit>
void for_tiles_of_c(const Visit& visit) {
  visit.template operator()<0, 0>();
  if constexpr (kColumns > 1) visit.template operator()<0, 1>();
  if constexpr (kRows > 1) visit.template operator()<1, 0>();
  if constexpr (kRows > 1 && kColumns > 1) visit.template operator()<1, 1>();
}

// kRows x kColumns tiles of C: all terms are added up in the registers.
template <class Tiles, int kRows, int kColumns>
void amx_block(const Bf16Gemm& g, const Bf16Product& product, int64_t row, int64_t column) {
  constexpr int64_t kTileBytes = 64;
  const int64_t a_bytes = g.a_row * sizeof(bfloat16), c_bytes = g.c_row * sizeof(float);
  const auto c_tile = [&]<int kRow, int kColumn>() {
    return product.c + (row + kRow * kTileRows) * g.c_row + column + kColumn * kPairColumns;
  };
  for_tiles_of_c<kRows, kColumns>([&]<int kRow, int kColumn>() {
    if (g.accumulate) {
      Tiles::template load<kTileC<kRow, kColumn>>(c_tile.template operator()<kRow, kColumn>(),
                                                  c_bytes);
    } else {
      Tiles::template zero<kTileC<kRow, kColumn>>();
    }
  });
  // Copies: after each tile that is loaded or stored, memory counts as changed.
  const int64_t a_lower = kTileRows * g.a_row, b_panel = g.b_panel;
  const int k = g.k;
  for (const Bf16Term& term : product.terms) {
    const bfloat16* a = term.a + row * g.a_row;
    const bfloat16* b = term.b + column / kPairColumns * b_panel;
    for (int p = 0; p < k; p += kTileK, a += kTileK, b += int64_t{kTileK} * kPairColumns) {
      Tiles::template load<kTileB<0>>(b, kTileBytes);
      Tiles::template load<kTileA<0>>(a, a_bytes);
      if constexpr (kColumns > 1) Tiles::template load<kTileB<1>>(b + b_panel, kTileBytes);
      if constexpr (kRows > 1) Tiles::template load<kTileA<1>>(a + a_lower, a_bytes);
      for_tiles_of_c<kRows, kColumns>([&]<int kRow, int kColumn>() {
        Tiles::template multiply_add<kTileC<kRow, kColumn>, kTileA<kRow>, kTileB<kColumn>>();
      });
    }
  }
  for_tiles_of_c<kRows, kColumns>([&]<int kRow, int kColumn>() {
    Tiles::template store<kTileC<kRow, kColumn>>(c_tile.template operator()<kRow, kColumn>(),
                                                 c_bytes);
  });
}

// One block of C of every product: the same B, and A in the nearest cache.
template <class Tiles, int kRows>
void amx_columns(const Bf16Gemm& g, std::span<const Bf16Product> products, int row) {
  for (int column = 0; column < g.n; column += 2 * kPairColumns) {
    for (const Bf16Product& product : products) {
      if (g.n - column > kPairColumns) {
        amx_block<Tiles, kRows, 2>(g, product, row, column);
      } else {
        amx_block<Tiles, kRows, 1>(g, product, row, column);
      }
    }
  }
}

// Bf16GemmKernel::run. k is a multiple of kTileK.
template <class Tiles>
void amx_gemm(const Bf16Gemm& g, std::span<const Bf16Product> products) {
  int configured = 0;
  for (int row = 0; row < g.m; row += 2 * kTileRows) {
    const int rows = std::min(g.m - row, 2 * kTileRows);
    if (rows != configured) Tiles::configure(tile_config(rows));
    configured = rows;
    if (rows > kTileRows) {
      amx_columns<Tiles, 2>(g, products, row);
    } else {
      amx_columns<Tiles, 1>(g, products, row);
    }
  }
  Tiles::release();
}

}  // namespace weir::kernels
