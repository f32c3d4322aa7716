#!/usr/bin/python3
"""Checks the oracle: against PyTorch's cases where both have the operator, and its hand-written
derivatives against differences. Exit status 1 when something disagrees.

    /usr/bin/python3 tests/conformance/check_oracle.py
"""
import math
import sys

import torch
import torch.nn.functional as F

import oracle
from cases import Random, data_of, read
from geometries import Window


def window_of(case):
    size, args = case["input"]["shape"][2:], case["args"]
    if case["op"].startswith("global"):
        return oracle.global_window(size)
    pair = lambda name, default: args.get(name, [default, default])
    return Window(size, args["kernel_size"], args["stride"], pair("padding", 0), pair("dilation", 1),
                  args["ceil_mode"])


class Adaptive(Window):
    """Cell i of O covers inputs floor(i I / O) to ceil((i + 1) I / O) - 1."""

    def __init__(self, size, out):
        super().__init__(size, (1, 1), (1, 1))
        self.outs = tuple(out)

    def starts(self, axis):
        return list(range(self.outs[axis]))

    def cells(self, axis, start):
        size, out = self.size[axis], self.outs[axis]
        inside = [at for at in range(size) if start * size < (at + 1) * out and at * out < (start + 1) * size]
        return list(enumerate(inside))

    def counted(self, axis, start):
        return len(self.cells(axis, start))


REDUCERS = {
    "max_pool2d": lambda args: oracle.maximum,
    "adaptive_max_pool2d": lambda args: oracle.maximum,
    "global_max_pool2d": lambda args: oracle.maximum,
    "avg_pool2d": lambda args: lambda seen: oracle.average(seen, args["count_include_pad"],
                                                           args.get("divisor_override")),
    "adaptive_avg_pool2d": lambda args: oracle.average,
    "global_avg_pool2d": lambda args: oracle.average,
    "lp_pool2d": lambda args: lambda seen: oracle.lp_sum(seen, args["norm_type"], False),
}


def near(a, b, size):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= 1e-6 * max(size, 1e-3)


def against_pytorch(case):
    """True when the oracle gives what PyTorch gave."""
    shape, adaptive = case["input"]["shape"], case["op"].startswith("adaptive")
    window = Adaptive(shape[2:], case["args"]["output_size"]) if adaptive else window_of(case)
    reduce = REDUCERS[case["op"]](case["args"])
    result = oracle.pool(window, shape, data_of(case["input"]), data_of(case["upstream"]),
                         lambda seen, n, c, at: reduce(seen)._replace(parameters={}))
    slope_size = max(result.dx_sizes)
    return (list(result.shape) == case["output"]["shape"]
            and all(near(a, b, result.y_size) for a, b in zip(result.y, data_of(case["output"])))
            and all(near(a, b, slope_size)
                    for a, b in zip(result.dx, data_of(case["input_gradient"]))))


STEP = 1e-5


def difference(function, at):
    return (function(at + STEP) - function(at - STEP)) / (2 * STEP)


def moved(seen, i, value):
    values = list(seen.values)
    values[i] = value
    return seen._replace(values=values)


def slopes_agree(reduce, seen):
    """The derivatives by the inputs; cells at a kink (0, or near another maximum) are left out."""
    slopes = reduce(seen).slopes
    for i, slope in enumerate(slopes):
        found = difference(lambda x, i=i: reduce(moved(seen, i, x)).y, seen.values[i])
        if abs(found - slope) > 1e-5 * max(1, abs(slope)):
            return False
    return True


def parameter_agrees(reduce_with, name, seen, at):
    slope = reduce_with(at, seen).parameters[name]
    found = difference(lambda value: reduce_with(value, seen).y, at)
    return abs(found - slope) <= 1e-5 * max(1, abs(slope))


def weight_agrees(seen, filters, tap):
    slope = oracle.gated(seen, filters, 4).parameters["weight"].get(tap, (0.0, 0.0))[0]
    found = difference(lambda w: oracle.gated(seen, filters[:tap] + [w] + filters[tap + 1:], 4).y,
                       filters[tap])
    return abs(found - slope) <= 1e-5 * max(1, abs(slope))


