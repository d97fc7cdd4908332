/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/verdict.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [V_OK] = "ok",
    [V_RETRY] = "retry",
    [V_SLOW_DOWN] = "slow down",
    [V_NOT_READY] = "not ready",
    [V_STALE_BLOCK_TOKEN] = "stale block token",
    [V_STALE_PAGE_TOKEN] = "stale page token",
    [V_RENEW] = "renew credentials",
    [V_CLOCK] = "clock",
    [V_GIVE_UP] = "give up",
};

const char *verdict_name(enum verdict v)
{
    return names[v];
}

/* ------------------------------------------------------ no whole answer */

static const struct {
    enum verdict verdict;
    enum err_kind kind;
    const char *says;
} broken[] = {
    [HTTP_NO_HOST] = { V_RETRY, ERR_SERVICE,
        "the host's name is not known: check the region, the endpoint and "
        "the network" },
    [HTTP_NO_CONNECT] = { V_RETRY, ERR_SERVICE,
        "no connection to the service: check the network, the proxy and the "
        "endpoint" },
    [HTTP_BAD_TLS] = { V_GIVE_UP, ERR_SERVICE,
        "TLS refused: the server cannot prove who it is, so nothing was "
        "sent to it; if it is meant to be trusted, name its CA with "
        "--ca-bundle" },
    [HTTP_TIMEOUT] = { V_RETRY, ERR_SERVICE,
        "the service did not answer in time" },
    [HTTP_BROKEN] = { V_RETRY, ERR_SERVICE,
        "the connection broke" },
    [HTTP_TOO_LARGE] = { V_RETRY, ERR_SERVICE,
        "the answer is larger than it may be" },
    [HTTP_CANCELLED] = { V_RETRY, ERR_SERVICE,
        "the request was cancelled" },
};

/* ------------------------------------------------------- whole answers */

static const enum err_kind kinds[] = {
    [MEANS_NOTHING] = ERR_SERVICE,
    [MEANS_TROUBLE] = ERR_SERVICE,
    [MEANS_BAD_KEYS] = ERR_ACCESS,
    [MEANS_NO_RIGHT] = ERR_ACCESS,
    [MEANS_FORBIDDEN] = ERR_ACCESS,
    [MEANS_NOT_THIS_ONE] = ERR_ACCESS,
    [MEANS_UNREADABLE] = ERR_SOURCE,
    [MEANS_GONE] = ERR_SOURCE,
    [MEANS_UNRELATED] = ERR_SOURCE,
    [MEANS_ALLOWED] = ERR_SERVICE,
};

/* The first row that fits decides; 0 and NULL fit everything, "" fits what
 * the answer does not say. */
static const struct row {
    int status;
    const char *type;
    const char *reason;
    enum verdict verdict;
    enum meaning meaning;
    const char *says;
} rows[] = {
#define SLOW(type) { 0, type, NULL, V_SLOW_DOWN, MEANS_TROUBLE, \
        "the service asks for fewer requests" }
    SLOW("RequestThrottledException"),
    SLOW("ThrottlingException"),
    SLOW("Throttling"),
    SLOW("ThrottledException"),
    SLOW("RequestThrottled"),
    SLOW("TooManyRequestsException"),
    SLOW("ProvisionedThroughputExceededException"),
    SLOW("RequestLimitExceeded"),
    SLOW("BandwidthLimitExceeded"),
    SLOW("LimitExceededException"),
    SLOW("SlowDown"),
    SLOW("EC2ThrottledException"),
    SLOW("PriorRequestNotComplete"),
#undef SLOW
    { 429, NULL, NULL, V_SLOW_DOWN, MEANS_TROUBLE,
        "the service asks for fewer requests" },

#define EXPIRED(type) { 0, type, NULL, V_RENEW, MEANS_BAD_KEYS, \
        "the credentials have expired: get new ones and start again" }
    EXPIRED("ExpiredTokenException"),
    EXPIRED("ExpiredToken"),
#undef EXPIRED

