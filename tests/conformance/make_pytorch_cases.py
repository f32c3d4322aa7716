#!/usr/bin/python3
"""Writes the cases that PyTorch answers. Debian's python3-torch 1.13.

    /usr/bin/python3 tests/conformance/make_pytorch_cases.py [OPERATOR...]

What must be equal to the bit comes from PyTorch in float32. Everything else comes from PyTorch in
float64, rounded once, with a bound on what float32 may make of it.
"""
import math
import sys

import torch
import torch.nn.functional as F

from cases import EXACT, File, Random, data_of, power_cost, tensor, within
from geometries import Window, lanes, overlap_of, upstream, values, windows
from make_oracle_cases import add_graham_cases, add_lp_sum_cases

torch.set_num_threads(1)
SOURCE = "pytorch " + torch.__version__.split("a")[0]


def to_torch(entry, dtype):
    return torch.tensor(data_of(entry), dtype=torch.float64).reshape(entry["shape"]).to(dtype)


def from_torch(result):
    numbers = result.detach().contiguous().flatten().tolist()
    return tensor(result.shape, numbers)


def random_input(random, kind, shape):
    return tensor(shape, values(kind, random, math.prod(shape)))


def run(function, entry, dy_of, dtype, absolute=False):
    """(y, dy, dx, further outputs); with `absolute` of |x| and |dy|, for the size of the terms."""
    x = to_torch(entry, dtype)
    x = (x.abs() if absolute else x).requires_grad_(True)
    out = function(x)
    y, *further = out if isinstance(out, tuple) else (out,)
    dy = dy_of(y.shape)
    upstream_gradient = to_torch(dy, dtype)
    y.backward(upstream_gradient.abs() if absolute else upstream_gradient)
    return y, dy, x.grad, further


def largest(result):
    numbers = result[torch.isfinite(result)]
    return float(numbers.abs().max()) if numbers.numel() else 0.0


class Maker:
    """Adds cases of one operator to its file; case numbers seed the random numbers."""

    def __init__(self, op):
        self.file, self.op = File(op), op
        self.random = None

    def next_random(self):
        self.random = Random(self.op, len(self.file.cases) + 1)
        return self.random

    def dy_of(self, shape):
        random = Random(self.op, len(self.file.cases) + 1, "upstream")
        return tensor(shape, upstream(random, math.prod(shape)))

    def exact(self, function, entry, args, note, **fields):
        """A case of a function that selects: (y, indices) or y."""
        y, dy, dx, further = run(function, entry, self.dy_of, torch.float32)
        more = {"indices": from_torch(further[0])} if further else {}
        self.file.add(note=note, source=SOURCE, args=args, mode="train", input=entry, upstream=dy,
                      output=from_torch(y), input_gradient=from_torch(dx), **more, **fields,
                      compare={"output": EXACT, "input_gradient": EXACT,
                               **({"indices": EXACT} if further else {})})

    def mean(self, function, entry, args, note, exact_output, terms, overlap):
        """A case of an average over at most `terms` inputs; an input is in `overlap` windows."""
        y, dy, dx, _ = run(function, entry, self.dy_of, torch.float64)
        y_size, _, dx_size, _ = run(function, entry, self.dy_of, torch.float64, absolute=True)
        if exact_output:
            y = exact_output(to_torch(entry, torch.float32))
        # Output: terms - 1 additions, a division, and the rounding of the expectation. Gradient: a
        # reciprocal, a product and an addition for each window, and the rounding.
        self.file.add(note=note, source=SOURCE, args=args, mode="train", input=entry, upstream=dy,
                      output=from_torch(y), input_gradient=from_torch(dx),
                      compare={"output": EXACT if exact_output else within(terms + 1, largest(y_size)),
                               "input_gradient": within(overlap + 3, largest(dx_size))})


MAX_KINDS = ("random", "ties", "relu", "nan", "random", "inf", "equal", "minus_inf", "zeros",
             "negative", "mixed")


