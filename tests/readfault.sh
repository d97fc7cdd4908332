# SPDX-License-Identifier: Apache-2.0
# For tests in which files are read badly or slowly: the shim's settings.
# shellcheck shell=bash disable=SC2154

READFAULT=${READFAULT:-$abs_top_builddir/tests/shim/readfault.so}
[ -r "$READFAULT" ] || skip_all 'the shim cannot be built here'

# readfault FILE OFFSET KIND COMMAND...: under the shim, a minute at most; the
# reads that it met are in $tmp/met.
readfault() {
    local file=$1 at=$2 kind=$3

    shift 3
    rm -f "$tmp/met"
    env ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" \
        READFAULT_FILE="/$file" READFAULT_AT="$at" READFAULT_KIND="$kind" \
        READFAULT_LOG="$tmp/met" LD_PRELOAD="$READFAULT" timeout 60 "$@"
}
