/* SPDX-License-Identifier: Apache-2.0 */
/* The small files of a seal: every byte of a document, a signature and a time
 * stamp token counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "scratch.h"
#include "seal/cms-read.h"
#include "seal/der.h"
#include "seal/document.h"
#include "seal/signer.h"
#include "seal/token.h"
#include "seal/trust.h"

/* ---------------------------------------------------- people and their keys */

static void add_extension(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    assert_non_null(e);
    assert_int_equal(X509_add_ext(x, e, -1), 1);
    X509_EXTENSION_free(e);
}

/* Signed by itself, for a day. */
static X509 *make_cert(EVP_PKEY *key, const char *name, bool stamps)
{
    X509 *x = X509_new();
    X509_NAME *n = X509_get_subject_name(x);

    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 4711);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, n);
    X509_set_pubkey(x, key);
    if (stamps)
        add_extension(x, NID_ext_key_usage, "critical,timeStamping");
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);
    return x;
}

static void write_pem(const char *name, EVP_PKEY *key, X509 *x)
{
    FILE *f = fopen(scratch_path(name), "w");

    assert_non_null(f);
    if (key)
        assert_true(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL));
    if (x)
        assert_true(PEM_write_X509(f, x));
    fclose(f);
}

static EVP_PKEY *stamp_key;
static X509 *stamp_cert;

static int setup(void **state)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = make_cert(key, "Examiner", false);

    scratch_setup(state);
    write_pem("key", key, NULL);
    write_pem("cert", NULL, x);
    X509_free(x);
    EVP_PKEY_free(key);
    stamp_key = EVP_EC_gen("P-256");
    stamp_cert = make_cert(stamp_key, "Stamper", true);
    return 0;
}

static int teardown(void **state)
{
    X509_free(stamp_cert);
    EVP_PKEY_free(stamp_key);
    return scratch_teardown(state);
}

/* ----------------------------------------------------------------- document */

static void fill(struct seal_document *d)
{
    unsigned char digest[32];
    struct err e = ERR_INIT;

    memset(d, 0, sizeof(*d));
    strcpy(d->snapshot, "snap-0123456789abcdef0");
    d->verdict = OUTCOME_UNREADABLE;
    d->log_events = 31;
    memset(d->log_head, 0xab, sizeof(d->log_head));
    memset(d->root, 0xcd, sizeof(d->root));
    d->sealed = 1700000000 * NS_PER_S;
    strcpy(d->version, "0.1.0");
    d->stamps_wanted = 2;
    memset(digest, 0x12, sizeof(digest));
    assert_int_equal(seal_document_add(d, "disk.E01", digest, &e), 0);
    assert_int_equal(seal_document_add(d, "new\nline.txt", digest, &e), 0);
}

static void test_a_document_reads_as_it_was_written(void **state)
{
    struct seal_document d, again;
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    fill(&d);
    seal_document_write(&d, &t);
    assert_int_equal(seal_document_read(t.s, t.len, &again, &e), 0);
    assert_int_equal(seal_document_compare(&d, &again, &e), 0);
    assert_int_equal(again.sealed, d.sealed);
    assert_int_equal(again.stamps_wanted, 2);
    assert_string_equal(again.files[1].name, "new\nline.txt");
    seal_document_free(&again);
    seal_document_free(&d);
}

/* What reads at all says something else than before. */
static void test_every_byte_of_a_document_means_something(void **state)
{
    struct seal_document d;
    autotext struct text t = TEXT_INIT;

    (void)state;
    fill(&d);
    seal_document_write(&d, &t);
    seal_document_free(&d);
    for (size_t i = 0; i < t.len; i++)
        for (unsigned x = 1; x < 256; x++) {
            autotext struct text again = TEXT_INIT;
            struct seal_document other;
            struct err e = ERR_INIT;

            t.s[i] ^= (char)x;
            if (seal_document_read(t.s, t.len, &other, &e) == 0) {
                seal_document_write(&other, &again);
                assert_true(again.len == t.len
                            && memcmp(again.s, t.s, t.len) == 0);
            }
            seal_document_free(&other);
            t.s[i] ^= (char)x;
        }
}

static void refuse(const char *bytes, size_t n)
{
    struct seal_document d;
    struct err e = ERR_INIT;

    assert_int_equal(seal_document_read(bytes, n, &d, &e), -1);
    assert_int_equal(e.kind, ERR_VERIFY);
    seal_document_free(&d);
}

