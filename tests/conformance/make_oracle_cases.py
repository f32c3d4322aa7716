#!/usr/bin/env python3
"""Writes the cases that the oracle answers (oracle.py): operators that PyTorch does not have.

    python3 tests/conformance/make_oracle_cases.py [OPERATOR...]
"""
import math
import sys

import oracle
from cases import EXACT, EXP, LOG, File, Random, power_cost, tensor, within
from geometries import lanes, overlap_of, upstream, values, windows

class Maker:
    def __init__(self, op, file=None):
        self.file, self.op = file or File(op), op

    def number(self):
        return len(self.file.cases) + 1

    def random(self, *purpose):
        return Random(self.op, self.number(), *purpose)

    def input(self, kind, shape):
        return tensor(shape, values(kind, self.random(), math.prod(shape)))

    def upstream(self, shape):
        return tensor(shape, upstream(self.random("upstream"), math.prod(shape)))

    def add(self, compute, entry, args, note, output_cost, slope_cost, overlap, mode="train",
            exact=False, parameters=None, parameter_cost=0, random=None, out=None, stored=(0, 0, 0)):
        """compute(x, dy, shape) -> Result. The costs are roundings of one output, of one window's
        share of the gradient, and of one output's share of a parameter's gradient; `stored` are
        images that may be stored on the way to each of the three."""
        dy = self.upstream(out)
        result = compute(entry["data"], dy["data"], entry["shape"])
        assert list(result.shape) == list(out), (result.shape, out)
        fields = {"parameters": parameters} if parameters else {}
        if random:
            fields["random"] = random
        if result.indices:
            fields["indices"] = tensor(out, result.indices)
        compare = {
            "output": EXACT if exact else within(output_cost + 1, result.y_size, stored[0]),
            "input_gradient": EXACT if exact else within(slope_cost + overlap + 1,
                                                         max(result.dx_sizes), stored[1])}
        if result.indices:
            compare["indices"] = EXACT
        if result.parameters:
            names = [name for name in parameters if name in result.parameters]
            fields["parameter_gradients"] = {
                name: tensor(parameters[name]["shape"], result.parameters[name]) for name in names}
            # Sums over images and pixels are added as a tree, or in double; 16 covers the tree.
            compare["parameter_gradients"] = {
                name: within(parameter_cost + 16, max(result.parameter_sizes[name]), stored[2])
                for name in names}
        self.file.add(note=note, source="oracle", args=args, mode=mode, input=entry, upstream=dy,
                      output=tensor(out, result.y),
                      input_gradient=tensor(entry["shape"], result.dx), compare=compare, **fields)


WINDOW_ARGS = ("kernel_size", "stride", "padding", "ceil_mode")
SMOOTH_KINDS = ("random", "relu", "positive", "ties", "negative", "random", "nan", "equal", "zeros")
NORM_KINDS = (*SMOOTH_KINDS, "large", "small")
FINITE_KINDS = tuple(kind for kind in SMOOTH_KINDS if kind != "nan")


def each_window(make, name, count, kinds, **options):
    """(window, kind, input, shape of the output) of each case."""
    for number, window in enumerate(windows(name, count, **options)):
        n, c = lanes(number, math.prod(window.size))
        kind = kinds[number % len(kinds)]
        yield window, kind, make.input(kind, (n, c, *window.size)), (n, c, *window.out())


def gated_result(window, reduce, filters, size):
    """As pooled(), with a gradient for each weight of a filter."""
    def compute(x, dy, shape):
        def without_parameters(seen, n, c, at):
            return reduce(seen, n, c, at)._replace(parameters={})
        result = oracle.pool(window, shape, x, dy, without_parameters)
        oracle.add_filter_gradients(result, window, shape, x, dy, reduce, filters, size)
        return result
    return compute


def pooled(window, reduce):
    return lambda x, dy, shape: oracle.pool(window, shape, x, dy, reduce)


def taps(window):
    return math.prod(window.kernel)


def scalar(value):
    return tensor([1], [value])