#define SIGNATURE(type) { 0, type, NULL, V_CLOCK, MEANS_BAD_KEYS, \
        "the service does not accept the signature: the access key and its " \
        "secret do not belong together, or this machine's clock is wrong" }
    SIGNATURE("InvalidSignatureException"),
    SIGNATURE("SignatureDoesNotMatch"),
    SIGNATURE("RequestTimeTooSkewed"),
    SIGNATURE("RequestInTheFuture"),
    SIGNATURE("RequestExpired"),
    SIGNATURE("AuthFailure"),
#undef SIGNATURE

#define KEY(type) { 0, type, NULL, V_GIVE_UP, MEANS_BAD_KEYS, \
        "the service does not know the access key: it may be wrong, deleted, " \
        "of another partition, or a temporary one without its session token" }
    KEY("UnrecognizedClientException"),
    KEY("UnrecognizedClient"),
    KEY("InvalidClientTokenId"),
    KEY("InvalidAccessKeyId"),
#undef KEY
#define UNSIGNED(type) { 0, type, NULL, V_GIVE_UP, MEANS_BAD_KEYS, \
        "the signature did not reach the service: a proxy may have taken it " \
        "away" }
    UNSIGNED("MissingAuthenticationToken"),
    UNSIGNED("MissingAuthenticationTokenException"),
    UNSIGNED("IncompleteSignature"),
    UNSIGNED("IncompleteSignatureException"),
#undef UNSIGNED

    { 0, "AccessDeniedException", "DEPENDENCY_ACCESS_DENIED", V_GIVE_UP,
        MEANS_NOT_THIS_ONE, "the snapshot is encrypted, and these "
        "credentials may not use its KMS key: they need kms:DescribeKey and "
        "kms:Decrypt" },
    { 0, "AccessDeniedException", "UNAUTHORIZED_ACCOUNT", V_GIVE_UP,
        MEANS_NOT_THIS_ONE, "this account may not read the snapshot: its "
        "owner must share it with the account" },
#define DENIED(type) { 0, type, "", V_GIVE_UP, MEANS_NO_RIGHT, \
        "these credentials lack the right to do this" }
    DENIED("AccessDeniedException"),
    DENIED("AccessDenied"),
    DENIED("UnauthorizedOperation"),
    DENIED("UnauthorizedException"),
    DENIED("NotAuthorized"),
