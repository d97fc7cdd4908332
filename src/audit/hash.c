#include "audit/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include <openssl/evp.h>

#include "audit/digest.h"
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
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct digest d;

    if (fd < 0)
        return err_set(e, ERR_DEST, errno, "cannot read %s", path);
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    digest_begin(&d, kinds);
    if (add_fd(&d, fd, path, e) < 0)
        return -1;
    digest_end(&d, out);
    return 0;
}
