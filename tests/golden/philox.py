"""Philox4x32-10 in NumPy: the numbers of core/runtime/philox.h, so that both sides of a test start
from the same weights and pictures without storing them."""
import numpy as np

TEST_PURPOSE = 7


def uniform(count, seed, stream, low, high):
    """The first `count` values of Philox(seed, Purpose::kTest, stream).uniform(low, high)."""
    blocks = (count + 3) // 4
    mask, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    counter = [np.arange(blocks, dtype=np.uint64)]
    counter += [np.full(blocks, v, dtype=np.uint64) for v in (0, stream, TEST_PURPOSE)]
    key = [np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)]
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * counter[0], np.uint64(0xCD9E8D57) * counter[2]
        counter = [(p1 >> shift) ^ counter[1] ^ key[0], p1 & mask,
                   (p0 >> shift) ^ counter[3] ^ key[1], p0 & mask]
        key = [(key[0] + np.uint64(0x9E3779B9)) & mask, (key[1] + np.uint64(0xBB67AE85)) & mask]
    bits = np.stack(counter, axis=1).reshape(-1)[:count]
    unit = (bits >> np.uint64(8)).astype(np.float32) * np.float32(2.0**-24)
    low, high = np.float32(low), np.float32(high)
    return low + (high - low) * unit
