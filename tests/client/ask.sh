#!/usr/bin/env bash
# ask.sh PROGRAM PLUGIN_DIRECTORY: the client program prints the demo model's streamed answer, says
# what is wrong with a request, and holds no symbol of the gateway.
set -euo pipefail
program=$1
plugins=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TMPDIR=$folder

cat >"$folder/config.yaml" <<'YAML'
model_list:
  - model_name: demo
    litellm_params: {model: demo/echo}
YAML
answer=$("$program" "$folder/config.yaml" "$plugins" demo "The kestrel" flies.)
[[ $answer == *"The kestrel flies."* ]] || { echo "unexpected answer: $answer" >&2; exit 1; }

if "$program" "$folder/config.yaml" "$plugins" nobody hello 2>"$folder/errors"; then
    echo "a model that is not there was answered" >&2
    exit 1
fi
grep -q "Invalid model name" "$folder/errors"

if nm -C "$program" | grep -q 'patchbay::gateway::'; then
    echo "the program holds symbols of the gateway" >&2
    exit 1
fi
