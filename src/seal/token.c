/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/token.h"

#include <string.h>

#include <openssl/rand.h>
#include <openssl/ts.h>

#include "audit/hash.h"
#include "seal/certificate.h"
#include "seal/der.h"
#include "seal/openssl-error.h"

/* ---------------------------------------------------------------- question */

static int set_imprint(TS_REQ *q, unsigned char *md)
{
    TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
    X509_ALGOR *a = X509_ALGOR_new();
    int good = m && a;

    if (good)
        X509_ALGOR_set_md(a, EVP_sha256());
    good = good && TS_MSG_IMPRINT_set_algo(m, a)
        && TS_MSG_IMPRINT_set_msg(m, md, 32)
        && TS_REQ_set_msg_imprint(q, m);
    X509_ALGOR_free(a);
    TS_MSG_IMPRINT_free(m);
    return good;
}

static int set_nonce(TS_REQ *q, uint64_t nonce)
{
    ASN1_INTEGER *i = ASN1_INTEGER_new();
    int good = i && ASN1_INTEGER_set_uint64(i, nonce)
        && TS_REQ_set_nonce(q, i);

    ASN1_INTEGER_free(i);
    return good;
}

/* The certificate is to be in the token, so that this needs nothing else. */
static int fill(TS_REQ *q, unsigned char *md, uint64_t nonce)
{
    return TS_REQ_set_version(q, 1) && set_imprint(q, md)
        && set_nonce(q, nonce) && TS_REQ_set_cert_req(q, 1);
}

int token_question(const void *bytes, size_t n, uint64_t *nonce,
                   struct text *out, struct err *e)
{
    TS_REQ *q = TS_REQ_new();
    unsigned char md[32], *der = NULL;
    int len = 0;

    hash_sha256(bytes, n, md);
    if (q && RAND_bytes((unsigned char *)nonce, sizeof(*nonce)) == 1
        && fill(q, md, *nonce))
        len = i2d_TS_REQ(q, &der);
    if (len > 0)
        text_addn(out, (char *)der, (size_t)len);
    OPENSSL_free(der);
    TS_REQ_free(q);
    if (len > 0 && !out->failed)
        return 0;
    return err_set(e, ERR_INTERNAL, 0, "a question for a time stamp could not "
                   "be made (%s)", openssl_error());
}

/* ------------------------------------------------------------------ answer */

/* Whoever answers may write what he wants: err_set() makes it harmless. */
static int refusal(TS_RESP *r, struct err *e)
{
    const TS_STATUS_INFO *s = TS_RESP_get_status_info(r);
    const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(s);
    const ASN1_UTF8STRING *t = sk_ASN1_UTF8STRING_num(texts) > 0
        ? sk_ASN1_UTF8STRING_value(texts, 0) : NULL;
    int64_t status = -1;

    ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(s));
    if (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS)
        return 0;
    return err_set(e, ERR_SERVICE, 0, "the server refuses (status %lld)%s"
                   "%.*s", (long long)status, t ? ": " : "",
                   t ? ASN1_STRING_length(t) : 0,
                   t ? (const char *)ASN1_STRING_get0_data(t) : "");
}

static int check_status(const struct text *answer, struct err *e)
{
    const unsigned char *at = (const unsigned char *)answer->s;
    TS_RESP *r = answer->len ? d2i_TS_RESP(NULL, &at, (long)answer->len)
                             : NULL;
    int result;

    if (!r) {
        openssl_error();
        return err_set(e, ERR_SERVICE, 0, "the answer is none to a question "
                       "for a time stamp");
    }
    result = refusal(r, e);
    TS_RESP_free(r);
    return result;
}

/* Its own bytes: written anew they could be others. */
static int cut_out(const struct text *answer, struct text *out,
                   struct err *e)
{
    struct der d = { (const unsigned char *)answer->s, answer->len };
    struct der in, status, content, token;

