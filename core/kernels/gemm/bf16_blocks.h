// How a product of matrices is cut into blocks of C that stay in vector registers.
#pragma once

namespace weir::kernels {

// All rows of kVectors vectors: blocks of kRows, then of half as many.
template <int kRows, int kVectors, class Block>
void for_blocks_of_rows(int rows, int row, int vector, const Block& block) {
  for (; row + kRows <= rows; row += kRows) {
    block.template operator()<kRows, kVectors>(row, vector);
  }
  if constexpr (kRows > 1) for_blocks_of_rows<kRows / 2, kVectors>(rows, row, vector, block);
}

// Calls block<rows, vectors>(first row, first vector) for all of C, at most kRows x 3 vectors at a
// time, or twice the rows of a single vector: fewer sums at once would wait for one another. The
// vectors are cut into slices of nearly equal width: 4 as 2 + 2, not 3 + 1.
template <int kRows, class Block>
void for_blocks(int rows, int vectors, const Block& block) {
  constexpr int kVectors = 3;
  const int slices = (vectors + kVectors - 1) / kVectors;
  for (int slice = 0; slice < slices; ++slice) {
    const int first = vectors * slice / slices, end = vectors * (slice + 1) / slices;
    if (end - first == 1) for_blocks_of_rows<2 * kRows, 1>(rows, 0, first, block);
    if (end - first == 2) for_blocks_of_rows<kRows, 2>(rows, 0, first, block);
    if (end - first == 3) for_blocks_of_rows<kRows, 3>(rows, 0, first, block);
  }
}

}  // namespace weir::kernels
