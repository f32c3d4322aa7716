"""Makes rearrange.safetensors: the operators that pick or move elements by index, by PyTorch in
single precision, for comparison to the bit. Run with Debian's python3-torch:

    python3 tests/golden/make_rearrange.py

Every option differs between the axes; inputs hold ties and, where `special` says so, NaN and
infinities; upstream gradients are random; batches lie around the block of 32. Indices are stored as
floats, which hold them exactly.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from safetensors_writer import write

torch.set_num_threads(1)
rng = np.random.default_rng(1979)
tensors, cases = {}, []


def random(*shape):
    return torch.tensor(rng.uniform(-1, 1, shape).astype(np.float32))


def image(*shape, special=False):
    """Every third value is one of few, so that windows hold ties."""
    x = random(*shape)
    x = torch.where(torch.tensor(rng.random(shape) < 1 / 3), torch.round(x * 2) / 2, x)
    if special:
        draw = torch.tensor(rng.random(shape))
        x[draw < 0.4] = -torch.inf
        x[draw > 0.92] = torch.nan
        x[draw > 0.96] = torch.inf
    return x


def add(op, function, inputs, constants=None, **options):
    """Runs function(**inputs, **constants), backward from a random gradient, and stores all."""
    name = f"{op}/{len(cases)}"
    constants = constants or {}
    leaves = {key: value.clone().requires_grad_() for key, value in inputs.items()}
    y = function(**leaves, **constants)
    y, indices = y if isinstance(y, tuple) else (y, None)
    dy = random(*y.shape)
    y.backward(dy)
    stored = {"y": y, "dy": dy, **leaves, **constants}
    stored.update({f"d{key}": leaf.grad for key, leaf in leaves.items()})
    if indices is not None:
        stored["indices_out"] = indices
    for key, value in stored.items():
        tensors[f"{name}/{key}"] = value.detach().numpy().astype(np.float32)
    cases.append({"name": name, "op": op, **options})


def max_pool2d(shape, kernel, stride=None, padding=(0, 0), dilation=(1, 1), ceil=False, special=False):
    options = {"kernel_size": kernel, "stride": stride or kernel, "padding": padding,
               "dilation": dilation, "ceil_mode": ceil}
    add("max_pool2d", lambda x: F.max_pool2d(x, **options, return_indices=True),
        {"x": image(*shape, special=special)}, **options)


max_pool2d((3, 3, 6, 8), [2, 2])
max_pool2d((33, 6, 7, 6), [3, 2], [2, 1], [1, 1])
max_pool2d((1, 3, 9, 8), [2, 3], [3, 1], [1, 1], [2, 3], special=True)
max_pool2d((32, 1, 7, 8), [3, 2], [2, 3], [1, 1], ceil=True, special=True)
max_pool2d((2, 3, 18, 19), [17, 16], [1, 2])

for shape, size, special in (((3, 3, 7, 5), [3, 2], False), ((33, 1, 6, 9), [1, 1], False),
                             ((1, 6, 4, 5), [6, 7], True), ((2, 3, 20, 19), [1, 1], True)):
    add("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, size, return_indices=True),
        {"x": image(*shape, special=special)}, output_size=size)

for shape, padding in (((3, 3, 4, 5), [1, 1, 1, 1]), ((33, 6, 4, 3), [2, 1, 3, 0]),
                       ((1, 1, 5, 7), [0, 6, 4, 2]), ((2, 3, 3, 2), [1, 1, 2, 2])):
    add("reflection_pad2d", lambda x: F.pad(x, padding, mode="reflect"), {"x": image(*shape)},
        padding=padding)

for shape, factor in (((3, 3, 4, 6), 2), ((33, 6, 2, 4), 2), ((1, 2, 6, 9), 3), ((2, 1, 5, 10), 5),
                      ((2, 3, 3, 2), 1)):
    add("pixel_unshuffle", lambda x: F.pixel_unshuffle(x, factor), {"x": image(*shape)},
        factor=factor)
    n, c, h, w = shape
    add("pixel_shuffle", lambda x: F.pixel_shuffle(x, factor), {"x": image(n, c * factor**2, h, w)},
        factor=factor)


def pyramid(x, levels):
    cells = [F.adaptive_max_pool2d(x, level).flatten(1) for level in levels]
    return torch.cat(cells, 1)[:, :, None, None]


for shape, levels in (((3, 3, 7, 9), [1, 2, 4]), ((33, 6, 5, 4), [3, 1]), ((1, 1, 8, 8), [2])):
    add("spatial_pyramid_pool2d", lambda x: pyramid(x, levels), {"x": image(*shape)}, levels=levels)


def fractional(shape, kernel, size, special=False):
    samples = torch.tensor(rng.random((shape[0], shape[1], 2)).astype(np.float32))
    samples = samples.clamp(max=1 - 2**-24)
    add("fractional_max_pool2d",
        lambda x, samples: F.fractional_max_pool2d(x, kernel, size, return_indices=True,
                                                   _random_samples=samples),
        {"x": image(*shape, special=special)}, {"samples": samples}, kernel_size=kernel,
        output_size=size)


fractional((3, 3, 9, 12), [2, 2], [6, 8])
fractional((33, 6, 8, 7), [3, 2], [5, 4])
fractional((32, 1, 10, 11), [2, 3], [1, 9], special=True)
fractional((1, 3, 25, 13), [2, 2], [17, 5], special=True)
fractional((2, 17, 8, 9), [3, 3], [3, 1])
fractional((2, 3, 7, 6), [1, 1], [7, 3])


def unpool(shape, kernel, stride, padding, size=None, duplicates=False):
    n, c, h, w = shape
    default = [(i - 1) * s + k - 2 * p for i, s, k, p in zip((h, w), stride, kernel, padding)]
    cells = int(np.prod(size or default))
    draw = (lambda: rng.integers(0, cells, h * w)) if duplicates else (
        lambda: rng.permutation(cells)[:h * w])
    indices = torch.tensor(np.stack([draw() for _ in range(n * c)]).reshape(shape))
    add("max_unpool2d",
        lambda x, indices: F.max_unpool2d(x, indices, kernel, stride, padding, size),
        {"x": random(*shape)}, {"indices": indices}, kernel_size=kernel, stride=stride,
        padding=padding, output_size=size)


unpool((3, 3, 3, 4), [2, 2], [2, 2], [0, 0])
unpool((33, 6, 3, 2), [3, 2], [2, 2], [1, 0], [6, 5])
unpool((1, 3, 4, 3), [2, 3], [2, 3], [0, 1], [7, 9])
unpool((32, 1, 3, 3), [2, 2], [2, 2], [0, 0], duplicates=True)
unpool((35, 3, 3, 4), [3, 3], [1, 2], [0, 1], duplicates=True)


def conv_transpose2d(n, c, k, h, w, kernel, bias=True, **options):
    inputs = {"x": random(n, c, h, w), "weight": random(c, k, *kernel) / 2}
    if bias:
        inputs["bias"] = random(k)
    defaults = {"stride": [1, 1], "padding": [0, 0], "output_padding": [0, 0], "dilation": [1, 1]}
    full = {**defaults, **options}
    add("conv_transpose2d",
        lambda x, weight, bias=None: F.conv_transpose2d(x, weight, bias, **full), inputs, **full)


conv_transpose2d(3, 6, 3, 4, 5, (2, 2), stride=[2, 2])
conv_transpose2d(33, 3, 6, 3, 4, (3, 2), stride=[2, 3], padding=[1, 0], output_padding=[1, 2])
conv_transpose2d(1, 17, 5, 5, 4, (3, 3), padding=[1, 1], bias=False)
conv_transpose2d(2, 4, 9, 3, 5, (2, 3), stride=[3, 1], padding=[0, 2], dilation=[2, 2])
conv_transpose2d(32, 1, 1, 3, 2, (4, 4), stride=[2, 2], padding=[1, 1])

folder = os.path.dirname(os.path.abspath(__file__))
write(os.path.join(folder, "rearrange.safetensors"), tensors, {"cases": json.dumps(cases)})
print(len(cases), "cases,", sum(t.size for t in tensors.values()) * 4, "bytes of data")
