"""The operators from their formulas: one window at a time, one number at a time, in float64.

Shares nothing with the kernels: no index arithmetic, no table, no vector. A reducer takes the
numbers of one window and gives Reduced: the output, its derivative by each number and by each
parameter, and how large the terms are that make up each of them (for bounds on rounding). The
derivatives are written by hand from the formulas; check_oracle.py compares them with differences.
"""
import math
from collections import namedtuple
from fractions import Fraction

# taps: numbers of the cells in the window, row by row; whole: taps of a window inside the image.
Seen = namedtuple("Seen", "values taps counted whole")
# A slope of None is not defined: any number is right. size, slope_sizes: sums of magnitudes; parameters: name -> derivative of y.
Reduced = namedtuple("Reduced", "y slopes size slope_sizes parameters")


def product_sum(a, b):
    return sum(x * y for x, y in zip(a, b))


def reduced(y, slopes, size=None, slope_sizes=None, **parameters):
    return Reduced(y, slopes, abs(y) if size is None else size,
                   [abs(s or 0.0) for s in slopes] if slope_sizes is None else slope_sizes, parameters)


# ---------------------------------------------------------------------------------- reducers


def maximum(seen):
    best = 0
    for i, x in enumerate(seen.values):
        if x > seen.values[best] or math.isnan(x):
            best = i
    return reduced(seen.values[best], [float(i == best) for i in range(len(seen.values))])


def winner(seen):
    return [i for i, slope in enumerate(maximum(seen).slopes) if slope == 1.0][0]


def average(seen, count_include_pad=False, divisor_override=None):
    divisor = divisor_override or (seen.counted if count_include_pad else len(seen.values))
    return reduced(sum(seen.values) / divisor, [1 / divisor] * len(seen.values),
                   sum(abs(x) for x in seen.values) / divisor)


def power(x, p):
    """x^p; NaN where that is no real number."""
    if math.isnan(x):
        return math.nan
    if x == 0:
        return math.inf if p < 0 else 1.0 if p == 0 else 0.0
    if x < 0 and p != int(p):
        return math.nan
    return x**p


def norm(seen, p, weights, absolute):
    """(sum of weights * v)^(1/p) with v = |x|^p, or x^p."""
    bases = [abs(x) if absolute else x for x in seen.values]
    signs = [(x > 0) - (x < 0) if absolute else 1 for x in seen.values]  # |x| has slope 0 at 0
    powers = [power(x, p) for x in bases]
    total = product_sum(weights, powers)
    count = len(seen.values)
    if total == 0:
        return reduced(0.0, [0.0] * count, p=0.0)
    y = power(total, 1 / p)
    if math.isnan(y):
        return reduced(y, [None] * count, p=math.nan)
    slopes = [s * w * power(x, p - 1) * power(total, 1 / p - 1)
              for s, w, x in zip(signs, weights, bases)]
    # d/dp of exp(ln(total) / p).
    in_total = sum(w * v * math.log(x) for w, v, x in zip(weights, powers, bases) if x > 0)
    by_p = y * (in_total / (p * total) - math.log(total) / p**2) if total > 0 else math.nan
    # Cancellation in `total` (odd powers of both signs) is magnified by the root and its slope.
    cancelled = sum(abs(w * v) for w, v in zip(weights, powers)) / abs(total)
    return reduced(y, slopes, abs(y) * cancelled, [abs(s) * cancelled for s in slopes], p=by_p)


def lp_sum(seen, p, absolute):
    # PyTorch: an average, padding counted, times the size of a whole window. So a window that hangs
    # over the padding counts as a whole one.
    return norm(seen, p, [seen.whole / seen.counted] * len(seen.values), absolute)


def lp_mean(seen, p, absolute):
    return norm(seen, p, [1 / len(seen.values)] * len(seen.values), absolute)


def gaussian(kernel, sigma):
    """One direction: exp(-(t - centre)^2 / (2 sigma^2)), with sum 1."""
    centre = (kernel - 1) / 2
    bells = [math.exp(-((t - centre) ** 2) / (2 * sigma**2)) for t in range(kernel)]
    return [bell / sum(bells) for bell in bells]


def lp_gaussian(seen, p, absolute, rows, columns):
    weights = [rows[ty] * columns[tx] for ty, tx in seen.taps]
    return norm(seen, p, weights, absolute)


