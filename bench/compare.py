#!/usr/bin/env python3
"""Compares two builds of weir_bench: alternating runs, medians, and how much each build varied.

    bench/compare.py build/before/bench/weir_bench build/after/bench/weir_bench --filter conv2d
"""
import argparse
import json
import statistics
import subprocess
import sys


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", help="path of the first weir_bench")
    parser.add_argument("after", help="path of the second one")
    parser.add_argument("--filter", default="", help="regular expression for the names of rows")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each build (default 5)")
    parser.add_argument("--min-time", type=float, default=0.5, help="seconds for each row (0.5)")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds must be at least 1, got {arguments.rounds}")
    return arguments


def measure(program, arguments):
    """One run: {row: milliseconds}."""
    command = [program, "--benchmark_format=json", f"--benchmark_min_time={arguments.min_time}"]
    if arguments.filter:
        command.append(f"--benchmark_filter={arguments.filter}")
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    if not output.strip():
        sys.exit(f"error: no row of {program} matches '{arguments.filter}'; "
                 f"list them with {program} --benchmark_list_tests")
    rows = json.loads(output)["benchmarks"]
    return {row["name"]: row["real_time"] for row in rows if not row.get("error_occurred")}


def measure_alternately(programs, arguments):
    """For each program, {row: [milliseconds of each round]}. Who goes first changes every round."""
    times = [{}, {}]
    for round_number in range(arguments.rounds):
        order = (0, 1) if round_number % 2 == 0 else (1, 0)
        for which in order:
            for name, time in measure(programs[which], arguments).items():
                times[which].setdefault(name, []).append(time)
        print(f"round {round_number + 1} of {arguments.rounds}", file=sys.stderr)
    return times


def spread(times):
    """(slowest - fastest) / median."""
    return (max(times) - min(times)) / statistics.median(times)


def print_table(before, after):
    names = [name for name in before if name in after]
    width = max((len(name) for name in names), default=3)
    print(f"{'row':<{width}}  {'before ms':>10}  {'after ms':>10}  {'speed-up':>8}  "
          f"{'spreads':>12}")
    for name in names:
        old, new = statistics.median(before[name]), statistics.median(after[name])
        spreads = f"{spread(before[name]):.0%} {spread(after[name]):.0%}"
        print(f"{name:<{width}}  {old:10.4f}  {new:10.4f}  {old / new:7.2f}x  {spreads:>12}")
    only = sorted(set(before) ^ set(after))
    if only:
        print(f"in one build only: {', '.join(only)}")


def main():
    arguments = parse_arguments()
    before, after = measure_alternately([arguments.before, arguments.after], arguments)
    print_table(before, after)


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}")
