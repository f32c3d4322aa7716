#!/usr/bin/env python3
"""Runs Weir and its peers alternately on the same networks; prints medians, spreads and ratios.

    bench/peers/compare.py --nets all_cnn_c vgg_mini --json result.json
"""
import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import contenders

UNSUPPORTED = 77  # the exit status of a peer that lacks something on this machine


def parse_arguments():
    build = contenders.ROOT / "build" / "release"
    nets = sorted({case.net for case in contenders.CASES})
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weir", default=str(build / "weir"), help="the command (build/release/weir)")
    parser.add_argument("--onednn", default=str(build / "bench" / "peers" / "onednn_step"),
                        help="the oneDNN step (build/release/bench/peers/onednn_step)")
    parser.add_argument("--python", default="/usr/bin/python3",
                        help="a Python that has PyTorch (/usr/bin/python3, Debian's)")
    parser.add_argument("--nets", nargs="+", choices=nets, default=nets)
    parser.add_argument("--precisions", nargs="+", choices=contenders.PRECISIONS,
                        default=contenders.PRECISIONS)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5, help="slices of each system (5)")
    parser.add_argument("--seconds", type=float, default=2.5, help="length of a slice (2.5)")
    parser.add_argument("--huge-pages", action="store_true",
                        help="let every system allocate pages of 2 MiB through glibc")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured here")
    parser.add_argument("--quick", action="store_true",
                        help="only see whether everything runs: a few steps of small batches")
    options = parser.parse_args()
    if min(options.batch, options.threads, options.rounds) < 1:
        parser.error("--batch, --threads and --rounds must be at least 1")
    if options.quick:
        options.batch, options.threads, options.rounds, options.seconds = 4, 1, 1, 0.01
    return options


def has_pytorch(python):
    probe = subprocess.run([python, "-c", "import torch"], stderr=subprocess.DEVNULL, check=False)
    return probe.returncode == 0


def leave_out_missing(options):
    """Clears the option of every program that is not here, and says so."""
    for name in ("weir", "onednn", "python"):
        program = shutil.which(getattr(options, name))
        reason = None if program else "no such program"
        if name == "python" and program and not has_pytorch(program):
            reason = "it has no PyTorch (Debian: python3-torch)"
        if reason:
            print(f"left out: {getattr(options, name)}: {reason}", file=sys.stderr)
        setattr(options, name, None if reason else program)


def run_slice(contender, variant, options, seconds):
    """What one run reports, or None where the machine cannot run it."""
    command = contender.arguments(variant, seconds)
    done = subprocess.run(command, env=contenders.environment(options), stdout=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode == UNSUPPORTED:
        return None
    if done.returncode != 0:
        sys.exit(f"error: exit status {done.returncode} of {' '.join(command)}")
    return json.loads(done.stdout)


def rate_of(report):
    """Images per second of one report: a number, or the median of its slices."""
    rates = report["img_per_s"]
    rate = statistics.median(rates) if isinstance(rates, list) else rates
    if not (math.isfinite(rate) and rate > 0):
        sys.exit(f"error: expected images per second, found {rates}")
    return rate


def fastest_variant(contender, options):
    """The variant that wins a short trial, or None if the machine can run none of them."""
    if len(contender.variants) == 1 or options.quick:
        return contender.variants[0]
    trials = {variant: run_slice(contender, variant, options, options.seconds / 2)
              for variant in contender.variants}
    rates = {variant: rate_of(report) for variant, report in trials.items() if report}
    return max(rates, key=rates.get) if rates else None


class Entry:
    """A contender in its best setting, with what it reported so far."""

    def __init__(self, contender, variant):
        self.contender = contender
        self.variant = variant
        self.reports = []

    def rates(self):
        return [rate_of(report) for report in self.reports]

    def median(self):
        return statistics.median(self.rates())

    def spread(self):
        return (max(self.rates()) - min(self.rates())) / self.median()

    def peak_rss_mb(self):
        return max((report.get("peak_rss_mb", 0) for report in self.reports), default=0)

    def summary(self):
        return {"name": self.contender.name, "setting": " ".join(self.variant),
                "img_per_s": self.rates(), "median": self.median(), "spread": self.spread(),
                "peak_rss_mb": self.peak_rss_mb()}


def check_same_network(entries):
    """Every system that counts its parameters must count the same."""
    counts = {entry.contender.name: report["parameters"] for entry in entries
              for report in entry.reports if "parameters" in report}
    if len(set(counts.values())) > 1:
        sys.exit(f"error: not the same network: parameters {counts}")


def measure(case, precision, options):
    """The entries of one case. Who goes first changes every round."""
    entries = []
    for contender in contenders.contenders_of(case, precision, options):
        variant = fastest_variant(contender, options)
        if variant is None:
            print(f"left out: {contender.name} has no {precision} here", file=sys.stderr)
            continue
        entries.append(Entry(contender, variant))
    for round_number in range(options.rounds):
        turn = round_number % max(len(entries), 1)
        for entry in entries[turn:] + entries[:turn]:
            report = run_slice(entry.contender, entry.variant, options, options.seconds)
            if report:
                entry.reports.append(report)
    entries = [entry for entry in entries if entry.reports]
    check_same_network(entries)
    return entries


def print_case(case, precision, entries):
    """One line for each system; the ratio says how many times faster Weir is."""
    print(f"\n{case.name}, {precision}")
    weir = next((entry for entry in entries if entry.contender.name == "Weir"), None)
    for entry in entries:
        ratio = f"{weir.median() / entry.median():5.2f}x" if weir and entry is not weir else ""
        memory = f"{entry.peak_rss_mb():5.0f} MB" if entry.peak_rss_mb() else ""
        print(f"  {entry.contender.name:<16} {entry.median():10.1f} img/s  "
              f"spread {entry.spread():4.0%}  {memory:<8}  {ratio:<6}  {' '.join(entry.variant)}",
              flush=True)


def processor():
    """The model name that Linux gives, if it does."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def main():
    options = parse_arguments()
    leave_out_missing(options)
    result = {"processor": processor(), "batch": options.batch, "threads": options.threads,
              "seconds": options.seconds, "huge_pages": options.huge_pages, "cases": []}
    print(f"{result['processor']}, batch {options.batch}, {options.threads} threads, "
          f"{options.rounds} rounds of {options.seconds} s", flush=True)
    for case in contenders.CASES:
        for precision in options.precisions if case.net in options.nets else ():
            entries = measure(case, precision, options)
            if not entries:
                continue
            print_case(case, precision, entries)
            result["cases"].append({"case": case.name, "precision": precision,
                                    "systems": [entry.summary() for entry in entries]})
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"error: {error}")
