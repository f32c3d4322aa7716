#!/usr/bin/env bash
# install_packages.sh [LIST...]: installs the packages of these lists beside it (packages.txt) that
# are missing. Says nothing when none is. A line is a package, or a package and a command that makes
# it unnecessary.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
while read -r package instead; do
  if [ -n "$instead" ] && command -v "$instead" >/dev/null; then continue; fi
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done < <(grep -hv -e '^#' -e '^$' "${@:-packages.txt}")
[ ${#missing[@]} -eq 0 ] && exit 0

install_command="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
  echo "error: this system has no apt-get; install by hand: ${missing[*]}" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  # Without a terminal nobody can type a password: sudo -n fails at once instead of waiting.
  if [ -t 0 ]; then as_root=(sudo); else as_root=(sudo -n); fi
  if ! command -v sudo >/dev/null || ! "${as_root[@]}" true; then
    echo "error: ${#missing[@]} packages are missing, and this user may not install them." >&2
    echo "As root, run:  apt-get update && $install_command" >&2
    exit 1
  fi
fi

echo "installing ${#missing[@]} packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update &&
       "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install_command; } >"$log" 2>&1 </dev/null; then
  tail -20 "$log" >&2
  echo "error: the packages could not be installed. By hand, as root:" >&2
  echo "  apt-get update && $install_command" >&2
  exit 1
fi
