#!/usr/bin/env python3
"""Pooling in Weir and in PyTorch, alternately on the same maps; prints medians, bandwidth and ratios.

    bench/peers/pooling.py --rounds 5
"""
import argparse
import json
import re
import statistics
import subprocess
import time
from pathlib import Path

import torch
from torch.nn import functional as F

BATCH = 128
SHAPES = ((96, 32, 32), (192, 16, 16))
LAYOUTS = (torch.contiguous_format, torch.channels_last)
PASSES = ("forward", "backward")

# Weir's word -> the same in PyTorch. max_unpool2d is beside them.
OPERATORS = {
    "max_pool2d": lambda x: F.max_pool2d(x, 2),
    "avg_pool2d": lambda x: F.avg_pool2d(x, 2),
    "lp_pool2d": lambda x: F.lp_pool2d(x, 2.0, 2),
    "global_avg_pool2d": lambda x: F.adaptive_avg_pool2d(x, 1),
    "global_max_pool2d": lambda x: F.adaptive_max_pool2d(x, 1),
    "adaptive_avg_pool2d": lambda x: F.adaptive_avg_pool2d(x, 5),
    "adaptive_max_pool2d": lambda x: F.adaptive_max_pool2d(x, 5),
    "fractional_max_pool2d": lambda x: F.fractional_max_pool2d(x, 2, output_ratio=0.5),
    "pixel_unshuffle": lambda x: F.pixel_unshuffle(x, 2),
}


def parse_arguments():
    bench = Path(__file__).resolve().parents[2] / "build" / "release" / "bench" / "weir_bench"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=str(bench), help="weir_bench (build/release/bench)")
    parser.add_argument("--rounds", type=int, default=5, help="slices of each system (5)")
    parser.add_argument("--seconds", type=float, default=0.1, help="length of a slice (0.1)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--filter", default="pooling/", help="rows of weir_bench to run")
    return parser.parse_args()


def label(shape):
    return "x".join(str(size) for size in shape)


def run_weir(options):
    """{row: milliseconds} and {row: bytes per second}, without the leading "pooling/"."""
    command = [options.bench, f"--benchmark_filter=({options.filter})|pooling/.*copy",
               "--benchmark_format=json",
               f"--benchmark_min_time={options.seconds}"]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL).stdout)
    rows = {row["name"].removeprefix("pooling/").removesuffix("/manual_time"): row
            for row in report["benchmarks"]}
    return ({name: row["real_time"] for name, row in rows.items()},
            {name: row["bytes"] for name, row in rows.items()})


def time_passes(operator, x, seconds):
    """Median milliseconds of forward and of backward."""
    times = {name: [] for name in PASSES}
    upstream = None
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times["forward"]) < 5:
        x.grad = None
        begin = time.perf_counter()
        y = operator(x)
        middle = time.perf_counter()
        if upstream is None:
            upstream = torch.randn_like(y)
        after = time.perf_counter()
        y.backward(upstream)
        times["backward"].append(time.perf_counter() - after)
        times["forward"].append(middle - begin)
    return {name: 1e3 * statistics.median(values) for name, values in times.items()}


def cases(shape, layout):
    """(word, operator, input) of every operator on maps of this shape."""
    maps = torch.randn(BATCH, *shape).contiguous(memory_format=layout)
    for word, operator in OPERATORS.items():
        yield word, operator, maps
    maxima, indices = F.max_pool2d(maps, 2, return_indices=True)
    yield "max_unpool2d", lambda x: F.max_unpool2d(x, indices, 2), maxima


def run_pytorch(options):
    """{row: milliseconds}, the faster of PyTorch's two layouts for forward and backward together."""
    result = {}
    for shape in SHAPES:
        candidates = {}
        for layout in LAYOUTS:
            for word, operator, x in cases(shape, layout):
                row = f"{word}/{label(shape)}"
                if not any(re.search(options.filter, f"pooling/{row}/{name}") for name in PASSES):
                    continue
                times = time_passes(operator, x.detach().requires_grad_(), options.seconds)
                candidates.setdefault(row, []).append(times)
        for row, times in candidates.items():
            best = min(times, key=lambda passes: sum(passes.values()))
            result.update({f"{row}/{name}": best[name] for name in PASSES})
    return result


def copy_rate(bandwidth, shape):
    """Bytes per second of the faster copy: through the caches or past them."""
    return max(bandwidth[f"{copy}/{shape}"] for copy in ("copy", "streamed_copy"))


def main():
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    weir, rates, torch_times = [], [], []
    for _ in range(options.rounds):
        times, bandwidth = run_weir(options)
        weir.append(times)
        rates.append(bandwidth)
        torch_times.append(run_pytorch(options))
    print(f"{'operator':46} {'ms':>8} {'GB/s':>7} {'of copy':>8} {'PyTorch':>9} {'ratio':>6}")
    for row in weir[0]:
        mine = statistics.median(times[row] for times in weir)
        rate = statistics.median(bandwidth[row] for bandwidth in rates)
        copy = statistics.median(copy_rate(bandwidth, row.split("/")[1]) for bandwidth in rates)
        line = f"{row:46} {mine:8.3f} {rate / 1e9:7.1f} {rate / copy:8.0%}"
        if row in torch_times[0]:
            peer = statistics.median(times[row] for times in torch_times)
            line += f" {peer:9.3f} {peer / mine:6.2f}"
        print(line)


if __name__ == "__main__":
    main()
