#!/usr/bin/python3
"""Loads a checkpoint of Weir into PyTorch and prints the logits of fixed pictures.

Usage: load_checkpoint.py WEIGHTS.safetensors. The network is that of tests/train/torch_test.cpp.
Reads the file by itself, so that nothing of Weir or of the safetensors package is involved.
"""
import json
import struct
import sys

import numpy
import torch
from torch import nn

DTYPES = {"F32": numpy.float32, "I64": numpy.int64}


def load_file(path):
    with open(path, "rb") as f:
        data = f.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        array = numpy.frombuffer(data[begin:end], DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors


class Net(nn.Module):
    def __init__(self, names):
        super().__init__()
        prefix = {name.split(".")[0] for name in names}
        layers = [nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
                  nn.Dropout(0.1)]
        head = [nn.Flatten(), nn.Linear(6 * 4 * 4, 4)]
        assert prefix == {"features", "classifier"}, prefix
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(*head)

    def forward(self, x):
        return self.classifier(self.features(x))


state = load_file(sys.argv[1])
net = Net(state)
net.load_state_dict(state)  # strict
net.eval()
torch.set_num_threads(1)
count = 5
values = (torch.arange(count * 3 * 8 * 8, dtype=torch.int64) * 37 % 101).float() / 50 - 1
with torch.no_grad():
    logits = net(values.reshape(count, 3, 8, 8))
for row in logits:
    print(" ".join(f"{x:.9g}" for x in row))
