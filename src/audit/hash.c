#include "audit/hash.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "audit/digest.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"
#include "base/thread.h"

#define PIECE (256 * 1024)

/* More readers than that at once only make a disk seek. */
#define HELPERS_MAX 3u

/* OpenSSL takes a few hundred bytes for a digest.  When there are none, wait
 * for some before the run has to die of it. */
#define TRIES 100
#define WAIT_US 20000

const char *const hash_names[HASH_KINDS] = { "md5", "sha1", "sha256" };
const char *const hash_titles[HASH_KINDS] = { "MD5", "SHA-1", "SHA-256" };
const size_t hash_sizes[HASH_KINDS] = { 16, 20, 32 };

struct hash {
    EVP_MD_CTX *ctx;
};

/* Fetched once and kept to the end: looking an algorithm up takes locks. */
static EVP_MD *algorithms[HASH_KINDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    static const char *const names[HASH_KINDS] = { "MD5", "SHA1", "SHA256" };

    for (int k = 0; k < HASH_KINDS; k++)
        algorithms[k] = EVP_MD_fetch(NULL, names[k], NULL);
}

int hash_ready(struct err *e)
{
    if (!OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL)
        || !OSSL_LIB_CTX_get0_global_default())
        return err_set(e, ERR_INTERNAL, 0, "OpenSSL cannot start: out of "
                       "memory, or it is not installed as it should be");
    pthread_once(&once, prepare);
    if (!algorithms[HASH_SHA256])
        return err_set(e, ERR_INTERNAL, 0, "OpenSSL gives no SHA-256 here");
    return 0;
}

char *hashes_hex(const struct hashes *h, enum hash_kind k, char *buf)
{
    hex_encode(buf, h->value[k], hash_sizes[k]);
    return buf;
}

struct hash *hash_new(enum hash_kind k, struct err *e)
{
    struct hash *h = calloc(1, sizeof(*h));

    pthread_once(&once, prepare);
    if (!h) {
        err_nomem(e);
        return NULL;
    }
    h->ctx = EVP_MD_CTX_new();
    if (h->ctx && algorithms[k]
        && EVP_DigestInit_ex2(h->ctx, algorithms[k], NULL))
        return h;
    /* A crypto policy may forbid MD5. */
    err_set(e, ERR_INTERNAL, 0, "OpenSSL gives no %s here", hash_titles[k]);
    hash_free(h);
    return NULL;
}

/* From here on OpenSSL fails only when memory is gone; a digest that is not
 * the digest of the data must never get out. */
static void must(int ok)
{
    if (!ok)
        abort();
}

void hash_add(struct hash *h, const void *data, size_t n)
{
    must(EVP_DigestUpdate(h->ctx, data, n));
}

void hash_end(struct hash *h, unsigned char out[HASH_MAX])
{
    must(EVP_DigestFinal_ex(h->ctx, out, NULL));
}

void hash_peek(const struct hash *h, unsigned char out[HASH_MAX])
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();

    must(copy && EVP_MD_CTX_copy_ex(copy, h->ctx)
         && EVP_DigestFinal_ex(copy, out, NULL));
    EVP_MD_CTX_free(copy);
}

void hash_free(struct hash *h)
{
    if (!h)
        return;
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

void hash_sha256(const void *data, size_t n, unsigned char out[32])
{
    int tries = TRIES;

    pthread_once(&once, prepare);
    while (!EVP_Digest(data, n, out, NULL, algorithms[HASH_SHA256], NULL)) {
        must(--tries);
        usleep(WAIT_US);
    }
}

unsigned hash_strongest(unsigned kinds)
{
    for (int k = HASH_KINDS - 1; k >= 0; k--)
        if (kinds & HASH_BIT(k))
            return HASH_BIT(k);
    return 0;
}

/* ---- files */

static int add_fd(struct digest *d, int fd, const char *path, struct err *e)
{
    autofree unsigned char *buf = malloc(PIECE);
    uint64_t offset = 0;
    size_t got = PIECE;

    if (!buf)
        return err_nomem(e);
    for (; got == PIECE; offset += got) {
        if (interrupted)
            return err_set(e, ERR_INTERRUPTED, 0, "interrupted while reading "
                           "%s", path);
        if (file_read_at(fd, buf, PIECE, offset, &got, path, e) < 0)
            return -1;
        digest_add(d, buf, got);
    }
    return 0;
}

int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e)
{
    autoclose int fd = -1;
    struct digest d;

    if (file_open(path, &fd, e) < 0) {
        e->kind = e->kind == ERR_INTERNAL ? ERR_INTERNAL : ERR_DEST;
        return -1;
    }
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    digest_begin(&d, kinds);
    if (add_fd(&d, fd, path, e) < 0)
        return -1;
    digest_end(&d, out);
    return 0;
}

struct queue {
    const struct hash_job *jobs;
    size_t n;
    unsigned kinds;
    pthread_mutex_t lock;  /* guards the rest */
    size_t next;
    bool failed;
    struct err err;
};

static const struct hash_job *take(struct queue *q)
{
    AUTOLOCK(&q->lock);

    return q->failed || q->next == q->n ? NULL : &q->jobs[q->next++];
}

static void fail(struct queue *q, const struct err *e)
{
    AUTOLOCK(&q->lock);

    if (!q->failed)
        q->err = *e;
    q->failed = true;
}

static void *queue_main(void *arg)
{
    struct queue *q = arg;
    const struct hash_job *j;
    struct err e = ERR_INIT;

    while ((j = take(q)))
        if (hash_file(j->path, q->kinds, j->out, &e) < 0)
            fail(q, &e);
    return NULL;
}

int hash_files(const struct hash_job *jobs, size_t n, unsigned kinds,
               unsigned threads, struct err *e)
{
    struct queue q = { .jobs = jobs, .n = n, .kinds = kinds };
    pthread_t helpers[HELPERS_MAX];
    unsigned started = 0;

    pthread_mutex_init(&q.lock, NULL);
    /* Without a helper it takes longer, no more. */
    while (started < HELPERS_MAX && started + 1 < threads && started + 1 < n
           && thread_start(&helpers[started], queue_main, &q, "hash", e) == 0)
        started++;
    queue_main(&q);
    while (started)
        thread_join(helpers[--started]);
    pthread_mutex_destroy(&q.lock);
    if (q.failed)
        *e = q.err;
    return q.failed ? -1 : 0;
}
