/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/proof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/scope.h"
#include "seal/certificate.h"
#include "seal/read.h"

/* ---------------------------------------------------------------- base64 */

void custody_base64(struct text *t, const void *bytes, size_t n)
{
    autofree unsigned char *out = malloc(4 * ((n + 2) / 3) + 1);

    if (!out || n > SEAL_DER_LIMIT) {
        t->failed = true;
        return;
    }
    EVP_EncodeBlock(out, bytes, (int)n);
    text_add(t, (char *)out);
}

/* How many bytes such a text stands for. */
static size_t decoded_size(const char *b64)
{
    size_t n = strlen(b64);
    size_t padding = 0;

    while (padding < 2 && padding < n && b64[n - 1 - padding] == '=')
        padding++;
    return n / 4 * 3 - (n >= 4 ? padding : 0);
}

static int decode(const char *b64, struct text *der, struct err *e)
{
    size_t n = decoded_size(b64);
    autofree char *bytes = malloc(n + 1);
    int r;

    if (!bytes)
        return err_nomem(e);
    r = n ? base64_decode(bytes, n, b64) : -1;
    if (r < 0 || n > SEAL_DER_LIMIT)
        return err_set(e, ERR_VERIFY, 0, "holds no signature or time stamp");
    text_addn(der, bytes, n);
    return der->failed ? err_nomem(e) : 0;
}

/* -------------------------------------------------------------- one form */

/* The line as it is written, of what it says. */
static void write_line(const struct custody *c, size_t line, size_t of,
                       const struct text *der, struct text *t)
{
    text_addf(t, "{\"seq\":%zu,\"time\":\"%s\",\"event\":\"%s\","
              "\"prev\":\"%s\",\"of\":%zu,\"" CUSTODY_DER "\":\"", line,
              custody_text(c, of, "time"), custody_text(c, line, "event"),
              custody_text(c, line, "prev"), of);
    custody_base64(t, der->s, der->len);
    text_add(t, "\"}\n");
}

int custody_der(const struct custody *c, size_t line, size_t of,
                struct text *der, struct err *e)
{
    const char *b64 = custody_text(c, line, CUSTODY_DER);
    autotext struct text again = TEXT_INIT;
    size_t n;
    const char *bytes = custody_bytes(c, line, &n);

    if (decode(b64 ? b64 : "", der, e) < 0)
        return -1;
    write_line(c, line, of, der, &again);
    if (again.failed)
        return err_nomem(e);
    if (again.len != n || memcmp(again.s, bytes, n) != 0)
        return err_set(e, ERR_VERIFY, 0, "is not written as the line of a "
                       "signature or time stamp of line %zu is", of);
    return 0;
}

/* ------------------------------------------------------------- signatures */

int custody_signature(const struct custody *c, const struct custody_entry *x,
                      struct custody_signature *out, struct err *e)
{
    size_t n;
    const char *bytes = custody_bytes(c, x->line, &n);

    memset(out, 0, sizeof(*out));
    if (custody_der(c, x->signature, x->line, &out->der, e) < 0
        || cms_read(out->der.s, out->der.len, bytes, n, &out->cms, e) < 0)
        return -1;
    certificate_name(out->cms.signer, &out->who);
    return out->who.failed ? err_nomem(e) : 0;
}

void custody_signature_free(struct custody_signature *s)
{
    cms_read_free(&s->cms);
    text_free(&s->der);
    text_free(&s->who);
}

int custody_stamp(const struct custody *c, const struct custody_entry *x,
                  const struct custody_signature *s, size_t k,
                  struct token *out, struct err *e)
{
    autotext struct text der = TEXT_INIT;

    memset(out, 0, sizeof(*out));
    if (custody_der(c, x->stamp + k, x->signature, &der, e) < 0)
        return -1;
    return token_read(&der, s->der.s, s->der.len, NULL, out, e);
}

static int check_stamps(const struct custody *c,
                        const struct custody_entry *x,
                        const struct custody_signature *s, struct err *e)
{
    int r = 0;

    for (size_t k = 0; r == 0 && k < x->nstamps; k++) {
        struct token t;

        r = custody_stamp(c, x, s, k, &t, e);
        token_free(&t);
        if (r < 0)
            err_in(e, "line %zu", x->stamp + k);
    }
    return r;
}

int custody_check_proofs(const struct custody *c, struct err *e)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < c->nentries; i++) {
        const struct custody_entry *x = &c->entries[i];
        struct custody_signature s;

        if (!x->signature)
            continue;
        r = custody_signature(c, x, &s, e);
        if (r < 0)
            err_in(e, "line %zu, the signature of line %zu", x->signature,
                   x->line);
        else
            r = check_stamps(c, x, &s, e);
        custody_signature_free(&s);
    }
    return r;
}