def lp_cases(make, count, reduce_of, norms, default_absolute):
    """reduce_of(window, p, absolute) -> reducer of a Seen."""
    for window, kind, entry, out in each_window(make, make.op, count, NORM_KINDS):
        random = make.random("options")
        absolute = default_absolute if random.integer(0, 3) else not default_absolute
        p = random.choose(norms)
        if not absolute and p != int(p):
            p = 3.0
        learnable = absolute and make.number() % 3 == 0  # by p: the logarithm of x
        args = {"norm_type": p, **window.args(*WINDOW_ARGS), "abs": absolute, "learnable": learnable}
        reduce = reduce_of(window, p, absolute)

        def counted(seen, n, c, at, reduce=reduce, learnable=learnable):
            result = reduce(seen)
            by_p = result.parameters.get("p", 0.0)
            size = abs(result.y) * (2 + abs(math.log(abs(result.y) or 1)))
            return result._replace(parameters={"p": (0, 1, by_p, size)} if learnable else {})
        cost = power_cost(p, 4) + taps(window)
        make.add(pooled(window, counted), entry, args, kind, cost, 2 * cost + power_cost(p, 4),
                 overlap_of(window), parameters={"p": scalar(p)} if learnable else None,
                 parameter_cost=2 * cost, out=out, stored=(0, math.ceil(abs(p - 1)), 1))


def add_lp_sum_cases(file, count):
    def reduce_of(window, p, absolute):
        return lambda seen: oracle.lp_sum(seen, p, absolute)
    lp_cases(Maker("lp_pool2d", file), count, reduce_of, (1.0, 2.0, 3.0, 2.5, 4.0, 1.5), True)


def add_graham_cases(file, count):
    """Fractional pooling by the paper's regions."""
    make, kinds = Maker("fractional_max_pool2d", file), ("random", "ties", "relu", "nan", "negative")
    for number in range(count):
        random = make.random("options")
        overlapping = number % 2 == 1
        out = (random.integer(2, 5), random.integer(2, 6))
        size = tuple(random.integer(o + 1, 2 * o - 1) for o in out)
        n, c = lanes(number, math.prod(size))
        samples = tensor((n, c, 2), [random.integer(0, 63) / 64 for _ in range(2 * n * c)])
        args = {"output_size": list(out), "regions": "overlapping" if overlapping else "disjoint"}
        make.add(lambda x, dy, shape: oracle.fractional(x, dy, shape, out, samples["data"],
                                                        overlapping),
                 make.input(kinds[number % len(kinds)], (n, c, *size)), args,
                 kinds[number % len(kinds)], 0, 0, 0, exact=True, random={"samples": samples},
                 out=(n, c, *out))


def lp_mean_pool2d():
    def reduce_of(window, p, absolute):
        return lambda seen: oracle.lp_mean(seen, p, absolute)
    make = Maker("lp_mean_pool2d")
    lp_cases(make, 130, reduce_of, (1.0, 2.0, 3.0, 2.5, 4.0, 1.5, 8.0), True)
    make.file.write()


def lp_gaussian_pool2d():
    def reduce_of(window, p, absolute):
        sigmas = [k / 4 for k in window.kernel]
        rows, columns = (oracle.gaussian(k, s) for k, s in zip(window.kernel, sigmas))
        return lambda seen: oracle.lp_gaussian(seen, p, absolute, rows, columns)
    make = Maker("lp_gaussian_pool2d")
    lp_cases(make, 110, reduce_of, (2.0, 1.0, 3.0, 2.5, 4.0), True)
    make.file.write()


