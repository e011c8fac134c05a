#!/bin/sh
# Runs every fuzz target for a time: tests/fuzz/run.sh SECONDS [BUILD_DIR]. Fails if one of them crashes, leaks,
# hangs or takes too much memory; the input that did it is left in BUILD_DIR/fuzz. What a run finds new
# is kept in BUILD_DIR/fuzz/corpus and taken up by the next one.
set -eu

if [ $# -lt 1 ]; then
    echo "usage: $0 SECONDS [BUILD_DIR]" >&2
    exit 2
fi
seconds=$1
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${2:-$here/../../build/fuzz}" && pwd)
mkdir -p "$build/fuzz"

found=0
failed=
for target in "$build"/bin/fuzz_*; do
    [ -x "$target" ] || continue
    found=$((found + 1))
    name=${target##*/fuzz_}
    corpus=$build/fuzz/corpus/$name
    mkdir -p "$corpus"
    seeds=$here/corpus/$name
    [ -d "$seeds" ] || seeds=
    echo "== $name for $seconds s"
    if ! "$target" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -timeout=10 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/fuzz/$name-" \
        "$corpus" ${seeds:+"$seeds"}; then
        failed="$failed $name"
    fi
done

if [ "$found" -eq 0 ]; then
    echo "no fuzz target in $build/bin: cmake --build --preset fuzz --target fuzzers" >&2
    exit 2
fi
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
echo "$found targets, no crash"
