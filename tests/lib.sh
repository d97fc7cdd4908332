# SPDX-License-Identifier: Apache-2.0
# The shell tests' library.  A test sources it, tells its story with the
# functions below, and ends with done_testing.  Results are TAP.
#
#   . "${abs_top_srcdir:-.}/tests/lib.sh"
#   start_emulator --store "$tmp/store" --rule 'block 17: 500 times 3'
#   ok 'three errors are survived' ebsimg acquire "$snap" -o "$tmp/x"
#   done_testing
#
# shellcheck shell=bash disable=SC2034

set -u

abs_top_srcdir=${abs_top_srcdir:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
abs_top_builddir=${abs_top_builddir:-$abs_top_srcdir}
EBSIMG=${EBSIMG:-$abs_top_builddir/ebsimg}
EMULATOR=${EMULATOR:-$abs_top_builddir/tests/emulator/ebs-emulator}
DATA=$abs_top_srcdir/tests/data

# The key that the emulator knows, published by AWS as an example; nothing of
# the caller's own configuration may leak into a test.
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_CA_BUNDLE
unset AWS_ENDPOINT_URL_EBS AWS_ENDPOINT_URL_EC2 AWS_ENDPOINT_URL_STS
unset SSL_CERT_FILE SSL_CERT_DIR http_proxy https_proxy HTTPS_PROXY ALL_PROXY
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE
export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
export AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_EC2_METADATA_DISABLED=true
export LC_ALL=C TZ=UTC

tap_count=0
tap_failed=0
emulator_pid=
url=
journal=

tmp=$(mktemp -d "${TMPDIR:-/tmp}/ebsimg-test.XXXXXX") || exit 99
trap 'stop_emulator; rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

# ------------------------------------------------------------------ results

declare -A tap_told=()

# tap_name NAME: every result can be read alone: without a name, or with a
# number for one, it fails; a name that was there before is noted.
tap_name() {
    [ -z "${tap_told[x$1]:-}" ] ||
        printf '# the same name as that of result %d\n' "${tap_told[x$1]}"
    tap_told[x$1]=$tap_count
    [[ ! $1 =~ ^[0-9]*$ ]]
}

pass() {
    tap_count=$((tap_count + 1))
    if ! tap_name "$1"; then
        tap_failed=$((tap_failed + 1))
        printf 'not ok %d - a result without a story: "%s"\n' "$tap_count" "$1"
        return 0
    fi
    printf 'ok %d - %s\n' "$tap_count" "$1"
}

# fail NAME [FILE...]: the files are shown as diagnostics.
fail() {
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    printf 'not ok %d - %s\n' "$tap_count" "$1"
    shift
    local f
    for f in "$@"; do
        [ -s "$f" ] && tail -n 20 "$f" | sed 's/^/#   /'
    done
    return 0
}

skip() {
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# skip_all REASON: the whole test cannot be done here.
skip_all() {
    printf '1..0 # SKIP %s\n' "$1"
    exit 0
}

# slow: left out of a quick round (EBSIMG_QUICK), as a visible skip.
slow() {
    [ -z "${EBSIMG_QUICK:-}" ] || skip_all 'slow: EBSIMG_QUICK is set'
}

# ok NAME COMMAND...: the command must succeed.
ok() {
    local name=$1
    shift
    if "$@" >"$tmp/.out" 2>&1; then pass "$name"; else fail "$name" "$tmp/.out"; fi
}

# status NAME WANT COMMAND...: the command must exit with WANT.
# Its output is in $tmp/out and $tmp/err afterwards.
status() {
    local name=$1 want=$2 got=0
    shift 2
    "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
    if [ "$got" = "$want" ]; then
        pass "$name"
    else
        fail "$name (exit status $got, not $want)" "$tmp/out" "$tmp/err"
    fi
}

# is NAME GOT WANT
is() {
    if [ "$2" = "$3" ]; then
        pass "$1"
    else
        printf '%s\n' "got:  $2" "want: $3" >"$tmp/.out"
        fail "$1" "$tmp/.out"
    fi
}

# says NAME FILE TEXT: the file holds the text.
says() {
    if grep -qF -- "$3" "$2"; then pass "$1"; else fail "$1" "$2"; fi
}

done_testing() {
    printf '1..%d\n' "$tap_count"
    [ "$tap_failed" -eq 0 ] || exit 1
    exit 0
}

# need COMMAND...: skips the whole test when one is missing.
need() {
    local c
    for c in "$@"; do
        command -v "$c" >/dev/null || skip_all "$c is not installed"
    done
}

# need_signing_curl: a curl whose --aws-sigv4 signs all headers, and a host
# with its port; skips the whole test with an older one.
need_signing_curl() {
    need curl
    local version major minor
    version=$(curl --version | sed -n '1s/^curl \([0-9.]*\).*/\1/p')
    IFS=. read -r major minor _ <<<"$version"
    [ "$major" -gt 7 ] || [ "$minor" -ge 87 ] ||
        skip_all "curl $version does not sign as AWS wants it"
}

# ----------------------------------------------------------------- emulator

# await_ready NAME PID OUT ERR: waits for the line "ready URL" in OUT of the
# server that was started, and sets $ready to that URL.
await_ready() {
    local i
    for ((i = 0; i < 200; i++)); do
        if grep -q '^ready ' "$3" 2>/dev/null; then
            ready=$(sed -n 's/^ready //p' "$3")
            return 0
        fi
        kill -0 "$2" 2>/dev/null || break
        sleep 0.05
    done
    sed "s/^/# $1: /" "$4"
    echo "Bail out! the $1 does not start"
    exit 99
}

# start_emulator ARGUMENT...: `serve' with these arguments; sets $url and
# $journal.
start_emulator() {
    stop_emulator
    journal=$tmp/journal
    rm -f "$tmp/ready" "$journal"
    "$EMULATOR" serve --journal "$journal" "$@" \
        >"$tmp/ready" 2>"$tmp/emulator.err" &
    emulator_pid=$!
    await_ready emulator "$emulator_pid" "$tmp/ready" "$tmp/emulator.err"
    url=$ready
}

stop_emulator() {
    [ -n "$emulator_pid" ] || return 0
    kill "$emulator_pid" 2>/dev/null
    wait "$emulator_pid" 2>/dev/null
    emulator_pid=
}

# requests PATTERN: how many records of the journal match.
requests() {
    grep -cE -- "$1" "$journal"
}

# make_certificate: a throw-away one for 127.0.0.1 in $tmp/cert.pem, key.pem.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$tmp/key.pem" -out "$tmp/cert.pem" -days 2 \
        -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
        2>"$tmp/.out" || fail 'a certificate for the test' "$tmp/.out"
}

# import IMAGE ARGUMENT...: sets $snap.
import() {
    local image=$1
    shift
    snap=$("$EMULATOR" import --store "$tmp/store" --image "$image" "$@")
}
