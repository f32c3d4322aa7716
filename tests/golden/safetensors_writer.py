"""A minimal safetensors writer, so that making the golden files needs only NumPy and PyTorch."""
import json
import struct

import numpy as np


def write(path, tensors, metadata):
    """tensors: name -> float32 array, in the order of the file. metadata: name -> text."""
    header, offset = {"__metadata__": metadata}, 0
    for name, array in tensors.items():
        size = array.size * 4
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(np.ascontiguousarray(array, dtype="<f4").tobytes())
