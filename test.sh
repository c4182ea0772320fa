#!/usr/bin/env bash
# Builds once, runs every test, ends with "N passed, N failed, N skipped".
# Needs git and the .NET SDK. As root it installs what is missing from Debian's packages; else it says what is missing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

configuration=Release
filter=()
while [ $# -gt 0 ]; do
  case "$1" in
    --filter) filter=(--filter "$2"); shift 2 ;;
    --debug) configuration=Debug; shift ;;
    *) echo "usage: ./test.sh [--filter EXPRESSION] [--debug]" >&2; exit 2 ;;
  esac
done

command -v dotnet >/dev/null || { echo "Missing: the .NET SDK 10 (dotnet on the PATH)." >&2; exit 1; }
command -v git >/dev/null || { echo "Missing: git." >&2; exit 1; }

work=$(mktemp -d)
postgres_data=""
cleanup() {
  if [ -n "$postgres_data" ]; then
    runuser -u postgres -- "$postgres_bin/pg_ctl" -D "$postgres_data/db" -m immediate stop >/dev/null 2>&1
    rm -rf "$postgres_data"
  fi
  rm -rf "$work"
}
trap cleanup EXIT

# A PostgreSQL of our own for the tests that run on both databases.
find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
postgres_bin=$(find_postgres)
if [ -z "$postgres_bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing PostgreSQL for the tests that run on both databases."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >"$work/apt.log" 2>&1 \
    || { tail -5 "$work/apt.log" >&2; }
  postgres_bin=$(find_postgres)
fi
if [ -n "$postgres_bin" ] && [ "$(id -u)" = 0 ]; then
  postgres_data=$(mktemp -d)
  chown postgres "$postgres_data"
  # The port is taken from the kernel and handed on; nobody else on this machine is asked for it meanwhile.
  for port in $(shuf -i 20000-30000 -n 5); do
    if runuser -u postgres -- "$postgres_bin/initdb" -D "$postgres_data/db" -A trust -U csmc --no-sync >"$work/initdb.log" 2>&1 \
      && runuser -u postgres -- "$postgres_bin/pg_ctl" -w -D "$postgres_data/db" -l "$postgres_data/log" \
        -o "-p $port -k $postgres_data -c listen_addresses=127.0.0.1" start >"$work/pg.log" 2>&1; then
      export CSMC_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=csmc;Database=postgres"
      break
    fi
    rm -rf "$postgres_data/db"
  done
  [ -n "${CSMC_TEST_POSTGRES:-}" ] || { echo "PostgreSQL did not start:" >&2; tail -5 "$work/pg.log" >&2; exit 1; }
else
  echo "PostgreSQL is not installed and cannot be installed here (needs root and apt-get): its tests are not run." >&2
fi

echo "Building ($configuration)."
if ! dotnet build CSMultiConnector.sln -c "$configuration" -v quiet -clp:ErrorsOnly >"$work/build.log" 2>&1; then
  grep -E "error|warning" "$work/build.log" | sort -u | head -40 >&2
  tail -5 "$work/build.log" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

dotnet test CSMultiConnector.sln -c "$configuration" --no-build "${filter[@]}" 2>&1 | tee "$work/test.log"
status=${PIPESTATUS[0]}

# One line a test assembly: "Passed!  - Failed: 0, Passed: 12, Skipped: 0, Total: 12, ...".
sum() { grep -oE "$1: +[0-9]+" "$work/summary" | grep -oE "[0-9]+" | awk '{ n += $1 } END { print n + 0 }'; }
grep -E "^(Passed|Failed|Skipped)! +- " "$work/test.log" >"$work/summary"
passed=$(sum "Passed") failed=$(sum "Failed") skipped=$(sum "Skipped")
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "A test run ended abnormally (exit code $status)." >&2
  failed=1
fi
if [ "$passed" -eq 0 ]; then
  echo "No test was run." >&2
  [ "$failed" -gt 0 ] || failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
