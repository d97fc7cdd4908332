#include "audit/hash.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"

#define PIECE (1024 * 1024)

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

void hash_free(struct hash *h)
{
    if (!h)
        return;
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

void hash_sha256(const void *data, size_t n, unsigned char out[32])
{
    pthread_once(&once, prepare);
    must(EVP_Digest(data, n, out, NULL, algorithms[HASH_SHA256], NULL));
}

/* ---- several digests in one pass */

struct set {
    struct hash *hash[HASH_KINDS]; /* NULL: not asked for */
};

static void set_free(struct set *s)
{
    for (int k = 0; k < HASH_KINDS; k++)
        hash_free(s->hash[k]);
}

static int set_new(struct set *s, unsigned kinds, struct err *e)
{
    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(kinds & HASH_BIT(k)))
            continue;
        s->hash[k] = hash_new((enum hash_kind)k, e);
        if (!s->hash[k])
            return -1;
    }
    return 0;
}

static void set_add(struct set *s, const void *data, size_t n)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if (s->hash[k])
            hash_add(s->hash[k], data, n);
}

static void set_end(struct set *s, struct hashes *out)
{
    memset(out, 0, sizeof(*out));
    for (int k = 0; k < HASH_KINDS; k++) {
        if (!s->hash[k])
            continue;
        hash_end(s->hash[k], out->value[k]);
        out->have |= HASH_BIT(k);
    }
}

static int set_add_fd(struct set *s, int fd, const char *path, struct err *e)
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
        set_add(s, buf, got);
    }
    return 0;
}

int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e)
{
    autoclose int fd = -1;
    __attribute__((cleanup(set_free))) struct set s = { 0 };

    if (file_open(path, &fd, e) < 0) {
        e->kind = ERR_DEST;
        return -1;
    }
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    if (set_new(&s, kinds, e) < 0 || set_add_fd(&s, fd, path, e) < 0)
        return -1;
    set_end(&s, out);
    return 0;
}
