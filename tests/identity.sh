# SPDX-License-Identifier: Apache-2.0
# For tests of where keys come from: the server that gives them out, and the
# files that AWS's tools leave.
#
# shellcheck shell=bash disable=SC2034,SC2154

giver_pid=

# start_giver ARGUMENT...: sets $giver, and its journal $given.
start_giver() {
    stop_giver
    given=$tmp/given
    rm -f "$tmp/giver-ready" "$given"
    : >"$given"
    "$abs_top_srcdir/tests/identity/identity-server" --emulator "$url" \
        --journal "$given" "$@" >"$tmp/giver-ready" 2>"$tmp/giver.err" &
    giver_pid=$!
    await_ready 'giver of keys' "$giver_pid" "$tmp/giver-ready" \
        "$tmp/giver.err"
    giver=$ready
}

stop_giver() {
    [ -n "$giver_pid" ] || return 0
    kill "$giver_pid" 2>/dev/null
    wait "$giver_pid" 2>/dev/null
    giver_pid=
}

# time_from_now SECONDS: as AWS's tools write it.
time_from_now() {
    date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ
}

# sso_cache NAME SECONDS: what `aws sso login' leaves, good for so long.
sso_cache() {
    local name
    mkdir -p "$HOME/.aws/sso/cache"
    name=$(printf %s "$1" | sha1sum | cut -d ' ' -f 1)
    cat >"$HOME/.aws/sso/cache/$name.json" <<END
{"startUrl": "https://lab.awsapps.com/start", "region": "us-east-1",
 "accessToken": "example-of-a-login-sso-token-0", "expiresAt": "$(time_from_now "$2")",
 "clientId": "client", "clientSecret": "client-secret-example",
 "registrationExpiresAt": "$(time_from_now 86400)",
 "refreshToken": "example-of-a-login-sso-refresh-0"}
END
    sso_file=$HOME/.aws/sso/cache/$name.json
}

# login_cache ARN SECONDS: what `aws login' leaves.
login_cache() {
    local name
    mkdir -p "$HOME/.aws/login/cache"
    name=$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)
    login_file=$HOME/.aws/login/cache/$name.json
    jq -n --arg expires "$(time_from_now "$2")" \
        --rawfile key <(openssl ecparam -name prime256v1 -genkey -noout) '
        {accessToken: {accessKeyId: "ASIAOLD", secretAccessKey: "old-secret",
                       sessionToken: "old-token", accountId: "123456789012",
                       expiresAt: $expires},
         clientId: "arn:aws:signin:::devtools/same-device",
         refreshToken: "example-of-a-login-login-refresh-0", idToken: "x.y.z",
         dpopKey: $key}' >"$login_file"
}