static void test_what_is_no_document(void **state)
{
    struct seal_document d;
    autotext struct text t = TEXT_INIT;
    char *at;

    (void)state;
    refuse("", 0);
    refuse("# ebsimg seal 2\n", 16);
    fill(&d);
    seal_document_write(&d, &t);
    seal_document_free(&d);
    for (size_t n = 0; n < t.len; n++)
        if (n == 0 || t.s[n - 1] != '\n'
            || n < (size_t)(strstr(t.s, "disk.E01") - t.s))
            refuse(t.s, n);
    at = strstr(t.s, "disk.E01");
    memcpy(at, "../x.E01", 8);
    refuse(t.s, t.len);
}

static void test_a_run_that_failed_has_no_seal(void **state)
{
    struct seal_document d;
    autotext struct text t = TEXT_INIT;

    (void)state;
    fill(&d);
    d.verdict = OUTCOME_FAILED;
    seal_document_write(&d, &t);
    seal_document_free(&d);
    refuse(t.s, t.len);
}

/* --------------------------------------------------- signatures and tokens */

static struct signer *examiner(void)
{
    struct signer_options o = { scratch_path("key"), scratch_path("cert"),
                                -1 };
    struct err e = ERR_INIT;
    struct signer *s = signer_open(&o, &e);

    assert_string_equal(e.msg, "");
    assert_non_null(s);
    return s;
}

static bool is_good(const struct text *der, const char *content)
{
    struct cms_read r;
    struct err e = ERR_INIT;
    bool good = cms_read(der->s, der->len, content, strlen(content), &r, &e)
        == 0;

    cms_read_free(&r);
    return good;
}

static void test_a_signature_is_of_its_bytes(void **state)
{
    struct signer *s = examiner();
    autotext struct text der = TEXT_INIT;
    struct err e = ERR_INIT;
    struct cms_read r;

    (void)state;
    assert_int_equal(signer_sign(s, "evidence", 8, &der, &e), 0);
    assert_true(is_good(&der, "evidence"));
    assert_false(is_good(&der, "evidencE"));
    assert_false(is_good(&der, ""));
    assert_int_equal(cms_read(der.s, der.len, "evidence", 8, &r, &e), 0);
    assert_true(llabs(r.claimed - (int64_t)(clock_wall(&clock_system)
                                            / NS_PER_S)) < 60);
    cms_read_free(&r);
    signer_close(s);
}

/* Each byte becomes eight others by one bit, and one by all of them. */
static void test_every_byte_of_a_signature_counts(void **state)
{
    struct signer *s = examiner();
    autotext struct text der = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(signer_sign(s, "evidence", 8, &der, &e), 0);
    for (size_t i = 0; i < der.len; i++)
        for (unsigned x = 1; x < 512; x <<= 1) {
            unsigned change = x == 256 ? 255 : x;

            der.s[i] = (char)((unsigned char)der.s[i] ^ change);
            if (is_good(&der, "evidence"))
                fail_msg("byte %zu of %zu, changed by %#x", i, der.len,
                         change);
            der.s[i] = (char)((unsigned char)der.s[i] ^ change);
        }
    for (size_t n = 0; n < der.len; n++) {
        struct text cut = { der.s, n, 0, false };

        assert_false(is_good(&cut, "evidence"));
    }
    signer_close(s);
}

static ASN1_INTEGER *serial(TS_RESP_CTX *c, void *data)
{
    ASN1_INTEGER *i = ASN1_INTEGER_new();

    (void)c;
    (void)data;
    ASN1_INTEGER_set(i, 12);
    return i;
}

/* What a server answers to the question. */
static void answer(const struct text *question, struct text *out)
{
    TS_RESP_CTX *c = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3", 1);
    BIO *bio = BIO_new_mem_buf(question->s, (int)question->len);
    unsigned char *der = NULL;
    TS_RESP *r;
    int n;

    TS_RESP_CTX_set_signer_cert(c, stamp_cert);
    TS_RESP_CTX_set_signer_key(c, stamp_key);
    TS_RESP_CTX_set_signer_digest(c, EVP_sha256());
    TS_RESP_CTX_set_ess_cert_id_digest(c, EVP_sha256());
    TS_RESP_CTX_set_def_policy(c, policy);
    TS_RESP_CTX_add_md(c, EVP_sha256());
    TS_RESP_CTX_set_serial_cb(c, serial, NULL);
    r = TS_RESP_create_response(c, bio);
    assert_non_null(r);
    n = i2d_TS_RESP(r, &der);
    text_addn(out, (char *)der, (size_t)n);
    OPENSSL_free(der);
    TS_RESP_free(r);
    BIO_free(bio);
    ASN1_OBJECT_free(policy);
    TS_RESP_CTX_free(c);
}

