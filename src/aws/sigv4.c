/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/scope.h"

enum { SHA256_LEN = 32 };

static const char algorithm[] = "AWS4-HMAC-SHA256";
static const char terminator[] = "aws4_request";

static int done(const struct text *t)
{
    return t->failed ? -1 : 0;
}

/* ------------------------------------------------------------------ path */

/* Takes the last segment off, up to and including its slash. */
static void drop_segment(struct text *t)
{
    while (t->len && t->s[t->len - 1] != '/')
        t->len--;
    if (t->len)
        t->len--;
    if (t->s)
        t->s[t->len] = '\0';
}

static bool is_segment(const char *s, size_t n, const char *dots)
{
    return n == strlen(dots) && memcmp(s, dots, n) == 0;
}

/* RFC 3986's removal of dot segments; several slashes count as one. */
static void add_normalized(struct text *t, const char *path)
{
    bool open = true; /* the result ends with a slash */

    for (size_t n; *path; path += n) {
        path += strspn(path, "/");
        n = strcspn(path, "/");
        open = n == 0 || is_segment(path, n, ".") || is_segment(path, n, "..");
        if (is_segment(path, n, ".."))
            drop_segment(t);
        if (open)
            continue;
        text_add(t, "/");
        text_addn(t, path, n);
    }
    if (open)
        text_add(t, "/");
}

static bool is_unreserved(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-_.~", c));
}

static bool is_escape(const char *s)
{
    return s[0] == '%' && isxdigit((unsigned char)s[1])
        && isxdigit((unsigned char)s[2]);
}

/* `keep_escapes': what is percent-encoded already stays as it is. */
static void add_encoded(struct text *t, const char *s, size_t n,
                        const char *keep, bool keep_escapes)
{
    for (size_t i = 0; i < n; i++) {
        if (is_unreserved(s[i]) || strchr(keep, s[i])
            || (keep_escapes && i + 2 < n && is_escape(s + i)))
            text_addn(t, s + i, 1);
        else
            text_addf(t, "%%%02X", (unsigned char)s[i]);
    }
}

/* S3 signs the path as it is on the wire; every other service encodes the
 * encoded path once more, after having it normalised. */
static int add_path(struct text *out, const struct sigv4_request *r)
{
    autotext struct text path = TEXT_INIT;

    if (r->normalize_path)
        add_normalized(&path, r->path);
    else
        text_add(&path, *r->path ? r->path : "/");
    if (path.failed)
        return -1;
    add_encoded(out, path.s, path.len, "/", !r->normalize_path);
    return done(out);
}

/* ----------------------------------------------------------------- query */

struct param {
    struct text name, value; /* encoded */
};

static void params_free(struct param *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text_free(&p[i].name);
        text_free(&p[i].value);
    }
    free(p);
}

static int by_name_then_value(const void *a, const void *b)
{
    const struct param *x = a;
    const struct param *y = b;
    int r = strcmp(x->name.s, y->name.s);

    return r ? r : strcmp(x->value.s, y->value.s);
}

/* "name=value", "name" or "name=": encoded where it was not yet. */
static int param_read(struct param *p, const char *s, size_t n)
{
    const char *equals = memchr(s, '=', n);
    size_t name_len = equals ? (size_t)(equals - s) : n;

    text_add(&p->name, "");
    text_add(&p->value, "");
    add_encoded(&p->name, s, name_len, "", true);
    if (equals)
        add_encoded(&p->value, equals + 1, n - name_len - 1, "", true);
    return p->name.failed || p->value.failed ? -1 : 0;
}

static size_t count_params(const char *query)
{
    size_t n = 1;

    for (; *query; query++)
        n += *query == '&';
    return n;
}

static int params_read(const char *query, struct param *p, size_t *n)
{
    for (;; query++) {
        size_t len = strcspn(query, "&");

        if (len && param_read(&p[(*n)++], query, len) < 0)
            return -1;
        query += len;
        if (!*query)
            return 0;
    }
}

static int add_query(struct text *out, const char *query)
{
    struct param *p = calloc(count_params(query), sizeof(*p));
    size_t n = 0;
    int r = p ? params_read(query, p, &n) : -1;

    if (r == 0 && n)
        qsort(p, n, sizeof(*p), by_name_then_value);
    for (size_t i = 0; r == 0 && i < n; i++)
        text_addf(out, "%s%s=%s", i ? "&" : "", p[i].name.s, p[i].value.s);
    params_free(p, n);
    return r < 0 ? -1 : done(out);
}

/* --------------------------------------------------------------- headers */

struct header {
    const struct sigv4_header *from;
    size_t place; /* equal names keep their order */
};

static int by_name(const void *a, const void *b)
{
    const struct header *x = a;
    const struct header *y = b;
    int r = strcasecmp(x->from->name, y->from->name);

    return r ? r : (x->place > y->place) - (x->place < y->place);
}

static struct header *sorted(const struct sigv4_request *r)
{
    struct header *h = calloc(r->nheaders + 1, sizeof(*h));

    for (size_t i = 0; h && i < r->nheaders; i++)
        h[i] = (struct header){ &r->headers[i], i };
    if (h)
        qsort(h, r->nheaders, sizeof(*h), by_name);
    return h;
}