#undef DENIED
    { 0, "AccessDeniedException", NULL, V_GIVE_UP, MEANS_NOT_THIS_ONE,
        "the service refuses this" },
    { 412, "DryRunOperation", NULL, V_GIVE_UP, MEANS_ALLOWED,
        "allowed, and not done: it was a question alone" },
    { 0, "OptInRequired", NULL, V_GIVE_UP, MEANS_BAD_KEYS,
        "the account has not subscribed to the service" },
    { 0, "RegionDisabledException", NULL, V_GIVE_UP, MEANS_BAD_KEYS,
        "the region is not enabled for the account" },
    { 0, "IDPCommunicationError", NULL, V_RETRY, MEANS_TROUBLE,
        "the service could not reach the identity provider" },

    { 404, NULL, "DEPENDENCY_RESOURCE_NOT_FOUND", V_GIVE_UP,
        MEANS_NOT_THIS_ONE, "the snapshot is encrypted, and its KMS key is "
        "gone or these credentials may not use it: they need "
        "kms:DescribeKey and kms:Decrypt" },
    { 404, NULL, "SNAPSHOT_NOT_FOUND", V_NOT_READY, MEANS_UNREADABLE,
        "the snapshot cannot be read: it does not exist, is pending or not "
        "ready yet, is in another region, or is not shared with this "
        "account" },

    { 400, NULL, "INVALID_BLOCK_TOKEN", V_STALE_BLOCK_TOKEN, MEANS_TROUBLE,
        "the service does not accept the block's token" },
    { 400, NULL, "INVALID_PAGE_TOKEN", V_STALE_PAGE_TOKEN, MEANS_TROUBLE,
        "the service does not accept the page's token" },
    { 400, NULL, "INVALID_SNAPSHOT_ID", V_GIVE_UP, MEANS_UNREADABLE,
        "the snapshot cannot be read this way: it is public (copy it into "
        "your account and read the copy), or the id is not one" },
    { 400, NULL, "UNRELATED_SNAPSHOTS", V_GIVE_UP, MEANS_UNRELATED,
        "the two snapshots are not of the same volume, so there are no "
        "changes to list" },
    { 400, NULL, "INVALID_DEPENDENCY_REQUEST", V_GIVE_UP, MEANS_NOT_THIS_ONE,
        "the snapshot's KMS key is disabled or cannot be used now: enable "
        "it" },
    { 400, NULL, "INVALID_CUSTOMER_KEY", V_GIVE_UP, MEANS_NOT_THIS_ONE,
        "the snapshot's KMS key cannot be used" },
    { 400, NULL, "INVALID_GRANT_TOKEN", V_GIVE_UP, MEANS_NOT_THIS_ONE,
        "the grant on the snapshot's KMS key cannot be used" },
    { 404, NULL, "GRANT_NOT_FOUND", V_GIVE_UP, MEANS_NOT_THIS_ONE,
        "the grant on the snapshot's KMS key is gone" },
    { 402, NULL, NULL, V_GIVE_UP, MEANS_TROUBLE,
        "a quota of the account is used up, perhaps that of KMS: wait, or "
        "have it raised" },
    { 0, "ServiceQuotaExceededException", NULL, V_GIVE_UP, MEANS_TROUBLE,
        "a quota of the account is used up, perhaps that of KMS: wait, or "
        "have it raised" },

    { 0, "InvalidSnapshot.NotFound", NULL, V_GIVE_UP, MEANS_GONE,
        "there is no such snapshot: it does not exist, is in another "
        "region, or is not shared with this account" },
    { 0, "InvalidSnapshotID.Malformed", NULL, V_GIVE_UP, MEANS_UNREADABLE,
        "the snapshot's id is not one" },
    { 0, "InvalidVolume.NotFound", NULL, V_GIVE_UP, MEANS_GONE,
        "there is no such volume any more" },

#define AGAIN(type) { 0, type, NULL, V_RETRY, MEANS_TROUBLE, \
        "the service has a problem of its own" }
    AGAIN("InternalServerException"),
    AGAIN("InternalFailure"),
    AGAIN("InternalError"),
    AGAIN("ServiceUnavailable"),
    AGAIN("ServiceUnavailableException"),
    AGAIN("Unavailable"),
    AGAIN("RequestTimeout"),
    AGAIN("RequestTimeoutException"),
#undef AGAIN
    { 408, NULL, NULL, V_RETRY, MEANS_TROUBLE,
        "the service waited too long for the request" },
    { 407, NULL, NULL, V_GIVE_UP, MEANS_BAD_KEYS,
        "the proxy wants a name and a password: put them into HTTPS_PROXY" },
    { 401, NULL, NULL, V_GIVE_UP, MEANS_BAD_KEYS,
        "the service refuses these credentials" },
    { 403, "", "", V_GIVE_UP, MEANS_FORBIDDEN,
        "the service refuses access" },
    { 403, NULL, NULL, V_GIVE_UP, MEANS_BAD_KEYS,
        "the service refuses access" },
    { 404, NULL, NULL, V_GIVE_UP, MEANS_UNREADABLE,
        "the service does not know what was asked for" },
};

/* A signature that is refused for what it was made for: the message says so,
 * and may name it in quotes behind these words.  Then neither keys nor clock
 * are to blame. */
static const struct scope {
    const char *words;
    const char *before, *after; /* of the name; NULL: none is wanted */
    const char *says;           /* without it; NULL: nothing */
} scopes[] = {
    { "is wrong; expecting '", "the endpoint is of the region ", ", for "
        "which the request is not signed: name that one with --region",
        NULL },
    { "scoped to correct service: '", "the endpoint is of the service ", ", "
        "for which the request is not signed: look at the endpoint of each "
        "service", NULL },
    { "scoped to a valid region, not '", "the endpoint is of another region "
        "than ", ", for which the request is signed: name the endpoint's own "
        "with --region", NULL },
    { "scoped to a valid region", NULL, NULL, "the endpoint is of another "
        "region than the one for which the request is signed: name the "
        "endpoint's own with --region" },
};

