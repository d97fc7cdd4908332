# SPDX-License-Identifier: Apache-2.0
# What the tests of chains share: the history of a volume as snapshots, and
# what the journal tells of what was asked.  After lib.sh.
#
# shellcheck shell=bash disable=SC2034,SC2154

SPARSE_CMP=${SPARSE_CMP:-$abs_top_builddir/tests/unit/sparse-cmp}
export NTFS_EDIT=${NTFS_EDIT:-$abs_top_builddir/tests/unit/ntfs-edit}

# Which file system's history $disks, id() and $volume are.
kind=
disks=
volume=
moments=({1..10})
left=(1 2 3 4 6 7 8 9 10) # moment 5 was deleted

# id N: the snapshot of moment N.
id() {
    case $kind in
    ext4) printf 'snap-0e%015x' "$1" ;;
    ntfs) printf 'snap-0f%015x' "$1" ;;
    esac
}

# use KIND: from now on it is this history.
use() {
    kind=$1
    disks=$tmp/disks/$kind
    case $kind in
    ext4) volume=vol-0e23456789abcdef0 ;;
    ntfs) volume=vol-0f23456789abcdef0 ;;
    esac
    copy=$(id 99)
}

# moment N: its snapshot, the next one of its volume.
moment() {
    local n=$1 block options=()
    [ "$n" -gt 1 ] && options+=(--parent "$(id $((n - 1)))") ||
        options+=(--volume "$volume")
    [ ! -e "$disks/$n.rewrite" ] ||
        while read -r block; do options+=(--rewrite "$block"); done \
            <"$disks/$n.rewrite"
    import "$disks/$n.img" --snapshot "$(id "$n")" \
        --started "$(printf '2026-01-%02dT00:00:00Z' "$n")" "${options[@]}"
}

# history KIND: ten moments as snapshots, the fifth of which was deleted, and
# a copy of the last one, whose volume id says nothing.  1 when it cannot be
# made here; $tmp/.out says why.
history() {
    local n option=()
    use "$1"
    [ "$kind" = ext4 ] || option=(--"$kind")
    mkdir -p "$disks"
    "$DATA/make-history" "${option[@]}" "$disks" >"$tmp/.out" 2>&1 ||
        return 1
    # Space that was reserved and not written is a hole until somebody has
    # read it, then none: so there shall be none of that.
    for n in "${moments[@]}"; do
        cp --sparse=always "$disks/$n.img" "$disks/x"
        mv "$disks/x" "$disks/$n.img"
        moment "$n"
    done
    import "$disks/10.img" --snapshot "$copy" --parent "$(id 10)" \
        --volume vol-ffffffff
    rm "$tmp/store/$(id 5)".*
}

# Raw images without digests of the stream: their blocks are checked all the
# same, and gigabytes of nothing cost nothing.  And without samples: requests
# are counted, and what rests on a list alone is to be seen.
acquire() {
    "$EBSIMG" acquire --endpoint-url "$url" --quiet -f raw --hash none \
        --audit 0 --recheck 0 "$@"
}

acquire_e01() {
    "$EBSIMG" acquire --endpoint-url "$url" --quiet --hash md5 \
        --audit 0 --recheck 0 "$@"
}

# fetched: the blocks that the journal has, "SNAPSHOT INDEX" a line.
fetched() {
    jq -r 'select(.eventName == "GetSnapshotBlock") |
        .requestParameters | "\(.snapshotId) \(.blockIndex)"' "$journal"
}

# due N [M]: the blocks of moment N that are not those of moment M, by what is
# on the disks; all that it stores without M.
due() {
    "$DATA/list-changed" "$disks/$1.img" ${2:+"$disks/$2.img"} \
        ${2:+"$disks/$1.rewrite"} | sed "s/^/$(id "$1") /"
}

# asked NAME: how many calls of this name the journal has.
asked() {
    requests "\"eventName\":\"$1\""
}

# member FILE KEY: of the event "image" of a case log, one value a line.
member() {
    jq -r 'select(.event == "image") | .'"$2" "$1"
}

# verdict PREFIX: what the log says in the end.
verdict() {
    jq -r 'select(.event == "end").verdict' "$1.log.jsonl" | tail -n 1
}