def gem(seen, p, eps):
    raised = Seen([x if math.isnan(x) else max(x, eps) for x in seen.values], *seen[1:])
    out = norm(raised, p, [1 / len(seen.values)] * len(seen.values), True)
    kept = [float(not x < eps) for x in seen.values]
    slopes = [None if s is None else s * k for s, k in zip(out.slopes, kept)]
    return reduced(out.y, slopes, out.size, None, **out.parameters)


def softmax(values, beta):
    """Equal values have equal parts, infinite ones too; -inf has none."""
    most = max(values)
    if any(math.isnan(x) for x in values):
        return [math.nan] * len(values)
    odds = [0.0 if x == -math.inf else 1.0 if x == most else math.exp(beta * (x - most))
            for x in values]
    return [o / (sum(odds) or 1.0) for o in odds]


def log_sum_exp(seen, beta):
    weights, most = softmax(seen.values, beta), max(seen.values)
    if any(math.isnan(x) for x in seen.values):
        return reduced(math.nan, weights)
    if math.isinf(most):
        return reduced(most, weights)
    mean = sum(math.exp(beta * (x - most)) for x in seen.values) / len(seen.values)
    # max + ln(mean) / beta: two terms.
    return reduced(most + math.log(mean) / beta, weights, abs(most) + abs(math.log(mean) / beta))


def soft(seen, beta, from_top=False):
    """from_top: sizes are those of differences to the largest value, not of the values themselves."""
    weights, most = softmax(seen.values, beta), max(seen.values)
    if any(math.isnan(x) for x in seen.values):
        return reduced(math.nan, weights)
    if math.isinf(most):
        return reduced(most, weights)
    y = sum(w * x for w, x in zip(weights, seen.values) if w != 0)
    origin = most if from_top else 0.0
    slopes = [w and w * (1 + beta * (x - y)) for w, x in zip(weights, seen.values)]
    sizes = [w and w * (1 + beta * (abs(x - origin) + abs(y - origin)))
             for w, x in zip(weights, seen.values)]
    return reduced(y, slopes, sum(w and w * abs(x) for w, x in zip(weights, seen.values)), sizes)


def stochastic_odds(seen, probability):
    if probability == "softmax":
        return softmax(seen.values, 1.0)
    return [max(x, 0.0) for x in seen.values]


def drawn(seen, probability, uniform):
    """The first cell whose cumulative odds exceed uniform * total; None in a window of zeros."""
    odds = stochastic_odds(seen, probability)
    total, cumulative = sum(odds), 0.0
    if total == 0:
        return None
    for i, odd in enumerate(odds):
        cumulative += odd
        if cumulative > uniform * total:
            return i
    return len(odds) - 1


def drawing_margin(seen, probability, uniform):
    """How far the draw is from falling on a neighbour, as a part of the total."""
    odds = stochastic_odds(seen, probability)
    total, cumulative, margin = sum(odds), 0.0, 1.0
    for odd in odds:
        cumulative += odd
        margin = min(margin, abs(cumulative / total - uniform)) if total > 0 else margin
    return margin


def stochastic(seen, probability, uniform):
    chosen = drawn(seen, probability, uniform)
    count = len(seen.values)
    if chosen is None:
        return reduced(0.0, [0.0] * count)
    return reduced(seen.values[chosen], [float(i == chosen) for i in range(count)])


def stochastic_mean(seen, probability):
    if probability == "softmax":
        return soft(seen, 1.0)
    raised = [max(x, 0.0) for x in seen.values]
    total = sum(raised)
    if total == 0:
        return reduced(0.0, [0.0] * len(raised))
    y = sum(a * a for a in raised) / total
    slopes = [(2 * a - y) / total if x > 0 else 0.0 for a, x in zip(raised, seen.values)]
    sizes = [(2 * a + y) / total if x > 0 else 0.0 for a, x in zip(raised, seen.values)]
    return reduced(y, slopes, y, sizes)


def scaled_average(seen, weight, bias):
    mean = average(seen)
    return reduced(weight * mean.y + bias, [weight * s for s in mean.slopes],
                   abs(weight) * mean.size + abs(bias), None, weight=mean.y, bias=1.0)


def blended(seen, share):
    """share * max + (1 - share) * average."""
    most, mean = maximum(seen), average(seen)
    y = share * most.y + (1 - share) * mean.y
    slopes = [share * a + (1 - share) * b for a, b in zip(most.slopes, mean.slopes)]
    size = abs(share * most.y) + abs((1 - share) * mean.size)
    sizes = [abs(share * a) + abs((1 - share) * b) for a, b in zip(most.slopes, mean.slopes)]
    return reduced(y, slopes, size, sizes, share=most.y - mean.y)


