#!/usr/bin/env bash
# Runs every test and ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/.."
log=out/test.log
# A project whose tests all skip here ends with 8, which is no failure; that no test ran at all is noticed below.
TESTINGPLATFORM_EXITCODE_IGNORE=8 dotnet test --solution Edge.sln --no-progress "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
count() { sed -nE "s/^ +$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)
grep -hoE 'skipped: .*not present' "$log" | sort | uniq -c | sed -E 's/^ *([0-9]+) /\1 tests /'
# No summary means that nothing was built: that is a failure, not silence.
[ -n "$passed" ] || { passed=0; failed=1; status=1; }
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
echo "${passed} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
