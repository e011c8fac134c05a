#!/usr/bin/env bash
# installed.sh BUILD SOURCE CMAKE CXX CC: installs the component `client` and builds and runs the examples against it,
# found by find_package(Patchbay COMPONENTS client) and by pkg-config. The demo model answers.
set -euo pipefail
build=$1
source=$2
cmake=$3
cxx=$4
cc=$5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PATCHBAY_STATE_DIR=$folder/state

"$cmake" --install "$build" --component client --prefix "$folder/prefix" >"$folder/install.log"
cat >"$folder/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES C CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(Patchbay REQUIRED COMPONENTS client)
add_executable(ask "$source/examples/ask.cpp")
target_link_libraries(ask PRIVATE patchbay::client)
add_executable(stream-c "$source/examples/stream.c")
target_link_libraries(stream-c PRIVATE patchbay::client)
CMAKE
flags="-Wall -Wextra -Wpedantic -Wshadow -Werror"
CC=$cc CXX=$cxx "$cmake" -S "$folder" -B "$folder/build" -DCMAKE_PREFIX_PATH="$folder/prefix" \
    -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" >"$folder/configure.log"
"$cmake" --build "$folder/build" >"$folder/build.log" || { cat "$folder/build.log" >&2; exit 1; }
for program in ask stream-c; do
    answer=$("$folder/build/$program" demo/echo "The kestrel flies.")
    [[ $answer == *"The kestrel flies."* ]] || { echo "$program said: $answer" >&2; exit 1; }
    if "$folder/build/$program" nobody-knows-it hello 2>"$folder/errors"; then
        echo "$program: a model that nobody knows was answered" >&2
        exit 1
    fi
    grep -q "LLM Provider NOT provided" "$folder/errors"
done

file=$(find "$folder/prefix" -name patchbay.pc)
flags=$(PKG_CONFIG_PATH=$(dirname "$file") pkg-config --cflags --libs patchbay)
# shellcheck disable=SC2086 # the flags are several words
"$cxx" -std=c++20 "$source/examples/ask.cpp" $flags -o "$folder/ask"
LD_LIBRARY_PATH=$(dirname "$(find "$folder/prefix" -name libpatchbay.so)") "$folder/ask" demo/echo hello |
    grep -q hello