def gated(seen, weights, width):
    """g max + (1 - g) average, g = sigmoid(w . x); `weights` of the whole window, row by row."""
    mine = [weights[ty * width + tx] for ty, tx in seen.taps]
    gate = 1 / (1 + math.exp(-product_sum(mine, seen.values)))
    mixed, most, mean = blended(seen, gate), maximum(seen), average(seen)
    turn = gate * (1 - gate) * (most.y - mean.y)  # dy / d(w . x)
    turn_size = gate * (1 - gate) * (abs(most.y) + mean.size)
    slopes = [s + turn * w for s, w in zip(mixed.slopes, mine)]
    sizes = [s + turn_size * abs(w) for s, w in zip(mixed.slope_sizes, mine)]
    size = mixed.size + turn_size * sum(abs(w * x) for w, x in zip(mine, seen.values))
    by_tap = {ty * width + tx: (turn * x, turn_size * abs(x))
              for (ty, tx), x in zip(seen.taps, seen.values)}
    return reduced(mixed.y, slopes, size, sizes, weight=by_tap)


def filtered_size(seen, weights):
    """The most that any filter of the size of a window makes of its numbers."""
    return sum(finite_or_zero(abs(x)) for x in seen.values) * max(abs(w) for w in weights)


# ------------------------------------------------------------------------- windows over a map


def cells_of(window, oy, ox):
    """[(tap row, tap column, y, x)] of one window, row by row."""
    rows = window.cells(0, window.starts(0)[oy])
    columns = window.cells(1, window.starts(1)[ox])
    return [(ty, tx, y, x) for ty, y in rows for tx, x in columns]


def seen_by(window, plane, oy, ox):
    cells = cells_of(window, oy, ox)
    width = window.size[1]
    counted = window.counted(0, window.starts(0)[oy]) * window.counted(1, window.starts(1)[ox])
    return Seen([plane[y * width + x] for _, _, y, x in cells], [(ty, tx) for ty, tx, _, _ in cells],
                counted, window.kernel[0] * window.kernel[1])


def all_seen(window, shape, x):
    cells, (out_h, out_w) = shape[2] * shape[3], window.out()
    for plane in range(shape[0] * shape[1]):
        values = x[plane * cells:(plane + 1) * cells]
        for oy in range(out_h):
            for ox in range(out_w):
                yield seen_by(window, values, oy, ox)


class Result:
    """What an operator makes of a case, and the largest size of its terms."""

    def __init__(self, shape, input_cells):
        self.shape, self.y, self.dx = shape, [], [0.0] * input_cells
        self.y_size, self.dx_sizes = 0.0, [0.0] * input_cells
        self.parameters, self.parameter_sizes = {}, {}
        self.indices = []

    def add_parameter(self, name, place, count, amount, size):
        self.parameters.setdefault(name, [0.0] * count)[place] += amount
        self.parameter_sizes.setdefault(name, [0.0] * count)[place] += size


def finite_or_zero(value):
    return value if math.isfinite(value) else 0.0


