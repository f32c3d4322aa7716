#!/usr/bin/env bash
# format.sh: formats every C++ file in place. format.sh --check: fails if one would change.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run -Werror)
find core layers models conformance datasets train compare explain apps tests bench web/wasm \( -name '*.h' -o -name '*.cpp' \) -print0 |
  sort -z | xargs -0 --no-run-if-empty clang-format "${mode[@]}"