def max_pool2d():
    make = Maker("max_pool2d")
    plain = windows("max_pool2d", 230)
    dilated = windows("max_pool2d dilated", 146, dilated=True)[16:]
    large = [Window((17, 19), (16, 17), (1, 2)), Window((33, 9), (32, 9), (1, 1)),
             Window((16, 18), (16, 16), (3, 1), (4, 5), (1, 1), True)]  # 272, 288 and 256 taps
    for number, window in enumerate(plain + dilated + large):
        random = make.next_random()
        kind = MAX_KINDS[number % len(MAX_KINDS)]
        n, c = lanes(number, math.prod(window.size)) if window not in large else (1, 1)
        args = window.args("kernel_size", "stride", "padding", "dilation", "ceil_mode")

        def function(x, args=args):
            return F.max_pool2d(x, **args, return_indices=True)
        make.exact(function, random_input(random, kind, (n, c, *window.size)), args, kind)
    make.file.write()


AVG_KINDS = ("random", "relu", "random", "nan", "ties", "negative", "inf", "equal")


def avg_pool2d():
    make = Maker("avg_pool2d")
    for number, window in enumerate(windows("avg_pool2d", 300)):
        random = make.next_random()
        kind = AVG_KINDS[number % len(AVG_KINDS)]
        n, c = lanes(number, math.prod(window.size))
        args = window.args("kernel_size", "stride", "padding", "ceil_mode")
        args["count_include_pad"] = number % 3 != 1
        args["divisor_override"] = random.integer(1, 11) if number % 5 == 4 else None

        def function(x, args=args):
            return F.avg_pool2d(x, **args)
        make.mean(function, random_input(random, kind, (n, c, *window.size)),
                  {key: value for key, value in args.items() if value is not None}, kind, function,
                  math.prod(window.kernel), overlap_of(window))
    make.file.write()


def adaptive_sizes(name, count, largest_out):
    """(size, output size), asymmetric, growing and shrinking."""
    random, found = Random("adaptive", name), [((7, 5), (3, 2)), ((3, 4), (5, 7)), ((6, 9), (1, 4)),
                                               ((10, 7), (10, 7)), ((8, 4), (4, 2))]
    while len(found) < count:
        pair = lambda most: (random.integer(1, most), random.integer(1, most))
        size, out = pair(9), pair(largest_out)
        if size[0] * size[1] > 1 and (size, out) not in found:
            found.append((size, out))
    return found


