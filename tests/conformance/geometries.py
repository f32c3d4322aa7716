"""Which windows, sizes and values the cases try. Integers and exact decimals only."""
import math

from cases import Random

# (images, channels): lanes below, at and around whole vectors and blocks of 32 images. Many lanes
# come with tiny maps.
MANY = ((33, 6), (1, 96), (32, 3), (33, 1), (3, 96), (32, 1))
FEW = ((1, 1), (3, 3), (1, 6), (2, 1), (1, 3), (3, 1))


class Window:
    """One pooling window; every pair is (height, width)."""

    def __init__(self, size, kernel, stride, padding=(0, 0), dilation=(1, 1), ceil_mode=False):
        self.size, self.kernel, self.stride = tuple(size), tuple(kernel), tuple(stride)
        self.padding, self.dilation, self.ceil_mode = tuple(padding), tuple(dilation), ceil_mode

    def extent(self, axis):
        return self.dilation[axis] * (self.kernel[axis] - 1) + 1

    def starts(self, axis):
        """Where the windows along an axis begin; found by trying, not by the formula."""
        size, pad, extent = self.size[axis], self.padding[axis], self.extent(axis)
        found, start = [], -pad
        while start + extent <= size + pad:
            found.append(start)
            start += self.stride[axis]
        # ceil_mode: one more if input is left over, unless it would begin in the padding behind.
        left_over = bool(found) and found[-1] + extent < size + pad
        first_does_not_fit = not found and start + extent - (size + pad) < self.stride[axis]
        if self.ceil_mode and (left_over or first_does_not_fit) and start < size:
            found.append(start)
        return found

    def out(self):
        return tuple(len(self.starts(axis)) for axis in (0, 1))

    def cells(self, axis, start):
        """(tap, input) of the taps inside the image."""
        places = ((tap, start + tap * self.dilation[axis]) for tap in range(self.kernel[axis]))
        return [(tap, at) for tap, at in places if 0 <= at < self.size[axis]]

    def counted(self, axis, start):
        """Taps inside the image or its padding; what hangs over is in neither."""
        places = (start + tap * self.dilation[axis] for tap in range(self.kernel[axis]))
        return sum(at < self.size[axis] + self.padding[axis] for at in places)

    def is_valid(self):
        for axis in (0, 1):
            # PyTorch 1.13's bound; later ones, and Weir, take half of the extent.
            if self.padding[axis] > self.kernel[axis] // 2:
                return False
            starts = self.starts(axis)
            if not starts or any(not self.cells(axis, start) for start in starts):
                return False
        return True

    def args(self, *names):
        values = {"kernel_size": list(self.kernel), "stride": list(self.stride),
                  "padding": list(self.padding), "dilation": list(self.dilation),
                  "ceil_mode": self.ceil_mode}
        return {name: values[name] for name in names}

    def key(self):
        return (self.size, self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode)


def hand_picked():
    """Windows with a reason."""
    return [
        Window((4, 4), (2, 2), (2, 2)),                                   # halving
        Window((7, 7), (2, 2), (2, 2)),                                   # the last row in no window
        Window((7, 7), (2, 2), (2, 2), ceil_mode=True),                   # it hangs over
        Window((7, 9), (3, 3), (2, 2)),                                   # overlapping (AlexNet)
        Window((6, 6), (3, 3), (2, 2), (1, 1), ceil_mode=True),           # padding and overhang
        Window((1, 6), (1, 3), (1, 2), (0, 1), ceil_mode=True),           # the divisor 2 of docs
        Window((5, 4), (3, 2), (1, 1)),                                   # stride 1
        Window((5, 4), (1, 1), (2, 3)),                                   # nothing but a stride
        Window((8, 5), (2, 2), (3, 3)),                                   # gaps between windows
        Window((3, 5), (3, 5), (3, 5)),                                   # global
        Window((6, 5), (4, 3), (1, 2), (2, 1)),                           # asymmetric in everything
        Window((9, 4), (5, 2), (2, 1), (2, 0), ceil_mode=True),
        Window((4, 9), (2, 5), (1, 2), (0, 2), ceil_mode=True),
        Window((3, 2), (3, 2), (2, 2), (1, 1), ceil_mode=True),
        Window((2, 3), (2, 3), (2, 3), (1, 1)),                           # more padding than image
        Window((1, 1), (3, 3), (2, 2), (1, 1)),                           # one pixel
    ]


