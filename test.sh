#!/usr/bin/env bash
# Builds once, runs every test, ends with "N passed, N failed, N skipped".
# Needs git and the .NET SDK. As root it installs what is missing from Debian's packages; else it says what is missing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export VSTEST_CONNECTION_TIMEOUT=300   # a busy machine starts a test host slowly

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

# What some tests need besides: a PostgreSQL of our own, system calls seen from outside, a wall clock that can be moved, a C++ compiler, Node.
find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
missing=()
[ -n "$(find_postgres)" ] || missing+=(postgresql)
command -v strace >/dev/null || missing+=(strace)
ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing+=(libfaketime)
# The Expert Advisor's sources are compiled and run here; an independent client of a venue runs on Node.
command -v g++ >/dev/null || missing+=(g++)
[ -e /usr/include/openssl/ssl.h ] || missing+=(libssl-dev)
[ -e /usr/include/gtest/gtest.h ] || missing+=(libgtest-dev)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}: some tests need them."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$work/apt.log" 2>&1 \
      || { tail -5 "$work/apt.log" >&2; }
  else
    echo "Not installed, and cannot be installed here (needs root and apt-get): ${missing[*]}. The tests that need them are not run." >&2
  fi
fi
postgres_bin=$(find_postgres)
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
fi

echo "Building ($configuration)."
if ! dotnet build CSMultiConnector.sln -c "$configuration" -v quiet -clp:ErrorsOnly >"$work/build.log" 2>&1; then
  grep -E "error|warning" "$work/build.log" | sort -u | head -40 >&2
  tail -5 "$work/build.log" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# An assembly a run: two at a time (the fast ones), then alone what itself loads the machine with processes.
# Only what hangs meets a limit: each has 50 minutes, all together 85.
run_assembly() {
  local left=$((5100 - SECONDS))
  timeout --kill-after=10 $((left < 60 ? 60 : left < 3000 ? left : 3000)) dotnet test "$1" "${filter[@]}" >"$work/$(basename "$1").log" 2>&1
  local code=$?
  cat "$work/$(basename "$1").log"
  [ "$code" -eq 0 ] || echo "$(basename "$1") $code" >>"$work/failed"
}
alone="EndToEnd Simulation"
assemblies=() last=()
for project in tests/*/CSMultiConnector.*.Tests.csproj; do
  grep -q "<IsTestRoom>true" "$project" || continue
  name=$(basename "$project" .csproj)
  assembly="artifacts/own/bin/$name/${configuration,,}/$name.dll"
  case " $alone " in *" $(basename "$(dirname "$project")") "*) last+=("$assembly") ;; *) assemblies+=("$assembly") ;; esac
done
: >"$work/failed"
{
  for assembly in "${assemblies[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
    run_assembly "$assembly" &
  done
  wait
  for assembly in "${last[@]}"; do run_assembly "$assembly"; done
} 2>&1 | tee "$work/test.log"
status=$(wc -l <"$work/failed")

# One line a test assembly: "Passed!  - Failed: 0, Passed: 12, Skipped: 0, Total: 12, ...".
sum() { grep -oE "$1: +[0-9]+" "$work/summary" | grep -oE "[0-9]+" | awk '{ n += $1 } END { print n + 0 }'; }
grep -E "^(Passed|Failed|Skipped)! +- " "$work/test.log" >"$work/summary"
passed=$(sum "Passed") failed=$(sum "Failed") skipped=$(sum "Skipped")
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "A test run ended abnormally (assembly, exit code): $(tr '\n' ' ' <"$work/failed")" >&2
  failed=1
fi
if [ "$passed" -eq 0 ]; then
  echo "No test was run." >&2
  [ "$failed" -gt 0 ] || failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