def pool(window, shape, x, dy, reduce):
    """reduce(seen, n, c, output number) -> Reduced; `shape` is that of x."""
    n, c, height, width = shape
    out_h, out_w = window.out()
    result = Result((n, c, out_h, out_w), len(x))
    for plane in range(n * c):
        start = plane * height * width
        values = x[start:start + height * width]
        for oy in range(out_h):
            for ox in range(out_w):
                at = (plane * out_h + oy) * out_w + ox
                out = reduce(seen_by(window, values, oy, ox), plane // c, plane % c, at)
                result.y.append(out.y)
                result.y_size = max(result.y_size, finite_or_zero(out.size))
                cells = cells_of(window, oy, ox)
                for (_, _, iy, ix), slope, size in zip(cells, out.slopes, out.slope_sizes):
                    cell = start + iy * width + ix
                    undefined = slope is None or result.dx[cell] is None
                    result.dx[cell] = None if undefined else result.dx[cell] + dy[at] * slope
                    result.dx_sizes[cell] += abs(finite_or_zero(dy[at] * size))
                for name, (place, count, slope, size) in out.parameters.items():
                    result.add_parameter(name, place, count, dy[at] * slope,
                                         finite_or_zero(abs(dy[at]) * size))
    return result


def add_filter_gradients(result, window, shape, x, dy, reduce, filters, taps):
    """Of weights (filters, taps): one filter for all channels, or one for each."""
    n, c, height, width = shape
    out_h, out_w = window.out()
    for plane in range(n * c):
        values = x[plane * height * width:(plane + 1) * height * width]
        first = (plane % c if filters > 1 else 0) * taps
        for oy in range(out_h):
            for ox in range(out_w):
                at = (plane * out_h + oy) * out_w + ox
                out = reduce(seen_by(window, values, oy, ox), plane // c, plane % c, at)
                for tap, (slope, size) in out.parameters["weight"].items():
                    result.add_parameter("weight", first + tap, filters * taps, dy[at] * slope,
                                         finite_or_zero(abs(dy[at]) * size))


def mirrored(at, size):
    """The border is a mirror that is not doubled: -1 is 1, size is size - 2."""
    while not 0 <= at < size:
        at = -at if at < 0 else 2 * (size - 1) - at
    return at


def binomial(count):
    """[1 2 1] / 4, [1 4 6 4 1] / 16."""
    row = [math.comb(count - 1, k) for k in range(count)]
    return [value / sum(row) for value in row]


def max_blur(x, dy, shape, kernel, filter_size, stride):
    """The maximum of kernel x kernel at stride 1, then a binomial filter at a stride, mirrored."""
    from geometries import Window
    n, c, height, width = shape
    window = Window((height, width), (kernel, kernel), (1, 1))
    mid_h, mid_w = window.out()
    out_h, out_w = (mid_h - 1) // stride + 1, (mid_w - 1) // stride + 1
    result, weights = Result((n, c, out_h, out_w), len(x)), binomial(filter_size)
    border = (filter_size - 1) // 2
    for plane in range(n * c):
        start = plane * height * width
        values = x[start:start + height * width]
        maxima = [maximum(seen_by(window, values, my, mx))
                  for my in range(mid_h) for mx in range(mid_w)]
        for oy in range(out_h):
            for ox in range(out_w):
                at, y, size = (plane * out_h + oy) * out_w + ox, 0.0, 0.0
                for ty, wy in enumerate(weights):
                    for tx, wx in enumerate(weights):
                        my = mirrored(oy * stride - border + ty, mid_h)
                        mx = mirrored(ox * stride - border + tx, mid_w)
                        chosen = maxima[my * mid_w + mx]
                        y += wy * wx * chosen.y
                        size += finite_or_zero(abs(wy * wx * chosen.y))
                        cells = cells_of(window, my, mx)
                        winner = cells[chosen.slopes.index(1.0)]
                        cell = start + winner[2] * width + winner[3]
                        result.dx[cell] += dy[at] * wy * wx
                        result.dx_sizes[cell] += abs(dy[at] * wy * wx)
                result.y.append(y)
                result.y_size = max(result.y_size, size)
    return result


def graham_edges(length, out, u):
    """ceil(alpha (i + u)) - ceil(alpha u), alpha = length / out; u is taken 2^-25 larger than given."""
    alpha, offset = Fraction(length, out), Fraction(u) + Fraction(1, 2**25)
    return [math.ceil(alpha * (i + offset)) - math.ceil(alpha * offset) for i in range(out + 1)]


def fractional(x, dy, shape, out, samples, overlapping):
    """Graham's regions: [edge i, edge i+1), or up to edge i+1 included. samples: (width, height) for
    each image and channel."""
    n, c, height, width = shape
    result, shared = Result((n, c, *out), len(x)), int(overlapping)
    for plane in range(n * c):
        rows = graham_edges(height - shared, out[0], samples[2 * plane + 1])
        columns = graham_edges(width - shared, out[1], samples[2 * plane])
        for oy in range(out[0]):
            for ox in range(out[1]):
                cells = [(iy, ix) for iy in range(rows[oy], rows[oy + 1] + shared)
                         for ix in range(columns[ox], columns[ox + 1] + shared)]
                first = plane * height * width
                seen = Seen([x[first + iy * width + ix] for iy, ix in cells], None, 0, 0)
                iy, ix = cells[winner(seen)]
                result.y.append(x[first + iy * width + ix])
                result.indices.append(iy * width + ix)
                result.dx[first + iy * width + ix] += dy[len(result.y) - 1]
    return result


def global_window(size):
    from geometries import Window
    return Window(size, size, size)