def adaptive_overlap(size, out):
    return math.prod(2 + out[axis] // size[axis] for axis in (0, 1))


def adaptive_terms(size, out):
    return math.prod(-(-size[axis] // out[axis]) + 1 for axis in (0, 1))


def last_channels_mean(out):
    """PyTorch has two roundings. Whole vectors of channels in channels_last get one sum in row-major
    order and one division, as here; contiguous maps, and the channels that are left over, are
    divided by the height and then by the width. So channels are filled up to whole vectors."""
    def function(x):
        channels = x.shape[1]
        filled = torch.cat([x, torch.zeros(x.shape[0], -channels % 32, *x.shape[2:])], 1)
        last = filled.contiguous(memory_format=torch.channels_last)
        return F.adaptive_avg_pool2d(last, out)[:, :channels]
    return function


def one_division(x, out):
    """The same by the definition, in float32."""
    result = torch.empty(*x.shape[:2], *out)
    for oy in range(out[0]):
        for ox in range(out[1]):
            bounds = [(i * size // o, -(-(i + 1) * size // o))
                      for i, size, o in ((oy, x.shape[2], out[0]), (ox, x.shape[3], out[1]))]
            total = torch.zeros(x.shape[:2])
            for iy in range(*bounds[0]):
                for ix in range(*bounds[1]):
                    total = total + x[:, :, iy, ix]
            result[:, :, oy, ox] = total / math.prod(end - begin for begin, end in bounds)
    return result


def adaptive_avg_pool2d():
    make = Maker("adaptive_avg_pool2d")
    for number, (size, out) in enumerate(adaptive_sizes("avg", 130, 8)):
        random = make.next_random()
        kind = AVG_KINDS[number % len(AVG_KINDS)]
        n, c = lanes(number, math.prod(size))
        entry = random_input(random, kind, (n, c, *size))
        exact = last_channels_mean(out) if out != (1, 1) and size[0] * size[1] > 1 else None
        if exact:
            x = to_torch(entry, torch.float32)
            assert torch.equal(torch.nan_to_num(exact(x), 99), torch.nan_to_num(one_division(x, out), 99))
        make.mean(lambda x, out=out: F.adaptive_avg_pool2d(x, out), entry,
                  {"output_size": list(out)}, kind, exact, adaptive_terms(size, out),
                  adaptive_overlap(size, out))
    make.file.write()


def adaptive_max_pool2d():
    make = Maker("adaptive_max_pool2d")
    for number, (size, out) in enumerate(adaptive_sizes("max", 130, 8)):
        random = make.next_random()
        kind = MAX_KINDS[number % len(MAX_KINDS)]
        n, c = lanes(number, math.prod(size))
        make.exact(lambda x, out=out: F.adaptive_max_pool2d(x, out, return_indices=True),
                   random_input(random, kind, (n, c, *size)), {"output_size": list(out)}, kind)
    make.file.write()


def global_sizes(name, count):
    random, found = Random("global", name), [(1, 1), (3, 5), (7, 7), (8, 8), (16, 17), (1, 9)]
    while len(found) < count:
        found.append((random.integer(1, 9), random.integer(1, 9)))
    return found


def global_avg_pool2d():
    make = Maker("global_avg_pool2d")
    for number, size in enumerate(global_sizes("avg", 40)):
        random = make.next_random()
        kind = AVG_KINDS[number % len(AVG_KINDS)]
        n, c = lanes(number, math.prod(size))
        make.mean(lambda x: x.mean((2, 3), keepdim=True), random_input(random, kind, (n, c, *size)),
                  {}, kind, None, math.prod(size), 1)
    make.file.write()


def global_max_pool2d():
    make = Maker("global_max_pool2d")
    for number, size in enumerate(global_sizes("max", 40)):
        random = make.next_random()
        kind = MAX_KINDS[number % len(MAX_KINDS)]
        n, c = lanes(number, math.prod(size))
        make.exact(lambda x, size=size: F.max_pool2d(x, size, return_indices=True),
                   random_input(random, kind, (n, c, *size)), {}, kind)
    make.file.write()


def lp_pool2d():
    """PyTorch has no padding here, and takes powers of x with its sign."""
    make = Maker("lp_pool2d")
    kinds = ("positive", "random", "relu", "ties", "random", "equal", "zeros")
    for number, window in enumerate(windows("lp_pool2d", 130, padded=False)):
        random = make.next_random()
        kind = kinds[number % len(kinds)]
        n, c = lanes(number, math.prod(window.size))
        p = (2.0, 1.0, 3.0, 2.5, 4.0, 1.5, 8.0)[number % 7]
        if kind == "random" and p != 1.0:
            p = 2.0 * math.ceil(p / 2)  # an odd power of both signs may have no root
        if p != int(p) and kind == "equal":
            kind = "positive"
        entry = random_input(random, kind, (n, c, *window.size))
        args = window.args("kernel_size", "stride", "ceil_mode")

        def function(x, args=args, p=p):
            return F.lp_pool2d(x, p, **args)
        y, dy, dx, _ = run(function, entry, make.dy_of, torch.float64)
        y_size, _, dx_size, _ = run(function, entry, make.dy_of, torch.float64, absolute=True)
        cost = power_cost(p, 4) + math.prod(window.kernel)
        if p == 1.0:  # signs cancel, but the root and its slope do not see it
            dx_size = dx_size + float(dx.abs().nan_to_num().max())
        make.file.add(note=kind, source=SOURCE, args={"norm_type": p, **args}, mode="train",
                      input=entry, upstream=dy, output=from_torch(y), input_gradient=from_torch(dx),
                      compare={"output": within(cost + 1, largest(y_size)),
                               "input_gradient": within(
                                   2 * cost + power_cost(p, 4) + overlap_of(window), largest(dx_size),
                                   stored=math.ceil(abs(p - 1)))})
    add_lp_sum_cases(make.file, 50)  # |x|, padding and a learnable p: not in PyTorch
    make.file.write()


def fractional_max_pool2d():
    make = Maker("fractional_max_pool2d")
    random_sizes = Random("fractional")
    for number in range(120):
        random = make.next_random()
        kind = MAX_KINDS[number % len(MAX_KINDS)]
        kernel = (random_sizes.integer(1, 3), random_sizes.integer(1, 3))
        out = (random_sizes.integer(1, 5), random_sizes.integer(1, 5))
        size = tuple(o + k - 1 + random_sizes.integer(0, o) for o, k in zip(out, kernel))
        n, c = lanes(number, math.prod(size))
        samples = tensor((n, c, 2), [random.integer(0, 63) / 64 for _ in range(2 * n * c)])
        given = to_torch(samples, torch.float32)
        args = {"kernel_size": list(kernel), "output_size": list(out)}

        def function(x, args=args, given=given):
            return F.fractional_max_pool2d(x, **args, return_indices=True, _random_samples=given)
        make.exact(function, random_input(random, kind, (n, c, *size)), args, kind,
                   random={"samples": samples})
    add_graham_cases(make.file, 50)  # the paper's regions: not in PyTorch
    make.file.write()


def max_unpool2d():
    make = Maker("max_unpool2d")
    for number, window in enumerate(windows("max_unpool2d", 90)):
        random = make.next_random()
        n, c = lanes(number, math.prod(window.size))
        x = to_torch(random_input(random, MAX_KINDS[number % 3], (n, c, *window.size)), torch.float32)
        pool_args = window.args("kernel_size", "stride", "padding", "ceil_mode")
        pooled, indices = F.max_pool2d(x, **pool_args, return_indices=True)
        if any(window.starts(a)[-1] + window.kernel[a] - window.size[a] > window.padding[a]
               or abs((window.out()[a] - 1) * window.stride[a] + window.kernel[a]
                      - 2 * window.padding[a] - window.size[a]) >= window.stride[a] for a in (0, 1)):
            continue  # PyTorch cannot name that size
        # Windows that overlap name one place twice, with one value: the order does not matter.
        args = {**window.args("kernel_size", "stride", "padding"), "output_size": list(window.size)}

        def function(y, args=args, indices=indices):
            return F.max_unpool2d(y, indices, **args)
        make.exact(function, from_torch(pooled), args, "of the maxima of a map",
                   input_indices=from_torch(indices))
    make.file.write()


def pixel_unshuffle():
    make = Maker("pixel_unshuffle")
    for number in range(40):
        random = make.next_random()
        factor = number % 4 + 1
        size = (factor * random.integer(1, 4), factor * random.integer(1, 3))
        n, c = lanes(number, math.prod(size))
        make.exact(lambda x, factor=factor: F.pixel_unshuffle(x, factor),
                   random_input(random, "mixed" if number % 5 == 4 else "random", (n, c, *size)),
                   {"downscale_factor": factor}, "a permutation")
    make.file.write()


def spatial_pyramid_pool2d():
    make = Maker("spatial_pyramid_pool2d")
    for number in range(40):
        random = make.next_random()
        levels = ([1], [1, 2], [1, 2, 4], [3, 1], [2, 5])[number % 5]
        size = (random.integer(1, 9), random.integer(2, 9))
        n, c = lanes(number, math.prod(size))

        def function(x, levels=levels):
            rows = [F.adaptive_max_pool2d(x, level).flatten(1) for level in levels]
            return torch.cat(rows, 1)[:, :, None, None]
        make.exact(function, random_input(random, MAX_KINDS[number % 7], (n, c, *size)),
                   {"levels": levels}, "adaptive maxima, one level behind the other")
    make.file.write()


def conv_transpose2d():
    make = Maker("conv_transpose2d")
    random = Random("conv_transpose2d")
    for number in range(120):
        pair = lambda low, high: [random.integer(low, high), random.integer(low, high)]
        n = 33 if number % 12 == 0 else (1, 2, 3)[number % 3]
        c, k = random.integer(1, 5), random.integer(1, 5)
        size, kernel, stride, dilation = pair(1, 5), pair(1, 4), pair(1, 3), pair(1, 2)
        padding = [random.integer(0, dilation[a] * (kernel[a] - 1)) for a in (0, 1)]
        extra = [random.integer(0, stride[a] - 1) for a in (0, 1)]
        out = [(size[a] - 1) * stride[a] - 2 * padding[a] + dilation[a] * (kernel[a] - 1) + extra[a] + 1
               for a in (0, 1)]
        if min(out) < 1:
            continue
        args = {"out_channels": k, "kernel_size": kernel, "stride": stride, "padding": padding,
                "output_padding": extra, "dilation": dilation}
        parameters = {"weight": random_input(random, "random", (c, k, *kernel))}
        if number % 4 == 3:
            args["bias"] = False
        else:
            parameters["bias"] = random_input(random, "random", (k,))
        conv_transpose_case(make, args, parameters, random_input(random, "random", (n, c, *size)))
    make.file.write()


def conv_transpose_case(make, args, parameters, entry):
    options = {key: args[key] for key in ("stride", "padding", "output_padding", "dilation")}

    def all_of(absolute):
        tensors = {name: to_torch(value, torch.float64) for name, value in parameters.items()}
        leaves = {name: (value.abs() if absolute else value).requires_grad_(True)
                  for name, value in tensors.items()}
        result = run(lambda x: F.conv_transpose2d(x, leaves["weight"], leaves.get("bias"), **options),
                     entry, make.dy_of, torch.float64, absolute)
        return result, {name: leaf.grad for name, leaf in leaves.items()}
    (y, dy, dx, _), gradients = all_of(False)
    (y_size, _, dx_size, _), sizes = all_of(True)
    # Products and additions: as many as taps times channels, and images times pixels.
    taps = math.prod(args["kernel_size"])
    forward = taps * entry["shape"][1] + 2
    backward = taps * args["out_channels"] + 1
    summed = entry["shape"][0] * math.prod(y.shape[2:]) + 1
    make.file.add(note="random", source=SOURCE, args=args, mode="train", input=entry,
                  parameters=parameters, upstream=dy, output=from_torch(y),
                  input_gradient=from_torch(dx),
                  parameter_gradients={name: from_torch(g) for name, g in gradients.items()},
                  compare={"output": within(forward, largest(y_size)),
                           "input_gradient": within(backward, largest(dx_size)),
                           "parameter_gradients": {name: within(summed, largest(size))
                                                   for name, size in sizes.items()}})


OPERATORS = (max_pool2d, avg_pool2d, adaptive_avg_pool2d, adaptive_max_pool2d, global_avg_pool2d,
             global_max_pool2d, lp_pool2d, fractional_max_pool2d, max_unpool2d, pixel_unshuffle,
             spatial_pyramid_pool2d, conv_transpose2d)


def main():
    wanted = sys.argv[1:]
    for operator in OPERATORS:
        if not wanted or operator.__name__ in wanted:
            operator()


if __name__ == "__main__":
    main()
