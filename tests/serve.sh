# SPDX-License-Identifier: Apache-2.0
# For tests that let `ebsimg serve' run: sourced behind tests/lib.sh.
#
# shellcheck shell=bash disable=SC2154,SC2034  # tmp, url and EBSIMG are the library's

# A Python that knows libnbd: of several that are there, the system's.
for python in python3 /usr/bin/python3 none; do
    "$python" -c 'import nbd' 2>/dev/null && break
done
[ "$python" != none ] || skip_all 'there is no python3-libnbd'

serve_pid=
mkdir "$tmp/logs"
trap 'serve_kill; stop_emulator; rm -rf "$tmp"' EXIT

# serve ARGUMENT...: in the background, with a socket in $tmp; sets $uri, of
# the first of what is served.  What it prints is in $tmp/serve.out, serve.err.
serve() {
    serve_keep --log "$tmp/logs" "$@"
}

# The same with the logs where the arguments say.
serve_keep() {
    serve_bare --socket "$tmp/nbd" "$@"
}

# The same with nothing but what the arguments say.
serve_bare() {
    local i
    rm -f "$tmp/nbd" "$tmp/serve.out"
    "$EBSIMG" serve --endpoint-url "$url" "$@" >"$tmp/serve.out" \
        2>"$tmp/serve.err" &
    serve_pid=$!
    for ((i = 0; i < 400; i++)); do
        uri=$(grep -m 1 '^nbd' "$tmp/serve.out" 2>/dev/null) && return 0
        kill -0 "$serve_pid" 2>/dev/null || break
        sleep 0.05
    done
    fail "serve $* does not begin" "$tmp/serve.err"
    return 1
}

# serve_end NAME WANT: ends it in order; it must exit with WANT.
serve_end() {
    local got=0
    kill -TERM "$serve_pid"
    wait "$serve_pid" || got=$?
    serve_pid=
    is "$1" "$got" "$2"
}

# serve_kill [SIGNAL]: at once.
serve_kill() {
    [ -n "$serve_pid" ] || return 0
    kill -"${1:-KILL}" "$serve_pid" 2>/dev/null
    wait "$serve_pid" 2>/dev/null
    serve_pid=
}

# client ARGUMENT...: tests/judges/nbd-readers, see there.
client() {
    timeout 120 "$python" "$abs_top_srcdir/tests/judges/nbd-readers" "$@"
}

# gets [BLOCK]: requests for it, or for any.
gets() {
    requests "GetSnapshotBlock.*\"blockIndex\":${1:-}"'\b'
}

# twice: blocks that were asked for more than once.
twice() {
    grep -o '"blockIndex":[0-9]*' "$journal" | sort | uniq -d
}
