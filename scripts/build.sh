#!/usr/bin/env bash
# Restores and builds everything in Release, quietly unless something is wrong.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "build: Robotics.sln (Release)" >&2
if ! dotnet build Robotics.sln -c Release -v quiet -nologo >"$log" 2>&1; then
  grep -E 'error' "$log" | sort -u >&2 || cat "$log" >&2
  exit 1
fi
