/* SPDX-License-Identifier: Apache-2.0 */
/* The small files of a seal.  A document that is taken has the bytes that it
 * would be written with; a signature, a token and an answer of a server are
 * refused or have a signer, whatever they are. */
#include <string.h>

#include "fuzz.h"
#include "seal/cms-read.h"
#include "seal/document.h"
#include "seal/token.h"

#define SIGNED "evidence"

static void refused(const struct err *e, enum err_kind kind)
{
    MUST(e->kind == kind && fuzz_is_shown(e->msg));
}

static void read_document(const char *bytes, size_t n)
{
    autotext struct text again = TEXT_INIT;
    struct seal_document d;
    struct err e = ERR_INIT;

    if (seal_document_read(bytes, n, &d, &e) < 0) {
        refused(&e, ERR_VERIFY);
    } else {
        seal_document_write(&d, &again);
        MUST(again.len == n && memcmp(again.s, bytes, n) == 0);
        MUST(d.nfiles > 0 && !strchr(d.files[0].name, '/'));
    }
    seal_document_free(&d);
}

static void read_signature(const struct text *der)
{
    struct cms_read r;
    struct err e = ERR_INIT;

    if (cms_read(der->s, der->len, SIGNED, strlen(SIGNED), &r, &e) < 0)
        refused(&e, ERR_VERIFY);
    else
        MUST(r.signer && r.cms);
    cms_read_free(&r);
}

static void read_token(const struct text *der)
{
    struct token t;
    struct err e = ERR_INIT;

    if (token_read(der, SIGNED, strlen(SIGNED), NULL, &t, &e) < 0)
        refused(&e, ERR_VERIFY);
    else
        MUST(t.cms.signer && t.time > 0);
    token_free(&t);
}

/* Nobody has asked with this number. */
static void read_answer(const struct text *der)
{
    autotext struct text token = TEXT_INIT;
    struct err e = ERR_INIT;

    if (token_answer(der, SIGNED, strlen(SIGNED), 12345, &token, &e) < 0)
        refused(&e, ERR_SERVICE);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autotext struct text t = TEXT_INIT;

    text_addn(&t, (const char *)data, size);
    if (!t.s)
        return 0;
    read_document(t.s, t.len);
    read_signature(&t);
    read_token(&t);
    read_answer(&t);
    return 0;
}
