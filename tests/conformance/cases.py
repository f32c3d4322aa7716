"""Cases of the conformance suite: exact numbers, and files that come out the same every time.

The format is described in conformance/README.md.
"""
import gzip
import json
import math
import os
import struct

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "conformance", "cases")


class Random:
    """SplitMix64: the same numbers in every version of Python."""

    MASK = (1 << 64) - 1

    def __init__(self, *seed):
        self.state = 0x9E3779B97F4A7C15
        for byte in repr(seed).encode():
            self.state = (self.state ^ byte) * 0x100000001B3 & self.MASK

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & self.MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & self.MASK
        return z ^ z >> 31

    def integer(self, low, high):
        """From low to high, both included."""
        return low + self.bits() % (high - low + 1)

    def choose(self, items):
        return items[self.integer(0, len(items) - 1)]

    def grid(self, low, high, steps):
        """A multiple of 1/steps between low and high: exact in float32, and short as a decimal."""
        return self.integer(round(low * steps), round(high * steps)) / steps


def to_float32(value):
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


_TEXTS = {}


def text_of(value):
    """The shortest decimal that reads back as this float32, or "NaN", "Infinity", "-Infinity"."""
    if isinstance(value, (bool, int)):
        return json.dumps(value)
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0"
    if value not in _TEXTS:
        rounded = to_float32(value)
        for digits in range(1, 10):
            text = f"{rounded:.{digits}g}"
            if to_float32(float(text)) == rounded:
                break
        _TEXTS[value] = text.replace("e+0", "e").replace("e-0", "e-")
    return _TEXTS[value]


def size_of(shape):
    return math.prod(shape)


def tensor(shape, data):
    data = list(data)
    assert len(data) == size_of(shape), (shape, len(data))
    return {"shape": list(shape), "data": data}


def encode(value):
    """JSON on one line; numbers by text_of()."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}":{encode(item)}' for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(encode(item) for item in value) + "]"
    if value is None or isinstance(value, str):
        return json.dumps(value)
    return text_of(value)


EXACT = "exact"


def within(roundings, scale, stored=0):
    """|found - expected| <= roundings * 2^-24 * scale; with images in bfloat16, stored * 2^-8 * scale
    more."""
    scale = to_float32(scale * (1 + 2**-23))
    assert math.isfinite(scale), scale
    return {"roundings": roundings, "scale": scale, **({"stored": stored} if stored else {})}


# Roundings that a function costs: errors of vector arithmetic, in units of 2^-24 of the result.
EXP, LOG = 4, 8


def power_cost(p, most):
    """Of x^p for |x| from 1/16 to `most`: exp(p log x) multiplies the logarithm's error."""
    return 4 + math.ceil(2 * p * math.log(max(most, 16)))


KEYS = ("id", "note", "source", "op", "args", "mode", "dtype", "input", "input_indices",
        "parameters", "random", "upstream", "output", "indices", "input_gradient",
        "parameter_gradients", "compare")


class File:
    """The cases of one operator."""

    def __init__(self, op):
        self.op, self.cases = op, []

    def add(self, **fields):
        number = len(self.cases) + 1
        case = {"id": f"{self.op}/{number:04d}", "op": self.op, "dtype": "float32", **fields}
        unknown = set(case) - set(KEYS)
        assert not unknown, unknown
        self.cases.append({key: case[key] for key in KEYS if key in case})

    def write(self):
        os.makedirs(FOLDER, exist_ok=True)
        lines = "".join(encode(case) + "\n" for case in self.cases).encode()
        path = os.path.join(FOLDER, self.op + ".jsonl.gz")
        with open(path, "wb") as raw:
            with gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
                out.write(lines)
        print(f"{self.op:24}{len(self.cases):6} cases{os.path.getsize(path):9} bytes")


def read_number(value):
    return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(value, value)


def read(op):
    """The cases of an operator as they are in its file."""
    with gzip.open(os.path.join(FOLDER, op + ".jsonl.gz"), "rt") as lines:
        return [json.loads(line) for line in lines]


def data_of(entry):
    return [float(read_number(value)) for value in entry["data"]]


def written_operators():
    return sorted(name.split(".")[0] for name in os.listdir(FOLDER) if name.endswith(".jsonl.gz"))