def gem_pool2d():
    make = Maker("gem_pool2d")
    for window, kind, entry, out in each_window(make, "gem_pool2d", 110, SMOOTH_KINDS,
                                                padded=False):
        random = make.random("options")
        is_global = make.number() % 2 == 0
        if is_global:
            window = oracle.global_window(window.size)
            out = (*out[:2], 1, 1)
        p, eps = random.choose((3.0, 1.0, 2.0, 2.5, 4.0)), random.choose((1e-6, 1e-3, 0.5))
        learnable = make.number() % 3 != 0
        args = {"p": p, "eps": eps, "learnable": learnable}
        if not is_global:
            args.update(window.args(*WINDOW_ARGS))

        def reduce(seen, n, c, at, p=p, eps=eps, learnable=learnable):
            result = oracle.gem(seen, p, eps)
            by_p = result.parameters.get("p", 0.0)
            size = abs(result.y) * (2 + abs(math.log(abs(result.y) or 1)) + abs(math.log(eps)))
            return result._replace(parameters={"p": (0, 1, by_p, size)} if learnable else {})
        cost = power_cost(p, 1 / eps) + taps(window)
        make.add(pooled(window, reduce), entry, args, kind, cost, 2 * cost, overlap_of(window),
                 parameters={"p": scalar(p)} if learnable else None, parameter_cost=2 * cost,
                 out=out, stored=(0, math.ceil(abs(p - 1)), 1))
    make.file.write()


# (kind, beta): beta * x from 2^7 to 2^26, where one number cannot hold the logarithm of a sum of
# e^(beta x) and tell equal inputs from it.
SHARP = (("ties", 2.0**20), ("random", 2.0**18), ("negative", 2.0**18), ("equal", 2.0**20),
         ("close", 1.0), ("close_negative", 1.0), ("close", 0.5), ("close_negative", 2.0),
         ("far", 1.0), ("far_negative", 1.0), ("far", 4.0), ("ties", 2.0**24),
         ("relu", 2.0**22), ("equal", 2.0**24), ("mixed", 2.0**18), ("inf", 1.0), ("minus_inf", 2.0))


def add_sharp_cases(make, reduce_of):
    """reduce_of(beta) -> reducer of a Seen. Where differences to the largest input come first, no
    rounding is as large as beta * x: those of a product z <= 0 change e^z by z e^z, less than 1/2."""
    for number, window in enumerate(windows(make.op + " sharp", 2 * len(SHARP))):
        kind, beta = SHARP[number % len(SHARP)]
        n, c = lanes(number, math.prod(window.size))
        cost = EXP + LOG + taps(window) + 6
        make.add(pooled(window, lambda seen, n, c, at, reduce=reduce_of(beta): reduce(seen)),
                 make.input(kind, (n, c, *window.size)),
                 {"beta": beta, **window.args(*WINDOW_ARGS)}, "sharp " + kind, cost, cost,
                 overlap_of(window), out=(n, c, *window.out()))


def log_sum_exp_pool2d():
    make = Maker("log_sum_exp_pool2d")
    for window, kind, entry, out in each_window(make, make.op, 110, SMOOTH_KINDS):
        beta = make.random("options").choose((1.0, 0.5, 2.0, 4.0, 8.0, 0.25))
        # log sum is up to 4 beta + ln taps; it is divided by beta, and rounded at that size.
        cost = EXP + LOG + taps(window) + math.ceil(4 * math.log(taps(window) + 1) / beta)
        make.add(pooled(window, lambda seen, n, c, at, beta=beta: oracle.log_sum_exp(seen, beta)),
                 entry, {"beta": beta, **window.args(*WINDOW_ARGS)}, kind, cost,
                 cost + EXP + math.ceil(8 * beta), overlap_of(window), out=out)
    add_sharp_cases(make, lambda beta: lambda seen: oracle.log_sum_exp(seen, beta))
    make.file.write()


def soft_pool2d():
    make = Maker("soft_pool2d")
    for window, kind, entry, out in each_window(make, make.op, 120, SMOOTH_KINDS):
        beta = make.random("options").choose((1.0, 0.5, 2.0, 4.0, 8.0, 0.25))
        cost = 2 * (EXP + taps(window)) + math.ceil(8 * beta)
        make.add(pooled(window, lambda seen, n, c, at, beta=beta: oracle.soft(seen, beta)),
                 entry, {"beta": beta, **window.args(*WINDOW_ARGS)}, kind, cost,
                 2 * cost + math.ceil(8 * beta), overlap_of(window), out=out, stored=(0, 1, 0))
    add_sharp_cases(make, lambda beta: lambda seen: oracle.soft(seen, beta, from_top=True))
    make.file.write()


