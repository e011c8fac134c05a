#!/usr/bin/env bash
# symbols.sh LIBRARY HEADER: the library shows exactly the functions that the header declares, takes none that the
# program could replace, and holds no symbol of the gateway's server.
set -euo pipefail
library=$1
header=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

grep -oE 'BAY_CALL bay_[a-z_]+\(' "$header" | grep -oE 'bay_[a-z_]+' | sort -u >"$folder/declared"
nm -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | sort -u >"$folder/shown"
diff "$folder/declared" "$folder/shown"
grep -q '^bay_call_start$' "$folder/shown"

# Of spdlog and of the engine nothing is taken from elsewhere.
if nm -D -C --undefined-only "$library" | grep -E 'spdlog::|patchbay::' >&2; then
    echo "the library takes these from elsewhere" >&2
    exit 1
fi
if nm -C "$library" 2>/dev/null | grep -q 'patchbay::gateway::'; then
    echo "the library holds symbols of the gateway" >&2
    exit 1
fi
