#!/usr/bin/env python3
"""Plants faults into a copy of the library, one at a time, and shows that the suite finds each.

    python3 tests/conformance/plant_faults.py [--only WORD] [--keep FOLDER] [--jobs N]

Copies the tree as it is (tracked files, with their changes) into a temporary folder, or into --keep,
which a later run takes up again; builds `weir` there with the preset dev, and once more with each
fault. Exit status 1 when a fault is not found, or no longer fits the source. Takes minutes: each
fault compiles the pooling kernels again.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
POOL = "core/kernels/pool/"

# (name, file, correct, faulty)
FAULTS = (
    ("divisor leaves out the padding", POOL + "avg-inl.h",
     "count_include_pad ? count.padded : count.inside", "count.inside"),
    ("divisor counts the overhang of ceil_mode", POOL + "geometry.cpp",
     ".padded = std::min(axis.kernel, before_right_edge)", ".padded = std::max(axis.kernel, before_right_edge)"),
    ("gradient of the last window is lost", POOL + "geometry.cpp",
     "for (int o = 0; o < out(); ++o) {\n    for (int t = 0;",
     "for (int o = 0; o < std::max(1, out() - 1); ++o) {\n    for (int t = 0;"),
    ("overlapping windows overwrite each other's gradient", POOL + "loops-inl.h",
     "sums[v] = sums[v] + reducer.pull(", "sums[v] = reducer.pull("),
    ("the last of equal inputs wins", POOL + "max-inl.h",
     "either(x > s.best, is_nan(x))", "either(s.best <= x, is_nan(x))"),
    ("NaN does not win", POOL + "max-inl.h", "either(x > s.best, is_nan(x))", "x > s.best"),
    ("padding is a zero that can win", POOL + "max-inl.h",
     "{V(-std::numeric_limits<float>::infinity()),", "{V(0.f),"),
    ("backward ignores the dilation", POOL + "geometry.cpp",
     "span(o).first_input + t * step", "span(o).first_input + t"),
    ("the winner's row is as long as the kernel is high", POOL + "loops-inl.h",
     "y.tap * g_.x.kernel() + x.tap", "y.tap * g_.y.kernel() + x.tap"),
    ("adaptive cells end too early", POOL + "geometry.cpp",
     "((o + 1) * in + out - 1) / out)", "std::max((o + 1) * in / out, o * in / out + 1))"),
    ("indices count rows of the wrong length", POOL + "winner_index.cpp",
     "ty * g.y.step() * g.x.in()", "ty * g.y.step() * g.y.in()"),
    ("Lp mean divides by the whole kernel", POOL + "lp-inl.h",
     "1.f / static_cast<float>(count.inside)", "1.f / static_cast<float>(count.whole)"),
    ("SoftPool's gradient forgets beta", POOL + "soft-inl.h",
     "V(1.f) + V(beta) * (below - mean)", "V(1.f) + (below - mean)"),
    ("log-sum-exp keeps the logarithm of its sum in one number", POOL + "log_sum_exp-inl.h",
     "return {s.top, s.reciprocal()};", "return {s.top + log(s.sum) / V(beta), V(1.f)};"),
    ("SoftPool's output is rounded before backward", POOL + "soft-inl.h",
     "s.odds.reciprocal(), mean_below(s)}",
     "s.odds.reciprocal(), (s.odds.top + mean_below(s)) - s.odds.top}"),
    ("the gate multiplies its padding by NaN", "core/kernels/conv/conv_bf16.h",
     "!shape.depthwise() &&", ""),
    ("the draw stops one cell early", POOL + "stochastic-inl.h",
     "select(before > s.threshold, V(0.f), odds)", "select(before + odds > s.threshold, V(0.f), odds)"),
)


def run(command, folder, **options):
    return subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)


def copy_tree(to):
    """The tracked files as they are now; files that did not change keep their time."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    for name in names.stdout.decode().split("\0"):
        source, target = ROOT / name, to / name
        if not name or not source.is_file():
            continue
        content = source.read_bytes()
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def build(tree, jobs):
    return run(["cmake", "--build", "--preset", "dev", "-j", str(jobs), "--target", "weir"], tree)


def failing(tree):
    """{operator: failed cases} of the operators that the suite rejects."""
    result = run([tree / "build/dev/weir", "conformance", "--json", tree / "conformance/cases"], tree)
    events = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    found = {e["op"]: e["failed"] for e in events if e["event"] == "conformance" and e["failed"]}
    if not found and result.returncode != 0:
        sys.exit("weir conformance did not run:\n" + result.stdout[-2000:])
    return found


def try_fault(tree, fault, jobs):
    """What the suite says about one fault: {operator: failed cases}, or a message."""
    _, name, correct, faulty = fault
    path = tree / name
    original = path.read_text()
    if original.count(correct) != 1:
        return f"does not fit the source any more ({original.count(correct)} places)"
    path.write_text(original.replace(correct, faulty))
    try:
        built = build(tree, jobs)
        return failing(tree) if built.returncode == 0 else "does not compile:\n" + built.stdout[-2000:]
    finally:
        path.write_text(original)


def summary(found):
    if isinstance(found, str):
        return found
    if not found:
        return "NOT FOUND"
    most = sorted(found.items(), key=lambda item: -item[1])
    text = ", ".join(f"{op} {count}" for op, count in most[:3])
    others = f", and {len(most) - 3} more operators" if len(most) > 3 else ""
    return f"{sum(found.values())} cases: {text}{others}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="faults whose name has this word")
    parser.add_argument("--keep", help="folder of the copy")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        tree = pathlib.Path(options.keep or temporary)
        copy_tree(tree)
        configured = run(["cmake", "--preset", "dev"], tree)
        built = build(tree, options.jobs) if configured.returncode == 0 else configured
        if built.returncode != 0:
            sys.exit("the copy does not build:\n" + built.stdout[-2000:])
        before = failing(tree)
        if before:
            print("without a fault these fail already, and do not count:", summary(before))
        escaped = 0
        for fault in (f for f in FAULTS if options.only in f[0]):
            found = try_fault(tree, fault, options.jobs)
            if isinstance(found, dict):
                found = {op: count for op, count in found.items() if count > before.get(op, 0)}
            escaped += not isinstance(found, dict) or not found
            print(f"{fault[0]:55} {summary(found)}", flush=True)
    print("every fault was found" if escaped == 0 else f"{escaped} faults were not found")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