static void make_token(struct text *out, uint64_t *nonce)
{
    autotext struct text question = TEXT_INIT, reply = TEXT_INIT;
    struct err e = ERR_INIT;

    assert_int_equal(token_question("evidence", 8, nonce, &question, &e), 0);
    answer(&question, &reply);
    token_answer(&reply, "evidence", 8, *nonce, out, &e);
    assert_string_equal(e.msg, "");
}

static bool is_token(const struct text *der, const char *content)
{
    struct token t;
    struct err e = ERR_INIT;
    bool good = token_read(der, content, strlen(content), NULL, &t, &e) == 0;

    token_free(&t);
    return good;
}

static void test_a_token_answers_one_question(void **state)
{
    autotext struct text token = TEXT_INIT, question = TEXT_INIT,
        reply = TEXT_INIT, none = TEXT_INIT;
    struct err e = ERR_INIT;
    uint64_t nonce;

    (void)state;
    make_token(&token, &nonce);
    assert_true(is_token(&token, "evidence"));
    assert_false(is_token(&token, "evidencE"));
    assert_int_equal(token_question("evidence", 8, &nonce, &question, &e), 0);
    answer(&question, &reply);
    assert_int_equal(token_answer(&reply, "evidence", 8, nonce + 1, &none,
                                  &e), -1);
    assert_non_null(strstr(e.msg, "nonce mismatch"));
    assert_int_equal(e.kind, ERR_SERVICE);
}

static void test_every_byte_of_a_token_counts(void **state)
{
    autotext struct text token = TEXT_INIT;
    uint64_t nonce;

    (void)state;
    make_token(&token, &nonce);
    for (size_t i = 0; i < token.len; i++)
        for (unsigned x = 1; x < 512; x <<= 1) {
            unsigned change = x == 256 ? 255 : x;

            token.s[i] = (char)((unsigned char)token.s[i] ^ change);
            if (is_token(&token, "evidence"))
                fail_msg("byte %zu of %zu, changed by %#x", i, token.len,
                         change);
            token.s[i] = (char)((unsigned char)token.s[i] ^ change);
        }
}

static int trusts(const char *file, enum trust_for what, int64_t seconds)
{
    struct err e = ERR_INIT;
    struct trust *t = trust_open(scratch_path(file), &e);
    unsigned unused;
    int r;

    assert_non_null(t);
    r = trust_check(t, stamp_cert, NULL, what, seconds, &unused, &e);
    trust_close(t);
    return r;
}

static void test_only_who_is_named_is_trusted(void **state)
{
    int64_t now = (int64_t)(clock_wall(&clock_system) / NS_PER_S);

    (void)state;
    write_pem("stamper", NULL, stamp_cert);
    assert_int_equal(trusts("stamper", TRUST_TO_STAMP, now), 0);
    assert_int_equal(trusts("stamper", TRUST_TO_STAMP, now + 90000), -1);
    assert_int_equal(trusts("stamper", TRUST_TO_STAMP, now - 120), -1);
    assert_int_equal(trusts("cert", TRUST_TO_STAMP, now), -1);
}

/* ---------------------------------------------------------------------- DER */

static void test_der_is_written_in_one_way(void **state)
{
    static const struct {
        const char *bytes;
        size_t n, length; /* SIZE_MAX: none */
    } rows[] = {
        { "\x30\x00", 2, 0 },          { "\x30\x01" "a", 3, 1 },
        { "\x30\x02" "a", 3, SIZE_MAX }, { "\x30", 1, SIZE_MAX },
        { "\x30\x80" "a\0\0", 5, SIZE_MAX },      /* no end told */
        { "\x30\x81\x01" "a", 4, SIZE_MAX },      /* longer than need be */
        { "\x30\x82\x00\x81", 4, SIZE_MAX },
        { "\x30\x84\xff\xff\xff\xff", 6, SIZE_MAX },
        { "\x31\x00", 2, SIZE_MAX },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct der d = { (const unsigned char *)rows[i].bytes, rows[i].n };
        struct der in = { NULL, SIZE_MAX };

        der_take(&d, DER_SEQUENCE, &in, NULL);
        assert_int_equal(in.n, rows[i].length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_document_reads_as_it_was_written),
        cmocka_unit_test(test_every_byte_of_a_document_means_something),
        cmocka_unit_test(test_what_is_no_document),
        cmocka_unit_test(test_a_run_that_failed_has_no_seal),
        cmocka_unit_test(test_a_signature_is_of_its_bytes),
        cmocka_unit_test(test_every_byte_of_a_signature_counts),
        cmocka_unit_test(test_a_token_answers_one_question),
        cmocka_unit_test(test_every_byte_of_a_token_counts),
        cmocka_unit_test(test_only_who_is_named_is_trusted),
        cmocka_unit_test(test_der_is_written_in_one_way),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
