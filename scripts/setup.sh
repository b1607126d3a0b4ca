#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says so. Usage: setup.sh demo|test
set -euo pipefail

# libzmq5: the link (ZeroMQ 4.3.4 with CURVE).
needed=(libzmq5)
if [ "${1:-demo}" = test ]; then
  # Peers that nobody here wrote, for the interop tests. A test whose peer cannot be installed is skipped by name.
  needed+=(python3 gcc libc6-dev)
  wanted=(g++ nodejs npm python3-zmq python3-msgpack python3-torch libopenblas0-pthread python3-onnx cyclonedds-dev libfastrtps-dev libfastcdr-dev cyclonedds-tools libddsc0debian chromium rt-tests gcc-arm-none-eabi libnewlib-arm-none-eabi)
else
  wanted=()
fi

if ! command -v dotnet >/dev/null 2>&1; then
  echo "setup: the .NET 10 SDK is missing; install it first (https://dot.net), then run this again" >&2
  exit 1
fi

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
# A command that is already on the machine counts, whoever installed it.
present() {
  case "$1" in
    python3|gcc|g++|npm) command -v "$1" >/dev/null 2>&1 || installed "$1" ;;
    nodejs) command -v node >/dev/null 2>&1 || installed "$1" ;;
    *) installed "$1" ;;
  esac
}

# Peers from npm; a test whose peer is not there is skipped by name.
npm_peers() {
  [ "$1" = test ] && command -v npm >/dev/null 2>&1 || return 0
  for folder in tests/peers/onnx tests/peers/link tests/peers/mcap tests/Serial/interop; do
    [ -d "$folder/node_modules" ] && continue
    echo "setup: installing the npm peers of $folder" >&2
    npm install --prefix "$folder" --no-audit --no-fund --no-package-lock >/dev/null 2>&1 \
      || echo "setup: could not install the npm peers of $folder; the tests that need them are skipped" >&2
  done
}

missing=()
for p in "${needed[@]}" "${wanted[@]}"; do present "$p" || missing+=("$p"); done
if [ ${#missing[@]} -eq 0 ]; then npm_peers "${1:-demo}"; exit 0; fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null 2>&1; then as_root=sudo; else
    echo "setup: missing Debian packages: ${missing[*]}; run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi
echo "setup: installing Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq >&2 || echo "setup: apt-get update failed; trying with the lists at hand" >&2
for p in "${missing[@]}"; do
  if $as_root apt-get install -y -qq --no-install-recommends "$p" >/dev/null 2>&1; then
    continue
  fi
  for n in "${needed[@]}"; do
    if [ "$n" = "$p" ]; then echo "setup: could not install $p; run: apt-get install $p" >&2; exit 1; fi
  done
  echo "setup: could not install $p; the tests that need it are skipped" >&2
done
npm_peers "${1:-demo}"