STOCHASTIC_KINDS = ("relu", "random", "positive", "ties", "negative", "zeros", "equal")


def stochastic_pool2d():
    make = Maker("stochastic_pool2d")
    for window, kind, entry, out in each_window(make, make.op, 160, STOCHASTIC_KINDS):
        random = make.random("options")
        probability = ("relu", "softmax")[make.number() % 2]
        args = {"probability": probability, **window.args(*WINDOW_ARGS)}
        if make.number() % 4 < 2:
            cost = 2 * (EXP + taps(window)) + 8
            make.add(pooled(window, lambda seen, n, c, at, p=probability:
                            oracle.stochastic_mean(seen, p)),
                     entry, args, kind, cost, 2 * cost + 8, overlap_of(window), mode="eval", out=out,
                     stored=(0, 1, 0))
            continue
        uniforms = {}

        def reduce(seen, n, c, at, probability=probability, random=random, uniforms=uniforms):
            # Numbers of 1/256 that no rounding can move to another cell.
            while at not in uniforms:
                u = random.integer(0, 255) / 256
                if oracle.drawing_margin(seen, probability, u) > 1e-5 or u == 0:
                    uniforms[at] = u
            return oracle.stochastic(seen, probability, uniforms[at])
        compute = pooled(window, reduce)
        compute(entry["data"], [0.0] * math.prod(out), entry["shape"])  # draws the numbers
        numbers = tensor(out, [uniforms[at] for at in range(math.prod(out))])
        make.add(compute, entry, args, kind, 0, 0, 0, exact=True, random={"uniform": numbers},
                 out=out)
    make.file.write()


def per_channel(random, channels):
    return tensor([channels], [random.grid(-2, 2, 8) for _ in range(channels)])


def scaled_avg_pool2d():
    make = Maker("scaled_avg_pool2d")
    for window, kind, entry, out in each_window(make, make.op, 70, SMOOTH_KINDS, padded=False):
        random, channels = make.random("options"), entry["shape"][1]
        parameters = {name: per_channel(random, channels) for name in ("weight", "bias")}

        def reduce(seen, n, c, at, parameters=parameters, channels=channels):
            result = oracle.scaled_average(seen, *(parameters[name]["data"][c]
                                                   for name in ("weight", "bias")))
            mean = oracle.average(seen).size
            return result._replace(parameters={
                "weight": (c, channels, result.parameters["weight"], mean),
                "bias": (c, channels, 1.0, 1.0)})
        make.add(pooled(window, reduce), entry, window.args(*WINDOW_ARGS), kind, taps(window) + 3, 4,
                 overlap_of(window), parameters=parameters, parameter_cost=taps(window) + 1, out=out,
                 stored=(1, 1, 1))
    make.file.write()


def mixed_pool2d():
    make = Maker("mixed_pool2d")
    for window, kind, entry, out in each_window(make, make.op, 90, SMOOTH_KINDS):
        random, channels = make.random("options"), entry["shape"][1]
        per = random.choose(("layer", "channel"))
        count = channels if per == "channel" else 1
        share = tensor([count], [random.choose((0.0, 1.0, 0.5, random.grid(-0.5, 1.5, 16)))
                                 for _ in range(count)])

        def reduce(seen, n, c, at, share=share, count=count):
            place = c if count > 1 else 0
            result = oracle.blended(seen, share["data"][place])
            size = abs(oracle.maximum(seen).y) + oracle.average(seen).size
            return result._replace(
                parameters={"share": (place, count, result.parameters["share"], size)})
        make.add(pooled(window, reduce), entry, {"per": per, **window.args(*WINDOW_ARGS)}, kind,
                 taps(window) + 4, 5, 2 * overlap_of(window), parameters={"share": share},
                 parameter_cost=taps(window) + 3, out=out, stored=(1, 3, 1))
    make.file.write()


def gated_pool2d():
    make = Maker("gated_pool2d")
    add_gated_cases(make, make.op, 90, FINITE_KINDS)
    # Of NaN in a window, taps outside the image must not get any.
    add_gated_cases(make, make.op + " nan", 20, ("nan",))
    make.file.write()


