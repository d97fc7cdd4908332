# SPDX-License-Identifier: Apache-2.0
# For tests of seals: a laboratory with an authority, people who sign, and a
# server that stamps.  After lib.sh.
#
# shellcheck shell=bash disable=SC2034,SC2154

lab=$tmp/lab
tsa_pid=

ec_key() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# person NAME [DAYS] [EXTENSIONS]: $lab/NAME.key and NAME.pem, issued by the
# authority.
person() {
    ec_key "$lab/$1.key" &&
        openssl req -new -key "$lab/$1.key" -subj "/O=Lab/CN=$1" \
            -out "$lab/$1.csr" &&
        openssl x509 -req -in "$lab/$1.csr" -CA "$lab/ca.pem" \
            -CAkey "$lab/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
            -days "${2:-100}" -out "$lab/$1.pem" \
            -extfile <(printf '%s\n' "${3:-keyUsage=critical,nonRepudiation}")
}

# authority NAME: $lab/NAME.key and NAME.pem.
authority() {
    ec_key "$lab/$1.key" &&
        openssl req -x509 -new -key "$lab/$1.key" -subj "/O=Lab/CN=$1" \
            -days 200 -out "$lab/$1.pem"
}

stamping='extendedKeyUsage=critical,timeStamping'

# One section of the server's configuration: NAME SIGNER DIGESTS
tsa_section() {
    cat <<END
[$1]
serial = $lab/serial
crypto_device = builtin
signer_cert = $lab/$2.pem
signer_key = $lab/$2.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = $3
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
END
}

# make_lab: the authority `ca', `examiner', `witness' and `tsa'; `stranger' is
# of another authority.
make_lab() {
    mkdir -p "$lab"
    {
        authority ca && person examiner && person witness &&
            person tsa 100 "$stamping" && person tsa-old 0 "$stamping" &&
            cp "$lab/ca.pem" "$lab/ca-kept.pem" && cp "$lab/ca.key" "$lab/k" &&
            authority ca && person stranger &&
            mv "$lab/ca.pem" "$lab/other-ca.pem" &&
            mv "$lab/ca-kept.pem" "$lab/ca.pem" && mv "$lab/k" "$lab/ca.key" &&
            echo 01 >"$lab/serial"
    } >"$tmp/.out" 2>&1 || fail 'a laboratory for the test' "$tmp/.out"
    {
        tsa_section good tsa 'sha256, sha384, sha512'
        tsa_section expired tsa-old 'sha256, sha384, sha512'
        tsa_section refusing tsa sha512
    } >"$lab/tsa.cnf"
}

# start_tsa: sets $tsa, and its journal $stamped.
start_tsa() {
    stop_tsa
    stamped=$tmp/stamped
    : >"$stamped"
    "$abs_top_srcdir/tests/tsa/tsa-server" --folder "$lab" \
        --journal "$stamped" >"$tmp/tsa-ready" 2>"$tmp/tsa.err" &
    tsa_pid=$!
    await_ready 'time stamp server' "$tsa_pid" "$tmp/tsa-ready" "$tmp/tsa.err"
    tsa=$ready
}

stop_tsa() {
    [ -n "$tsa_pid" ] || return 0
    kill "$tsa_pid" 2>/dev/null
    wait "$tsa_pid" 2>/dev/null
    tsa_pid=
}

trap 'stop_tsa; stop_emulator; rm -rf "$tmp"' EXIT

# A run to seal: PREFIX FORMAT
acquire_small() {
    snap=$("$EMULATOR" synth --store "$tmp/store" --size-gib 1 \
        --stored-every 512)
    start_emulator --store "$tmp/store"
    "$EBSIMG" acquire "$snap" --endpoint-url "$url" --quiet -o "$1" \
        -f "$2" >"$tmp/.out" 2>&1 || fail 'a run to seal' "$tmp/.out"
    stop_emulator
}

# seal PREFIX PERSON ARGUMENT...
seal() {
    local prefix=$1 person=$2
    shift 2
    "$EBSIMG" seal "$prefix" --key "$lab/$person.key" \
        --cert "$lab/$person.pem" "$@"
}