static void add_lower(struct text *t, const char *s)
{
    for (; *s; s++) {
        char c = (char)tolower((unsigned char)*s);

        text_addn(t, &c, 1);
    }
}

/* Trimmed; every run of white space inside is one space. */
static void add_value(struct text *t, const char *s)
{
    static const char white[] = " \t\r\n";

    s += strspn(s, white);
    while (*s) {
        size_t n = strcspn(s, white);

        text_addn(t, s, n);
        s += n;
        s += strspn(s, white);
        if (*s)
            text_add(t, " ");
    }
}

static bool same_name(const struct header *a, const struct header *b)
{
    return strcasecmp(a->from->name, b->from->name) == 0;
}

static int add_headers(struct text *out, const struct sigv4_request *r)
{
    autofree struct header *h = sorted(r);

    for (size_t i = 0; h && i < r->nheaders; i++) {
        if (i && same_name(&h[i], &h[i - 1])) {
            text_add(out, ",");
        } else {
            text_add(out, i ? "\n" : "");
            add_lower(out, h[i].from->name);
            text_add(out, ":");
        }
        add_value(out, h[i].from->value);
    }
    text_add(out, "\n");
    return h ? done(out) : -1;
}

static int add_signed_names(struct text *out, const struct sigv4_request *r)
{
    autofree struct header *h = sorted(r);

    for (size_t i = 0; h && i < r->nheaders; i++) {
        if (i && same_name(&h[i], &h[i - 1]))
            continue;
        text_add(out, i ? ";" : "");
        add_lower(out, h[i].from->name);
    }
    return h ? done(out) : -1;
}

/* ---------------------------------------------------------------- stages */

int sigv4_canonical(const struct sigv4_request *r, struct text *out)
{
    text_addf(out, "%s\n", r->method);
    if (add_path(out, r) < 0)
        return -1;
    text_add(out, "\n");
    if (add_query(out, r->query) < 0)
        return -1;
    text_add(out, "\n");
    if (add_headers(out, r) < 0)
        return -1;
    text_add(out, "\n");
    if (add_signed_names(out, r) < 0)
        return -1;
    text_addf(out, "\n%s", r->payload_sha256);
    return done(out);
}

static void add_scope(struct text *out, const struct sigv4_key *k)
{
    text_addf(out, "%.8s/%s/%s/%s", k->time, k->region, k->service,
              terminator);
}

int sigv4_sha256_hex(const void *data, size_t n, char hex[65])
{
    unsigned char md[SHA256_LEN];

    if (EVP_Digest(data, n, md, NULL, EVP_sha256(), NULL) != 1)
        return -1;
    hex_encode(hex, md, sizeof(md));
    return 0;
}

int sigv4_string_to_sign(const struct sigv4_request *r,
                         const struct sigv4_key *k, struct text *out)
{
    autotext struct text canonical = TEXT_INIT;
    char hex[2 * SHA256_LEN + 1];

    if (sigv4_canonical(r, &canonical) < 0
        || sigv4_sha256_hex(canonical.s, canonical.len, hex) < 0)
        return -1;
    text_addf(out, "%s\n%s\n", algorithm, k->time);
    add_scope(out, k);
    text_addf(out, "\n%s", hex);
    return done(out);
}

static int hmac(unsigned char *key, size_t key_len, const char *s, size_t n,
                unsigned char *md)
{
    return HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)s, n,
                md, NULL) ? 0 : -1;
}

/* The secret is worth years, the derived key a day: both are wiped. */
static int derive(const struct sigv4_key *k, unsigned char *key)
{
    const char *parts[] = { k->region, k->service, terminator };
    autotext struct text start = TEXT_INIT;
    int r;

    text_addf(&start, "AWS4%s", k->secret_access_key);
    if (start.failed)
        return -1;
    r = hmac((unsigned char *)start.s, start.len, k->time, 8, key);
    secret_wipe(start.s, start.len);
    for (size_t i = 0; r == 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
        r = hmac(key, SHA256_LEN, parts[i], strlen(parts[i]), key);
    return r;
}

static int sign(const struct sigv4_key *k, const struct text *what, char *hex)
{
    unsigned char key[SHA256_LEN];
    unsigned char md[SHA256_LEN];
    int r = derive(k, key);

    if (r == 0)
        r = hmac(key, sizeof(key), what->s, what->len, md);
    secret_wipe(key, sizeof(key));
    if (r == 0)
        hex_encode(hex, md, sizeof(md));
    return r;
}

int sigv4_authorization(const struct sigv4_request *r,
                        const struct sigv4_key *k, struct text *out,
                        struct text *what)
{
    autotext struct text own = TEXT_INIT;
    char hex[2 * SHA256_LEN + 1];

    if (!what)
        what = &own;
    if (sigv4_string_to_sign(r, k, what) < 0 || sign(k, what, hex) < 0)
        return -1;
    text_addf(out, "%s Credential=%s/", algorithm, k->access_key_id);
    add_scope(out, k);
    text_add(out, ", SignedHeaders=");
    if (add_signed_names(out, r) < 0)
        return -1;
    text_addf(out, ", Signature=%s", hex);
    return done(out);
}
