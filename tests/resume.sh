# SPDX-License-Identifier: Apache-2.0
# Killing acquisitions and going on with them: for tests/integration/
# resume.test and scripts/soak.  Sourced instead of tests/lib.sh.
#
# shellcheck shell=bash disable=SC2034,SC2154
# shellcheck source=tests/lib.sh
. "$abs_top_srcdir/tests/lib.sh"

SPARSE_CMP=${SPARSE_CMP:-$abs_top_builddir/tests/unit/sparse-cmp}
EWF_CMP=${EWF_CMP:-$abs_top_builddir/tests/unit/ewf-cmp}
KILL_AT_SO=${KILL_AT_SO:-$abs_top_builddir/tests/shim/kill-at.so}

# The sanitizers want to be the first library, and are not.
shim=(LD_PRELOAD="$KILL_AT_SO"
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0")

need_resume_tools() {
    need ewfverify
    [ -e "$KILL_AT_SO" ] || skip_all 'the shim that kills was not built'
}

# The options of each kind of run.  Small segments: every border is met.
options_of() {
    case $1 in
    e01) echo --format e01 --segment-size 2M --hash md5 ;;
    raw) echo --format raw --hash none ;;
    both) echo --format e01,raw --segment-size 300M --chunk-size 512K ;;
    esac
}

# A volume, served, and what an undisturbed run makes of it.
make_volumes() {
    local format
    "$DATA/make-pattern" "$tmp/image" --size-gib 1 --layout mixed || exit 99
    import "$tmp/image"
    start_emulator --store "$tmp/store"
    mkdir "$tmp/run"
    for format in "${which[@]}"; do
        # shellcheck disable=SC2046
        env "${shim[@]}" KILL_FOLDER="$tmp/run/" KILL_COUNT="$tmp/$format.count" \
            "$EBSIMG" acquire "$snap" -o "$tmp/run/x" --endpoint-url "$url" \
            --quiet --checkpoint 0 $(options_of "$format") || exit 99
        result_of "$tmp/run/x.log.jsonl" >"$tmp/$format.result"
        rm -rf "$tmp/run"/*
    done
}

# What a log says of the content: counts and root of the manifest, digests.
result_of() {
    sed -n 's/.*"event":"\(manifest\|hashes\)","prev":"[0-9a-f]*",//p' "$1" |
        sed 's/"sha256":"[0-9a-f]*","root"/"root"/' | tail -n 2
}

begin_case() {
    format=$1
    rm -rf "$tmp/run"
    mkdir "$tmp/run"
    : >"$journal"
    safe=0
    outcome=died
}

# Where the last checkpoint stands, in blocks.
checkpoint_now() {
    local offset
    offset=$(sed -n 's/^{"seq":.*"event":"checkpoint",.*"offset":\([0-9]*\),.*"check":"[0-9a-f]*"}$/\1/p' \
        "$tmp/run/x.partial/x.checkpoint" 2>/dev/null | tail -n 1)
    echo $((${offset:-0} / 524288))
}

# How many of the blocks that are kept a session compares.
sample=3

# Block indexes asked for since line $1 of the journal that lie before $safe.
fetched_again() {
    tail -n "+$(($1 + 1))" "$journal" | grep GetSnapshotBlock |
        sed -n 's/.*"blockIndex":\([0-9]*\),.*/\1/p' |
        awk -v safe="$safe" '$1 < safe { n++ } END { print n + 0 }'
}

# The command for what there is: anew, or going on.
acquire_or_resume() {
    if [ -e "$tmp/run/x.partial/x.checkpoint" ] ||
        [ -e "$tmp/run/x.log.jsonl" ]; then
        set -- "$@" "$EBSIMG" acquire --resume "$tmp/run/x"
    else
        rm -rf "$tmp/run"/*
        # shellcheck disable=SC2046
        set -- "$@" "$EBSIMG" acquire "$snap" -o "$tmp/run/x" \
            $(options_of "$format")
    fi
    exec "$@" --endpoint-url "$url" --quiet --checkpoint 0 --recheck $sample
}

# Killed, interrupted, or (before it can take signals) terminated.
is_death() {
    case $1 in
    137 | 143 | 8) ;;
    *) return 1 ;;
    esac
}

# The end of a session: sets $outcome.
settle() {
    local status=$1 before=$2 again
    again=$(fetched_again "$before")
    safe=$(checkpoint_now)
    outcome=died
    if [ "$again" -gt $sample ]; then
        outcome="$again blocks were fetched again"
    elif [ "$status" = 0 ]; then
        outcome=complete
    elif [ "$status" = 2 ] && grep -q 'x is complete' "$tmp/said"; then
        outcome=complete
    elif ! is_death "$status"; then
        outcome="exit status $status: $(tail -n 3 "$tmp/said")"
    fi
}

whole_run() {
    local before status=0
    before=$(wc -l <"$journal")
    (acquire_or_resume timeout 300) >"$tmp/said" 2>&1 || status=$?
    settle $status "$before"
}

# killed_run HOW NUMBER: a session that dies as HOW says, at a place that
# NUMBER chooses; or comes to its end before.
killed_run() {
    local how=$1 number=$2 before status=0 most pid
    before=$(wc -l <"$journal")
    most=$(cat "$tmp/$format.count")
    case $how in
    time | term)
        acquire_or_resume >"$tmp/said" 2>&1 &
        pid=$!
        sleep "0.$((number % 9))$((number % 7))"
        if [ "$how" = term ]; then kill $pid; else kill -KILL $pid; fi
        wait $pid 2>/dev/null || status=$?
        ;;
    *)
        (acquire_or_resume env "${shim[@]}" \
            KILL_FOLDER="$tmp/run/" KILL_AT=$((number % most + 1)) \
            KILL_HOW="$how" KILL_SEED="$number" timeout -s KILL 300) \
            >"$tmp/said" 2>&1 || status=$?
        ;;
    esac 2>/dev/null
    settle $status "$before"
}

# judge [all]: what is wrong with the finished evidence; nothing when nothing
# is.  `all' has our own verify read everything once more.
judge() {
    local x=$tmp/run/x
    if [ -e "$x.partial" ]; then
        echo 'the partial folder is left'
    elif [ "$(result_of "$x.log.jsonl")" != "$(cat "$tmp/$format.result")" ]
    then
        echo 'manifest or digests are others'
    elif [ -e "$x.dd" ] && ! "$SPARSE_CMP" "$tmp/image" "$x.dd"; then
        echo 'the raw image is another'
    elif [ -e "$x.001" ] && ! cat "$x".0* | cmp - "$tmp/image"; then
        echo 'the raw image is another'
    elif [ -e "$x.E01" ] && ! "$EWF_CMP" "$x.E01" "$tmp/image" 2>&1; then
        echo 'the E01 image is another'
    elif [ "${1:-}" = all ] && ! "$EBSIMG" verify -q "$x" >/dev/null
    then
        echo 'verify says no'
    fi
}
