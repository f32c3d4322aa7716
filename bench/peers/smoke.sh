#!/usr/bin/env bash
# smoke.sh BUILD: sees whether the peers that exist on this machine still run; judges no times.
# Without PyTorch and without oneDNN it checks the scripts' syntax and what of Weir there is.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")"
export PYTHONDONTWRITEBYTECODE=1

for script in *.py; do
  python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$script"
done

onednn="$build/bench/peers/onednn_step"
for settings in "" "--layout channels_last" "--algorithm winograd" "--precision bf16"; do
  [ -x "$onednn" ] || break
  status=0
  # shellcheck disable=SC2086  # the settings are words
  OMP_NUM_THREADS=1 "$onednn" vgg_mini --threads 1 --batch 8 $settings --check || status=$?
  [ "$status" -eq 77 ] || [ "$status" -eq 0 ] || exit "$status"
done

./compare.py --quick --weir "$build/weir" --onednn "$onednn"
