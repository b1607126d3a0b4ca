#!/usr/bin/env bash
# Runs every test assembly that was built and ends with the line "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0 broken=0
mkdir -p artifacts
for project in tests/*/Robotics.*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  binary="$(dirname "$project")/bin/Release/net10.0/$name"
  log="artifacts/$name.log"
  if [ ! -x "$binary" ]; then echo "$name: not built"; broken=$((broken + 1)); continue; fi
  timeout 1200 "$binary" -noColor -noLogo >"$log" 2>&1 </dev/null
  code=$?
  line=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  if [ -z "$line" ]; then
    echo "$name: no result (exit code $code); last lines of $log:"; tail -n 15 "$log"
    broken=$((broken + 1)); continue
  fi
  field() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$line"; }
  t=$(field Total) e=$(field Errors) f=$(field Failed) s=$(field Skipped)
  passed=$((passed + t - f - s)); failed=$((failed + f + e)); skipped=$((skipped + s))
  echo "$name: $((t - f - s)) passed, $((f + e)) failed, $s skipped"
  [ "$s" -gt 0 ] && grep -E '\[SKIP\]' "$log" | sed 's/^ */    /'
  if [ $((f + e)) -gt 0 ] || [ "$code" -ne 0 ]; then
    grep -vE '^\s*$' "$log" | grep -A 25 -E '\[FAIL\]' | head -n 120
    [ $((f + e)) -eq 0 ] && broken=$((broken + 1))
  fi
done
failed=$((failed + broken))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