    if (!der_take(&d, DER_SEQUENCE, &in, NULL) || d.n
        || !der_take(&in, DER_SEQUENCE, &status, NULL)
        || !der_take(&in, DER_SEQUENCE, &content, &token) || in.n)
        return err_set(e, ERR_SERVICE, 0, "the answer has no token, or is "
                       "not written as DER is");
    text_addn(out, (const char *)token.s, token.n);
    return out->failed ? err_nomem(e) : 0;
}

int token_answer(const struct text *answer, const void *bytes, size_t n,
                 uint64_t nonce, struct text *out, struct err *e)
{
    struct token t;
    int r;

    if (check_status(answer, e) < 0 || cut_out(answer, out, e) < 0)
        return -1;
    r = token_read(out, bytes, n, &nonce, &t, e);
    token_free(&t);
    if (r < 0 && e->kind == ERR_VERIFY)
        e->kind = ERR_SERVICE;
    return r < 0 ? err_in(e, "the token") : 0;
}

/* ------------------------------------------------------------------- token */

static int bad(struct err *e, const char *why)
{
    return err_set(e, ERR_VERIFY, 0, "is no good time stamp: %s", why);
}

static int check_imprint(TS_TST_INFO *i, const void *bytes, size_t n,
                         struct err *e)
{
    TS_MSG_IMPRINT *m = TS_TST_INFO_get_msg_imprint(i);
    const ASN1_OBJECT *algorithm = NULL;
    const ASN1_OCTET_STRING *told = TS_MSG_IMPRINT_get_msg(m);
    unsigned char md[32];

    X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(m));
    if (OBJ_obj2nid(algorithm) != NID_sha256)
        return bad(e, "it is not of a SHA-256");
    hash_sha256(bytes, n, md);
    if (ASN1_STRING_length(told) != sizeof(md)
        || memcmp(ASN1_STRING_get0_data(told), md, sizeof(md)) != 0)
        return bad(e, "it is of other bytes (message imprint mismatch)");
    return 0;
}

static int check_nonce(const TS_TST_INFO *i, uint64_t nonce, struct err *e)
{
    uint64_t told = 0;
    const ASN1_INTEGER *n = TS_TST_INFO_get_nonce(i);

    if (n && ASN1_INTEGER_get_uint64(&told, n) && told == nonce)
        return 0;
    openssl_error();
    return bad(e, "it answers another question (nonce mismatch)");
}

static int take_info(TS_TST_INFO *i, const void *bytes, size_t n,
                     const uint64_t *nonce, struct token *out, struct err *e)
{
    if (check_imprint(i, bytes, n, e) < 0
        || (nonce && check_nonce(i, *nonce, e) < 0))
        return -1;
    out->time = certificate_seconds(TS_TST_INFO_get_time(i));
    if (out->time <= 0)
        return bad(e, "its time is none");
    OBJ_obj2txt(out->policy, sizeof(out->policy),
                TS_TST_INFO_get_policy_id(i), 1);
    return 0;
}

static int read_info(const void *bytes, size_t n, const uint64_t *nonce,
                     struct token *out, struct err *e)
{
    ASN1_OCTET_STRING **content = CMS_get0_content(out->cms.cms);
    const unsigned char *at;
    TS_TST_INFO *i = NULL;
    int r;

    if (OBJ_obj2nid(CMS_get0_eContentType(out->cms.cms))
        != NID_id_smime_ct_TSTInfo || !content || !*content)
        return bad(e, "it signs something else");
    at = ASN1_STRING_get0_data(*content);
    i = d2i_TS_TST_INFO(NULL, &at, ASN1_STRING_length(*content));
    if (!i)
        return bad(e, openssl_error());
    r = take_info(i, bytes, n, nonce, out, e);
    TS_TST_INFO_free(i);
    return r;
}

int token_read(const struct text *der, const void *bytes, size_t n,
               const uint64_t *nonce, struct token *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (cms_read(der->s, der->len, NULL, 0, &out->cms, e) < 0)
        return -1;
    return read_info(bytes, n, nonce, out, e);
}

void token_free(struct token *t)
{
    cms_read_free(&t->cms);
}