def blur_agrees(random):
    """Against PyTorch's mirror, maximum and convolution."""
    shape = (2, 3, random.integer(5, 8), random.integer(5, 8))
    kernel, size, stride = random.integer(1, 3), random.choose((3, 5)), random.integer(1, 3)
    x = torch.tensor([random.grid(-4, 4, 1024) for _ in range(math.prod(shape))],
                     dtype=torch.float64).reshape(shape).requires_grad_(True)
    row = torch.tensor(oracle.binomial(size), dtype=torch.float64)
    filters = torch.outer(row, row).expand(3, 1, size, size)
    middle = F.pad(F.max_pool2d(x, kernel, 1), [(size - 1) // 2] * 4, mode="reflect")
    y = F.conv2d(middle, filters, stride=stride, groups=3)
    dy = torch.tensor([random.grid(-2, 2, 64) for _ in range(y.numel())], dtype=torch.float64)
    y.backward(dy.reshape(y.shape))
    mine = oracle.max_blur(x.flatten().tolist(), dy.tolist(), shape, kernel, size, stride)
    pairs = zip(mine.y + mine.dx, y.flatten().tolist() + x.grad.flatten().tolist())
    return mine.shape == tuple(y.shape) and all(abs(a - b) < 1e-12 for a, b in pairs)


def random_seen(random, positive):
    """A window of distinct numbers, none near 0."""
    rows, columns = random.integer(1, 4), random.integer(1, 4)
    taps = [(ty, tx) for ty in range(rows) for tx in range(columns)]
    values = [(0.1 + 0.17 * i + random.grid(0, 0.1, 1024)) for i in range(len(taps))]
    values = [values[(i * 7 + 3) % len(values)] if len(values) % 7 else v for i, v in enumerate(values)]
    if not positive:
        values = [-v if random.integer(0, 1) else v for v in values]
    return oracle.Seen(values, taps, len(taps) + 2, len(taps) + 3)


def shares(random):
    return random.grid(0.1, 3, 64)


def smooth_checks(random):
    """(name, whether derivatives agree) for one random window."""
    seen, positive = random_seen(random, False), random_seen(random, True)
    p, beta = 1.5 + shares(random), shares(random)
    weights = [shares(random) for _ in seen.values]
    yield "average", slopes_agree(oracle.average, seen)
    yield "maximum", slopes_agree(oracle.maximum, positive)
    yield "lp |x|", slopes_agree(lambda s: oracle.norm(s, p, weights, True), seen)
    yield "lp x^4", slopes_agree(lambda s: oracle.lp_sum(s, 4.0, False), seen)
    yield "lp x^3", slopes_agree(lambda s: oracle.lp_mean(s, 3.0, False), positive)
    yield "lp by p", parameter_agrees(lambda q, s: oracle.norm(s, q, weights, True), "p", seen, p)
    yield "gem", slopes_agree(lambda s: oracle.gem(s, p, 0.05), seen)
    yield "gem by p", parameter_agrees(lambda q, s: oracle.gem(s, q, 0.05), "p", seen, p)
    yield "log_sum_exp", slopes_agree(lambda s: oracle.log_sum_exp(s, beta), seen)
    yield "soft", slopes_agree(lambda s: oracle.soft(s, beta), seen)
    yield "stochastic mean", slopes_agree(lambda s: oracle.stochastic_mean(s, "relu"), seen)
    yield "scaled", slopes_agree(lambda s: oracle.scaled_average(s, beta, p), seen)
    yield "scaled by weight", parameter_agrees(lambda w, s: oracle.scaled_average(s, w, p), "weight",
                                               seen, beta)
    yield "blended", slopes_agree(lambda s: oracle.blended(s, 0.3), positive)
    filters = [random.grid(-1, 1, 64) for _ in range(16)]
    yield "gated", slopes_agree(lambda s: oracle.gated(s, filters, 4), positive)
    yield "gated by weights", all(
        weight_agrees(positive, filters, tap) for tap in range(len(filters)))
    yield "blended by share", parameter_agrees(lambda a, s: oracle.blended(s, a), "share", positive,
                                               0.3)


def main():
    wrong = 0
    for op in REDUCERS:
        cases = [case for case in read(op) if case["source"].startswith("pytorch")]
        bad = [case["id"] for case in cases if not against_pytorch(case)]
        wrong += len(bad)
        print(f"{op:24}{len(cases):6} cases of PyTorch{len(bad):6} differ  {' '.join(bad[:5])}")
    random, counts = Random("check_oracle"), {}
    for _ in range(200):
        for name, agrees in smooth_checks(random):
            good, bad = counts.get(name, (0, 0))
            counts[name] = (good + agrees, bad + (not agrees))
    good = sum(blur_agrees(random) for _ in range(40))
    counts["blur"] = (good, 40 - good)
    for name, (good, bad) in counts.items():
        wrong += bad
        print(f"{name:24}{good + bad:6} windows{bad:6} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
