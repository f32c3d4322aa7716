#!/usr/bin/env python3
"""Prints how long our files and functions are, and fails past the caps."""
import re
import sys
from pathlib import Path

FOLDERS = (
    "core", "layers", "models", "conformance", "datasets", "train", "compare", "explain", "apps", "tests", "bench", "web/wasm",
)
MOST_FILE_LINES = 700
MOST_FUNCTION_LINES = 100

# Comments, strings and characters hide braces; they become spaces, line breaks stay.
NOT_CODE = re.compile(
    r'R"(?P<mark>[^(\s]*)\((?:.|\n)*?\)(?P=mark)"|//[^\n]*|/\*(?:.|\n)*?\*/'
    r"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
)
# What stands before the brace of a function body: parameters, then specifiers, a trailing return
# type, or an initialiser list.
FUNCTION_HEAD = re.compile(
    r"\)\s*(?:(?:const|noexcept|override|final|mutable|&&?|requires\b[^;{]*|->[^;{]*)\s*)*(?::[^:].*)?$",
    re.DOTALL,
)
CONTROL = re.compile(r"\b(?:if|for|while|switch|catch)\s*(?:constexpr\s*)?\((?:[^;{}]|;)*$")


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def functions(text):
    """(first line, last line) of each function body that is not inside another one."""
    code = NOT_CODE.sub(blank, text)
    depth, start, opened_at, head_from = 0, None, 0, 0
    for place, char in enumerate(code):
        if char == "{":
            head = code[head_from:place]
            is_body = FUNCTION_HEAD.search(head) and not CONTROL.search(head)
            if start is None and is_body:
                start, opened_at = place, depth
            depth += 1
        elif char == "}":
            depth -= 1
            if start is not None and depth == opened_at:
                yield code.count("\n", 0, start) + 1, code.count("\n", 0, place) + 1
                start = None
        if char in "{};":
            head_from = place + 1


def spread(numbers):
    ordered = sorted(numbers) or [0]
    return f"median {ordered[len(ordered) // 2]}, 95% {ordered[len(ordered) * 95 // 100]}, most {ordered[-1]}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    file_lines, function_lines, failures = [], [], []
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            text = file.read_text()
            name = file.relative_to(root).as_posix()
            lines = text.count("\n")
            file_lines.append(lines)
            if lines > MOST_FILE_LINES:
                failures.append(f"{name}: {lines} lines, at most {MOST_FILE_LINES} allowed")
            for first, last in functions(text):
                length = last - first + 1
                function_lines.append(length)
                if length > MOST_FUNCTION_LINES:
                    failures.append(
                        f"{name}:{first}: a function of {length} lines, at most {MOST_FUNCTION_LINES} allowed"
                    )
    print(f"{len(file_lines)} files, lines: {spread(file_lines)}")
    print(f"{len(function_lines)} functions, lines: {spread(function_lines)}")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
