# shellcheck shell=bash
# What the scripts share: messages, Debian packages, configuring and building. To be sourced.

# A plugin that others may write is refused by the gateway, whatever umask the user has.
umask go-w

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# missing_packages GROUP...: the packages of these groups that are not installed, one a line.
missing_packages() {
    local group package command state wanted=" $* "
    while read -r group package command; do
        [[ $wanted == *" $group "* ]] || continue
        if [[ -n $command ]] && command -v "$command" >/dev/null; then continue; fi
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [[ $state == installed ]] || echo "$package"
    done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/scripts/packages.txt")
}

# install_packages GROUP...: installs what is missing; asks nothing of apt when nothing is.
install_packages() {
    command -v dpkg-query >/dev/null ||
        die "this is not a Debian system; scripts/packages.txt lists what is needed (for groups: $*)"
    local missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            die "not root, and there is no sudo. As root: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3
        -o Dpkg::Use-Pty=0)
    "${apt[@]}" update </dev/null || die "apt-get update failed"
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null ||
        die "apt-get could not install: ${missing[*]}"
}

# How many compilers at once: one per core, and at least 1.5 GB of memory for each.
build_jobs() {
    local cores memory_kb by_memory
    cores=$(nproc)
    memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
    by_memory=$((${memory_kb:-4000000} / 1500000))
    echo $((by_memory < 1 ? 1 : by_memory < cores ? by_memory : cores))
}

# build PRESET [TARGET...]: configures the preset and builds the targets (everything without one).
# With PATCHBAY_WERROR=ON in the environment warnings are errors.
build() {
    local preset=$1 flags=()
    shift
    [[ -z ${PATCHBAY_WERROR:-} ]] || flags+=("-DPATCHBAY_WERROR=$PATCHBAY_WERROR")
    say "configuring build/$preset"
    (cd "$root" && cmake --preset "$preset" --log-level=WARNING "${flags[@]}") >&2 ||
        die "the configuration of build/$preset failed"
    say "building build/$preset: ${*:-everything} (the first time takes minutes)"
    (cd "$root" && cmake --build --preset "$preset" -j "${CMAKE_BUILD_PARALLEL_LEVEL:-$(build_jobs)}" \
        ${1:+--target "$@"}) >&2 || die "the build of build/$preset failed"
}