def add_gated_cases(make, name, count, kinds):
    for window, kind, entry, out in each_window(make, name, count, kinds, overhang=False):
        random, channels = make.random("options"), entry["shape"][1]
        per = random.choose(("layer", "channel"))
        filters, size = channels if per == "channel" else 1, taps(window)
        weight = tensor([filters, *window.kernel],
                        [random.grid(-1, 1, 16) for _ in range(filters * size)])

        def reduce(seen, n, c, at, weight=weight, filters=filters, width=window.kernel[1], size=size):
            first = (c if filters > 1 else 0) * size
            return oracle.gated(seen, weight["data"][first:first + size], width)
        # g depends on the sum w.x; the slopes change with it as much as they are large.
        reach = math.ceil(max(oracle.filtered_size(seen, weight["data"])
                              for seen in oracle.all_seen(window, entry["shape"], entry["data"])))
        cost = size + EXP + 8
        make.add(gated_result(window, reduce, filters, size), entry,
                 {"per": per, **window.args(*WINDOW_ARGS)}, kind, cost, cost * (1 + reach),
                 3 * overlap_of(window), parameters={"weight": weight},
                 parameter_cost=cost * (1 + reach), out=out, stored=(2, 3 + reach, 3 + reach))


def random_mixed_pool2d():
    """In evaluation: what the coin gives on average. What it gives in training is random."""
    make = Maker("random_mixed_pool2d")
    for window, kind, entry, out in each_window(make, make.op, 50, SMOOTH_KINDS):
        args = {"per": ("layer", "channel", "region")[make.number() % 3], **window.args(*WINDOW_ARGS)}
        make.add(pooled(window, lambda seen, n, c, at:
                        oracle.blended(seen, 0.5)._replace(parameters={})),
                 entry, args, kind, taps(window) + 4, 5, 2 * overlap_of(window), mode="eval", out=out,
                 stored=(1, 3, 0))
    make.file.write()


def blur_case(make, random, kind, size, lanes_of, kernel):
    """kernel: of the maximum before it, or None."""
    filter_size, stride = random.choose((3, 3, 5)), random.choose((2, 2, 1, 3))
    border = (filter_size - 1) // 2
    lost = (kernel or 1) - 1
    size = tuple(max(s, border + 1 + lost) for s in size)
    n, c = lanes_of
    entry = make.input(kind, (n, c, *size))
    out = tuple((s - lost - 1) // stride + 1 for s in size)
    args = {"filter_size": filter_size, "stride": stride}
    if kernel:
        args = {"kernel_size": kernel, **args}
    make.add(lambda x, dy, shape: oracle.max_blur(x, dy, shape, kernel or 1, filter_size, stride),
             entry, args, kind, filter_size**2 + 1, 3, filter_size**2 * (kernel or 1)**2 + 1,
             out=(n, c, *out), stored=(0, 2 if kernel else 1, 0))


def blur_cases(op, kernels):
    make = Maker(op)
    for number in range(60):
        random = make.random("options")
        size = (random.integer(3, 8), random.integer(3, 8))
        kind = SMOOTH_KINDS[number % len(SMOOTH_KINDS)]
        blur_case(make, random, kind, size, lanes(number, math.prod(size)), random.choose(kernels))
    make.file.write()


def blur_pool2d():
    blur_cases("blur_pool2d", (None,))


def max_blur_pool2d():
    blur_cases("max_blur_pool2d", (2, 2, 3))


OPERATORS = (mixed_pool2d, random_mixed_pool2d, gated_pool2d, blur_pool2d, max_blur_pool2d, lp_mean_pool2d, lp_gaussian_pool2d, gem_pool2d, log_sum_exp_pool2d, soft_pool2d,
             stochastic_pool2d, scaled_avg_pool2d)


def main():
    wanted = sys.argv[1:]
    for operator in OPERATORS:
        if not wanted or operator.__name__ in wanted:
            operator()


if __name__ == "__main__":
    main()
