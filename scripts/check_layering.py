#!/usr/bin/env python3
"""Fails when a file includes a folder that it must not know: dependencies point one way only."""
import re
import sys
from pathlib import Path

# folder -> the folders it may include, itself aside. The most specific folder of a file counts.
ALLOWED = {
    "core": set(),
    "layers": {"core"},
    "models": {"core", "layers"},
    "conformance": {"core", "layers", "models"},
    "datasets": {"core"},
    "train/config": {"core", "layers", "models", "datasets"},
    "train": {"core", "layers", "models", "datasets", "train/config"},
    "compare": {"core", "layers", "models", "datasets", "train/config", "train"},
    "explain": {"core", "layers", "models", "datasets", "train/config", "train"},
    "apps": {
        "core", "layers", "models", "conformance", "datasets", "train/config", "train", "compare", "explain",
    },
    "web/wasm": {"core", "apps"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)


def folder_of(path):
    """The row of ALLOWED that a path belongs to, or None."""
    parts = path.split("/")
    for depth in (2, 1):
        folder = "/".join(parts[:depth])
        if len(parts) > depth and folder in ALLOWED:
            return folder
    return None


def violations(root):
    for top in sorted({folder.split("/")[0] for folder in ALLOWED}):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            name = file.relative_to(root).as_posix()
            own = folder_of(name)
            for included in INCLUDE.findall(file.read_text()):
                other = folder_of(included)
                if other and other != own and other not in ALLOWED[own]:
                    yield f"{name}: {own}/ must not include {other}/ ({included})"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = list(violations(root))
    print("\n".join(found) if found else "layering: no upward include")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