def random_window(random, most=8, padded=True, dilated=False, overhang=True):
    """Differs between height and width in most of its numbers."""
    while True:
        def pair(low, high):
            return random.integer(low, high), random.integer(low, high)
        kernel = pair(1, 4)
        window = Window(pair(2, most), kernel, pair(1, 3),
                        pair(0, 2) if padded and random.integer(0, 2) else (0, 0),
                        pair(1, 3) if dilated else (1, 1), random.integer(0, 1) == 1 and overhang)
        if window.is_valid() and window.size[0] * window.size[1] >= 4:
            return window


def windows(name, count, **options):
    """The hand-picked ones that fit, then random ones, all different."""
    padded, overhang = options.get("padded", True), options.get("overhang", True)
    found = [w for w in hand_picked()
             if (padded or w.padding == (0, 0)) and (overhang or not w.ceil_mode)][:count]
    assert all(window.is_valid() for window in found)
    random, seen = Random("windows", name), {window.key() for window in found}
    while len(found) < count:
        window = random_window(random, **options)
        if window.key() not in seen:
            seen.add(window.key())
            found.append(window)
    return found


def overlap_of(window):
    """At most as many windows hold one input."""
    most = 1
    for axis in (0, 1):
        hits = [at for start in window.starts(axis) for _, at in window.cells(axis, start)]
        most *= max(hits.count(at) for at in hits)
    return most


def lanes(number, cells):
    """(images, channels) of case `number` on a map of this many cells."""
    if cells <= 12 and number % 2 == 0:
        return MANY[number // 2 % len(MANY)]
    if cells <= 30 and number % 5 == 0:
        return (33, 1) if number % 10 == 0 else (32, 1)
    return FEW[number % len(FEW)]


def values(kind, random, count):
    """Numbers for an input: multiples of 1/16, all but the far ones exact in bfloat16 too."""
    if kind == "ties":
        return [random.choose((0.0, 0.5, 1.0)) for _ in range(count)]
    if kind == "equal":
        return [random.grid(-4, 4, 16)] * count
    if kind == "zeros":
        return [0.0] * count
    if kind == "relu":
        return [max(random.grid(-4, 4, 16), 0.0) for _ in range(count)]
    if kind == "positive":
        return [random.grid(1 / 8, 4, 16) for _ in range(count)]
    if kind == "negative":
        return [-random.grid(1 / 8, 4, 16) for _ in range(count)]
    if kind in ("large", "small"):  # powers of them leave the range of floats
        return [random.grid(-4, 4, 16) * 2.0**(40 if kind == "large" else -40) for _ in range(count)]
    if kind in ("close", "close_negative"):  # 128 to 135: neighbours in bfloat16
        return [(128.0 + random.integer(0, 7)) * (1 if kind == "close" else -1) for _ in range(count)]
    if kind in ("far", "far_negative"):  # neighbours in float32, not in bfloat16
        return [(2.0**20 + random.integer(0, 15) / 8) * (1 if kind == "far" else -1)
                for _ in range(count)]
    plain = [random.grid(-4, 4, 16) for _ in range(count)]
    specials = {"nan": (math.nan,), "inf": (math.inf, -math.inf), "minus_inf": (-math.inf,),
                "mixed": (math.nan, math.inf, -math.inf)}.get(kind)
    if specials is None:
        assert kind == "random", kind
        return plain
    often = 1 if kind == "minus_inf" else 7  # minus_inf: whole windows of it
    return [random.choose(specials) if random.integer(0, often) == 0 else x for x in plain]


def upstream(random, count):
    """Not uniform, sometimes zero, never -0."""
    return [random.grid(-2, 2, 8) + 0.0 for _ in range(count)]