/* What no row knows, by the hundreds of its status. */
static const struct row others[] = {
    [0] = { 0, NULL, NULL, V_GIVE_UP, MEANS_TROUBLE,
        "the answer makes no sense" },
    [1] = { 0, NULL, NULL, V_GIVE_UP, MEANS_TROUBLE,
        "the answer makes no sense" },
    [2] = { 0, NULL, NULL, V_GIVE_UP, MEANS_TROUBLE,
        "the answer is a success of a kind that nobody asked for" },
    [3] = { 0, NULL, NULL, V_GIVE_UP, MEANS_TROUBLE,
        "the answer is a redirection, which AWS does not use here: a proxy "
        "or a login page is in between, or the endpoint is wrong" },
    [4] = { 0, NULL, NULL, V_GIVE_UP, MEANS_TROUBLE,
        "the service refuses the request" },
    [5] = { 0, NULL, NULL, V_RETRY, MEANS_TROUBLE,
        "the service has a problem of its own" },
};

static bool fits(const struct row *r, const struct fault *f)
{
    return (!r->status || r->status == f->status)
        && (!r->type || strcmp(r->type, f->type) == 0)
        && (!r->reason || strcmp(r->reason, f->reason) == 0);
}

static const struct row *row_for(const struct fault *f)
{
    int hundreds = f->status / 100;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (fits(&rows[i], f))
            return &rows[i];
    return &others[hundreds >= 0 && hundreds <= 5 ? hundreds : 0];
}

/* Of what stands between `from' and the next quote, if it can be a name. */
static size_t name_len(const char *from)
{
    size_t n = strspn(from, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return from[n] == '\'' ? n : 0;
}

static bool scope_fits(const struct scope *c, const char *message,
                       char *says, size_t room)
{
    const char *at = strstr(message, c->words);
    size_t n;

    if (!at)
        return false;
    if (c->says)
        return snprintf(says, room, "%s", c->says) > 0;
    at += strlen(c->words);
    n = name_len(at);
    return n && snprintf(says, room, "%s%.*s%s", c->before, (int)n, at,
                         c->after) > 0;
}

static bool is_out_of_scope(const struct fault *f, char *says, size_t room)
{
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
        if (scope_fits(&scopes[i], f->message, says, room))
            return true;
    return false;
}

/* "the sentence (HTTP 400 ValidationException/INVALID_PAGE_TOKEN: text)" */
static void describe(const struct row *r, const struct fault *f,
                     struct err *e)
{
    char code[sizeof(f->type) + sizeof(f->reason)];

    snprintf(code, sizeof(code), "%s%s%s", f->type,
             f->type[0] && f->reason[0] ? "/" : "", f->reason);
    err_set(e, kinds[r->meaning], 0, "%s (HTTP %d%s%s%s%s)", r->says,
            f->status, code[0] ? " " : "", code,
            f->message[0] ? ": " : "", f->message);
    e->http_status = f->status;
    e->meaning = r->meaning;
    snprintf(e->code, sizeof(e->code), "%.*s", (int)sizeof(e->code) - 1,
             code);
}

enum verdict verdict_of(const struct http_answer *a, struct err *e)
{
    struct row scope = { .verdict = V_GIVE_UP,
                         .meaning = MEANS_BAD_KEYS };
    const struct row *r;
    struct fault f;
    char says[512];

    if (a->fault != HTTP_ANSWERED) {
        err_set(e, broken[a->fault].kind, 0, "%s (%s)", broken[a->fault].says,
                a->fault_text);
        return broken[a->fault].verdict;
    }
    if (a->status == 200)
        return V_OK;
    fault_read(a, &f);
    r = row_for(&f);
    scope.says = says;
    if (r->verdict == V_CLOCK && is_out_of_scope(&f, says, sizeof(says)))
        r = &scope;
    describe(r, &f, e);
    return r->verdict;
}

/* The message may name a right on the key. */
bool verdict_lacks_right(const struct err *e)
{
    return e->meaning == MEANS_NO_RIGHT && !strstr(e->msg, "kms:");
}
