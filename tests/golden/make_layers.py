"""Makes layers.safetensors: inputs, outputs and gradients of each operator, by PyTorch in double
precision, rounded once to float. Run with Debian's python3-torch:

    python3 tests/golden/make_layers.py

Heights, widths, kernels, strides, paddings and dilations all differ between the axes; upstream
gradients are random; batches lie around the block of 32.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from safetensors_writer import write

torch.set_num_threads(1)
rng = np.random.default_rng(2015)
tensors, cases = {}, []


def random(*shape, scale=1.0):
    # Multiples of 2^-12 are exact in float: both sides start from the same numbers.
    return torch.tensor(np.round(rng.uniform(-scale, scale, shape) * 4096) / 4096)


def keep(key, value):
    tensors[key] = value.detach().numpy().astype(np.float32)


def add(op, function, inputs, options, state=None):
    """Runs function(**inputs), backward from a random gradient, and stores everything."""
    name = f"{op}/{len(cases)}"
    leaves = {k: v.clone().requires_grad_(v.is_floating_point()) for k, v in inputs.items()}
    y = function(**leaves)
    dy = random(*y.shape)
    y.backward(dy)
    for key, leaf in leaves.items():
        keep(f"{name}/{key}", leaf)
        keep(f"{name}/d{key}", leaf.grad)
    keep(f"{name}/y", y)
    keep(f"{name}/dy", dy)
    for key, value in (state or {}).items():
        keep(f"{name}/{key}", value)
    cases.append({"name": name, "op": op, **options})


def conv2d(n, c, k, h, w, kernel, bias=True, **options):
    groups = options.get("groups", 1)
    inputs = {"x": random(n, c, h, w), "weight": random(k, c // groups, *kernel, scale=0.5)}
    if bias:
        inputs["bias"] = random(k)
    defaults = {"stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 1}
    full = {**defaults, **options}
    add("conv2d", lambda x, weight, bias=None: F.conv2d(x, weight, bias, **full), inputs, full)


conv2d(2, 3, 5, 7, 9, (3, 2))
conv2d(33, 3, 4, 5, 4, (3, 3), padding=[1, 1])
conv2d(3, 17, 6, 6, 5, (2, 3), stride=[2, 1], padding=[1, 2])
conv2d(5, 16, 9, 7, 8, (3, 5), stride=[1, 3], padding=[2, 0], dilation=[2, 1])
conv2d(1, 20, 3, 9, 6, (2, 2), stride=[3, 2], padding=[0, 1], dilation=[3, 2], bias=False)
conv2d(4, 6, 9, 5, 7, (3, 1), groups=3, padding=[1, 0], stride=[1, 2])
conv2d(3, 18, 18, 6, 5, (3, 2), groups=18, padding=[1, 1], stride=[2, 1])
conv2d(34, 5, 5, 4, 3, (3, 3), groups=5, padding=[2, 1], dilation=[2, 1])
conv2d(2, 4, 12, 5, 6, (2, 3), groups=4)
conv2d(31, 19, 7, 3, 2, (1, 1), bias=False)
conv2d(2, 16, 3, 3, 2, (5, 4), padding=[2, 2])
conv2d(3, 6, 16, 9, 8, (5, 5))
conv2d(2, 33, 10, 1, 7, (1, 3), padding=[0, 1])

for n, c, h, w, out in ((3, 4, 2, 3, 5), (33, 17, 1, 1, 10), (1, 6, 5, 4, 7)):
    add(
        "linear",
        lambda x, weight, bias: F.linear(x.flatten(1), weight, bias)[:, :, None, None],
        {"x": random(n, c, h, w), "weight": random(out, c * h * w, scale=0.5), "bias": random(out)},
        {},
    )

for op, function, options in (
    ("relu", lambda x: F.relu(x), {}),
    ("leaky_relu", lambda x: F.leaky_relu(x, 0.2), {"negative_slope": 0.2}),
    ("gelu", lambda x: F.gelu(x), {}),
    ("silu", lambda x: F.silu(x), {}),
    ("tanh", lambda x: torch.tanh(x), {}),
):
    for shape in ((2, 3, 5, 4), (33, 5, 2, 3)):
        x = random(*shape, scale=6.0)
        x[0, 0, 0, :2] = 0.0  # the kink
        add(op, function, {"x": x}, options)


def batch_norm(shape, training, momentum=0.1, eps=1e-5):
    c = shape[1]
    mean, var = random(c), random(c).abs() + 0.5
    state = {"running_mean_before": mean.clone(), "running_var_before": var.clone()}
    inputs = {"x": random(*shape, scale=2.0) + 1.5, "weight": random(c) + 1.0, "bias": random(c)}
    state["running_mean"], state["running_var"] = mean, var  # updated in place below
    add(
        "batch_norm",
        lambda x, weight, bias: F.batch_norm(x, mean, var, weight, bias, training, momentum, eps),
        inputs,
        {"training": training, "momentum": momentum, "eps": eps},
        state,
    )


batch_norm((4, 3, 5, 2), True)
batch_norm((33, 17, 2, 3), True, momentum=0.3)
batch_norm((2, 6, 1, 1), True, eps=1e-3)
batch_norm((40, 5, 3, 2), False)


def max_pool2d(shape, kernel, stride=None, padding=(0, 0), dilation=(1, 1), ceil_mode=False, ties=False):
    x = random(*shape)
    if ties:
        x = torch.relu(x)  # many exact zeros: the first in row-major order wins
    options = {"kernel_size": kernel, "stride": stride or kernel, "padding": padding,
               "dilation": dilation, "ceil_mode": ceil_mode}
    add("max_pool2d", lambda x: F.max_pool2d(x, **options), {"x": x}, options)


max_pool2d((3, 4, 6, 8), [2, 2])
max_pool2d((33, 5, 7, 6), [3, 2], [2, 1], [1, 1])
max_pool2d((2, 3, 7, 9), [3, 3], [2, 2], [1, 1], ties=True)
max_pool2d((2, 17, 9, 8), [2, 3], [3, 1], [1, 1], [2, 3])
max_pool2d((2, 3, 7, 8), [2, 3], [2, 3], ceil_mode=True)
max_pool2d((2, 2, 6, 5), [3, 2], [2, 3], [1, 1], ceil_mode=True, ties=True)
max_pool2d((1, 3, 5, 4), [5, 4], [1, 1])


def avg_pool2d(shape, kernel, stride=None, padding=(0, 0), ceil_mode=False, include=True, divisor=None):
    options = {"kernel_size": kernel, "stride": stride or kernel, "padding": padding,
               "ceil_mode": ceil_mode, "count_include_pad": include, "divisor_override": divisor}
    add("avg_pool2d", lambda x: F.avg_pool2d(x, **options), {"x": random(*shape)}, options)


avg_pool2d((3, 4, 6, 8), [2, 2])
avg_pool2d((33, 5, 7, 6), [3, 2], [2, 1], [1, 1])
avg_pool2d((2, 3, 7, 6), [3, 2], [2, 1], [1, 1], include=False)
avg_pool2d((2, 3, 7, 8), [2, 3], [2, 3], ceil_mode=True)
avg_pool2d((2, 3, 7, 8), [3, 4], [2, 3], [1, 2], ceil_mode=True)
avg_pool2d((2, 3, 7, 8), [3, 4], [2, 3], [1, 2], ceil_mode=True, include=False)
avg_pool2d((2, 17, 5, 4), [2, 2], [3, 2], [1, 0], divisor=3)

for shape, size in (((3, 4, 7, 5), [1, 1]), ((33, 5, 6, 8), [3, 3]), ((2, 17, 7, 5), [3, 2]),
                    ((2, 3, 4, 5), [6, 7]), ((1, 2, 9, 4), [4, 4])):
    add("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, size), {"x": random(*shape)},
        {"output_size": size})

for n, classes, smoothing in ((5, 10, 0.0), (33, 7, 0.1), (1, 3, 0.5)):
    labels = rng.integers(0, classes, n)
    add(
        "cross_entropy",
        lambda x: F.cross_entropy(x.flatten(1), torch.tensor(labels), label_smoothing=smoothing)
        .reshape(1),
        {"x": random(n, classes, 1, 1, scale=8.0)},
        {"labels": labels.tolist(), "label_smoothing": smoothing},
    )

folder = os.path.dirname(os.path.abspath(__file__))
write(os.path.join(folder, "layers.safetensors"), tensors, {"cases": json.dumps(cases)})
print(len(cases), "cases,", sum(t.size for t in tensors.values()) * 4, "bytes of data")
