/* SPDX-License-Identifier: Apache-2.0 */
#include "sigv4check.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec.h"
#include "digest.h"
#include "keyring.h"
#include "request.h"
#include "when.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

/* The parts of the Authorization header. */
struct claim {
    char key[130];
    char day[9]; /* of the scope */
    char region[64];
    char service[32];
    char end[16];
    char headers[1024]; /* SignedHeaders */
    char signature[65];
};

/* The value of NAME= up to the next comma or blank. */
static bool read_part(const char *text, const char *name, char *out,
                      size_t room)
{
    const char *at = strstr(text, name);
    size_t len;

    if (!at)
        return false;
    at += strlen(name);
    len = strcspn(at, ", ");
    if (len >= room)
        return false;
    memcpy(out, at, len);
    out[len] = '\0';
    return true;
}

static bool read_claim(const char *text, struct claim *c)
{
    char scope[300];

    memset(c, 0, sizeof(*c));
    if (strncmp(text, ALGORITHM " ", sizeof(ALGORITHM)) != 0)
        return false;
    if (!read_part(text, "Credential=", scope, sizeof(scope)) ||
        !read_part(text, "SignedHeaders=", c->headers, sizeof(c->headers)) ||
        !read_part(text, "Signature=", c->signature, sizeof(c->signature)))
        return false;
    return sscanf(scope, "%129[^/]/%8[0-9]/%63[^/]/%31[^/]/%15s", c->key,
                  c->day, c->region, c->service, c->end) == 5 &&
           strcmp(c->end, "aws4_request") == 0;
}

void sigv4check_claim(struct request *r)
{
    const char *text = request_header(r, "Authorization");
    struct claim c;

    if (text && read_claim(text, &c)) {
        memcpy(r->key_id, c.key, sizeof(r->key_id));
        memcpy(r->region, c.region, sizeof(r->region));
    }
}

static bool is_signed(const struct claim *c, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = c->headers; *at;) {
        size_t n = strcspn(at, ";");

        if (n == len && strncmp(at, name, len) == 0)
            return true;
        at += n + (at[n] == ';');
    }
    return false;
}

/* Collapses the last segment for "..", drops "." and empty ones. */
static void add_segment(struct bytes *b, const char *at, size_t len)
{
    if (len == 0 || (len == 1 && at[0] == '.'))
        return;
    if (len == 2 && at[0] == '.' && at[1] == '.') {
        while (b->len && b->at[--b->len] != '/')
            ;
        return;
    }
    bytes_str(b, "/");
    /* The path came encoded once; the canonical one is encoded twice. */
    codec_percent(b, at, len, false);
}

static void canonical_path(struct bytes *b, const char *path)
{
    autobytes clean = { 0 };

    while (*path) {
        size_t n = strcspn(path, "/");

        add_segment(&clean, path, n);
        path += n + (path[n] == '/');
    }
    if (clean.len == 0 || path[-1] == '/')
        bytes_str(&clean, "/");
    bytes_add(b, clean.at, clean.len);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *encoded_pair(const struct param *p)
{
    struct bytes b = { 0 };

    codec_percent(&b, p->name, strlen(p->name), false);
    /* A tab sorts before everything that encoded text can have, as the end
     * of a name should; it becomes '=' when it is in its place. */
    bytes_str(&b, "\t");
    codec_percent(&b, p->value, strlen(p->value), false);
    bytes_add(&b, "", 1);
    return b.at;
}

static void canonical_query(struct bytes *b, const char *query)
{
    struct params p = { 0 };
    char **pairs;

    if (!params_parse(&p, query))
        b->broken = true;
    pairs = calloc(p.count + 1, sizeof(*pairs));
    for (size_t i = 0; pairs && i < p.count; i++)
        if (!(pairs[i] = encoded_pair(&p.list[i])))
            b->broken = true;
    if (!pairs || b->broken) {
        b->broken = true;
    } else {
        qsort(pairs, p.count, sizeof(*pairs), by_text);
        for (size_t i = 0; i < p.count; i++) {
            *strchr(pairs[i], '\t') = '=';
            bytes_fmt(b, "%s%s", i ? "&" : "", pairs[i]);
        }
    }
    for (size_t i = 0; pairs && i < p.count; i++)
        free(pairs[i]);
    free(pairs);
    params_free(&p);
}

/* Without blanks at the ends, and with single ones inside. */
static void add_trimmed(struct bytes *b, const char *value)
{
    bool blank = false;

    while (*value == ' ' || *value == '\t')
        value++;
    for (; *value; value++) {
        if (*value == ' ' || *value == '\t') {
            blank = true;
            continue;
        }
        if (blank)
            bytes_str(b, " ");
        blank = false;
        bytes_add(b, value, 1);
    }
}

static bool add_header(struct bytes *b, const struct request *r,
                       const char *name, size_t len)
{
    bool found = false;

    bytes_add(b, name, len);
    bytes_str(b, ":");
    for (size_t i = 0; i < r->header_count; i++) {
        if (strncasecmp(r->headers[i].name, name, len) != 0 ||
            r->headers[i].name[len] != '\0')
            continue;
        if (found)
            bytes_str(b, ",");
        add_trimmed(b, r->headers[i].value);
        found = true;
    }
    bytes_str(b, "\n");
    return found;
}

/* False when a header is named that was not sent, or the names are not in
 * order. */
static bool canonical_headers(struct bytes *b, const struct request *r,
                              const struct claim *c)
{
    const char *before = "";
    size_t before_len = 0;

    for (const char *at = c->headers; *at;) {
        size_t n = strcspn(at, ";");
        int order = strncmp(before, at, n < before_len ? n : before_len);

        if (order > 0 || (order == 0 && before_len >= n && before_len) ||
            !add_header(b, r, at, n))
            return false;
        before = at;
        before_len = n;
        at += n + (at[n] == ';');
    }
    return true;
}

static const char *payload_hash(const struct request *r, char hex[65])
{
    const char *claimed = request_header(r, "x-amz-content-sha256");
    uint8_t sum[DIGEST_SIZE];

    if (claimed && strcmp(claimed, "UNSIGNED-PAYLOAD") == 0 &&
        r->op->id == OP_PUT)
        return claimed;
    digest_sha256(r->body.at, r->body.len, sum);
    codec_hex(sum, sizeof(sum), hex);
    return hex;
}

static bool canonical_request(struct bytes *b, const struct request *r,
                              const struct claim *c)
{
    char hex[65];

    bytes_fmt(b, "%s\n", r->method);
    canonical_path(b, r->path);
    bytes_str(b, "\n");
    canonical_query(b, r->query);
    bytes_str(b, "\n");
    if (!canonical_headers(b, r, c))
        return false;
    bytes_fmt(b, "\n%s\n%s", c->headers, payload_hash(r, hex));
    return !b->broken;
}

static void signing_key(const struct key *key, const struct claim *c,
                        uint8_t out[DIGEST_SIZE])
{
    const char *const parts[] = { c->day, c->region, c->service,
                                  "aws4_request" };
    char start[sizeof(key->secret) + 4];
    int len = snprintf(start, sizeof(start), "AWS4%s", key->secret);
    uint8_t step[DIGEST_SIZE];

    digest_hmac(start, (size_t)len, parts[0], strlen(parts[0]), out);
    for (size_t i = 1; i < 4; i++) {
        memcpy(step, out, sizeof(step));
        digest_hmac(step, sizeof(step), parts[i], strlen(parts[i]), out);
    }
}

static bool signature_fits(const struct request *r, const struct claim *c,
                           const struct key *key, const char *date)
{
    autobytes canonical = { 0 };
    char text[512];
    uint8_t sum[DIGEST_SIZE];
    char hex[65];
    int len;

    if (!canonical_request(&canonical, r, c))
        return false;
    digest_sha256(canonical.at, canonical.len, sum);
    codec_hex(sum, sizeof(sum), hex);
    len = snprintf(text, sizeof(text), "%s\n%s\n%s/%s/%s/aws4_request\n%s",
                   ALGORITHM, date, c->day, c->region, c->service, hex);
    signing_key(key, c, sum);
    digest_hmac(sum, sizeof(sum), text, (size_t)len, sum);
    codec_hex(sum, sizeof(sum), hex);
    return strlen(c->signature) == 64 &&
           CRYPTO_memcmp(hex, c->signature, 64) == 0;
}

/* Each returns false after making the answer. */

static bool check_form(struct request *r, const struct claim *c,
                       const char *date)
{
    const char *token = request_header(r, "x-amz-security-token");

    if (!is_signed(c, "host") || !date || !is_signed(c, "x-amz-date") ||
        (token && !is_signed(c, "x-amz-security-token"))) {
        fault_answer(r, FAULT_MALFORMED_AUTH,
                     "'Host', 'X-Amz-Date' and, if there is one, "
                     "'X-Amz-Security-Token' must be signed headers");
        return false;
    }
    if (strncmp(date, c->day, 8) != 0) {
        fault_answer(r, FAULT_BAD_SIGNATURE,
                     "Date in Credential scope does not match YYYYMMDD from "
                     "ISO-8601 version of date from HTTP: '%s' != '%.8s'",
                     c->day, date);
        return false;
    }
    return true;
}

static bool check_scope(struct request *r, const struct claim *c)
{
    const char *service = op_service(r->op);

    if (!server_has_region(r->server, c->region)) {
        fault_answer(r, FAULT_BAD_SIGNATURE,
                     "Credential should be scoped to a valid region, not "
                     "'%s'.",
                     c->region);
        return false;
    }
    if (strcmp(c->service, service) != 0) {
        fault_answer(r, FAULT_BAD_SIGNATURE,
                     "Credential should be scoped to correct service: '%s'.",
                     service);
        return false;
    }
    return true;
}

static bool check_date(struct request *r, const char *date)
{
    int64_t tolerance = r->server->tolerance;
    char here[WHEN_ROOM];
    int64_t then;

    if (!when_parse(date, &then)) {
        fault_answer(r, FAULT_MALFORMED_AUTH,
                     "Date must be in ISO-8601 'basic format'. Got '%s'.",
                     date);
        return false;
    }
    when_text(WHEN_COMPACT, r->now, here);
    if (then < r->now - tolerance)
        fault_answer(r, FAULT_SKEW,
                     "Signature expired: %s is now earlier than %s - %d "
                     "min.",
                     date, here, (int)(tolerance / 60000));
    else if (then > r->now + tolerance)
        fault_answer(r, FAULT_SKEW,
                     "Signature not yet current: %s is still later than %s "
                     "+ %d min.",
                     date, here, (int)(tolerance / 60000));
    else
        return true;
    return false;
}

static bool check_key(struct request *r, const struct key *key)
{
    const char *token = request_header(r, "x-amz-security-token");

    if (!key || strcmp(key->token, token ? token : "") != 0) {
        fault_answer(r, FAULT_UNRECOGNIZED, NULL);
        return false;
    }
    if (key->expires && key->expires <= r->now) {
        fault_answer(r, FAULT_EXPIRED_TOKEN, NULL);
        return false;
    }
    return true;
}

bool sigv4check(struct request *r)
{
    const char *text = request_header(r, "Authorization");
    const char *date = request_header(r, "x-amz-date");
    const struct key *key;
    struct claim c;

    if (r->op->id == OP_ASSUME_WEB)
        return true;
    if (!text || !read_claim(text, &c)) {
        fault_answer(r, text ? FAULT_MALFORMED_AUTH : FAULT_NO_AUTH,
                     text ? "Authorization header is not complete" : NULL);
        return false;
    }
    key = keyring_find(r->server->keys, c.key);
    if (!check_form(r, &c, date) || !check_key(r, key) ||
        !check_scope(r, &c) || !check_date(r, date))
        return false;
    if (!signature_fits(r, &c, key, date)) {
        fault_answer(r, FAULT_BAD_SIGNATURE, NULL);
        return false;
    }
    r->key = key;
    return true;
}
