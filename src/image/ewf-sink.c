/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libewf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "image/ewf-chunks.h"
#include "image/ewf-cut.h"
#include "image/ewf-durable.h"
#include "image/ewf-error.h"
#include "image/ewf-handle.h"
#include "image/ewf-head.h"
#include "image/ewf-resume.h"
#include "image/ewf-seal.h"
#include "image/ewf-section.h"
#include "image/ewf-segments.h"
#include "image/medium.h"

#define SECTOR 512u
#define SECTORS_PER_BLOCK (BLOCK_SIZE / SECTOR)
#define CHUNKS_PER_BLOCK_MAX (BLOCK_SIZE / (32 * KIB))
#define CHECKSUM 4u            /* behind a stored chunk */

struct ewf_sink {
    struct sink sink;
    /* Set by new, then only read: */
    char *base;
    uint64_t volume_size;
    uint32_t chunk_size;
    enum deflate_level level;
    unsigned char *zero;     /* a chunk of zeros, deflated */
    size_t zero_len;
    bool resumed;
    /* The writer's: */
    libewf_handle_t *handle; /* NULL once closed */
    struct ewf_chunks *list; /* NULL: the image cannot be gone on with */
    struct ewf_durable *durable;
    uint64_t next;           /* bytes of the volume taken so far */
    uint64_t unlisted;
    /* A chunk larger than a block is put together and deflated by the
     * writer: NULL unless chunks are that large. */
    unsigned char *wide;
    unsigned char *wide_packed;
    bool wide_data;          /* something in it is not zero */
};

/* What pack() leaves for append(): the deflated chunks, one behind the
 * other. */
enum form { ZERO, DEFLATED, STORED };

struct packed {
    struct packed_chunk {
        enum form form;
        uint32_t len;        /* DEFLATED: its bytes */
        uint32_t adler;      /* STORED: of its data in the slot */
    } chunk[CHUNKS_PER_BLOCK_MAX];
    unsigned char data[];
};

static struct ewf_sink *ours(struct sink *s)
{
    return (struct ewf_sink *)s;
}

static const struct ewf_sink *ours_const(const struct sink *s)
{
    return (const struct ewf_sink *)s;
}

/* ------------------------------------------------------------------ pack */

static bool all_zero(const unsigned char *p, size_t n)
{
    return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/* A deflated chunk must be smaller than its data, or readers take it for a
 * stored one. */
static void pack_chunk(const struct ewf_sink *k, struct codec *codec,
                       const unsigned char *raw, struct packed_chunk *c,
                       unsigned char *out)
{
    c->len = 0;
    if (all_zero(raw, k->chunk_size)) {
        c->form = ZERO;
        return;
    }
    c->len = (uint32_t)deflate_chunk(codec, k->level, raw, k->chunk_size,
                                     out, k->chunk_size - 1);
    c->form = c->len ? DEFLATED : STORED;
    if (c->form == STORED)
        c->adler = adler32_of(raw, k->chunk_size);
}

static int ewf_pack(const struct sink *sink, const struct slot *s,
                    void *packed, struct err *e)
{
    const struct ewf_sink *k = ours_const(sink);
    struct codec *codec = codec_mine(e);
    struct packed *p = packed;
    unsigned char *out = p->data;

    if (!codec)
        return -1;
    assert(s->len == BLOCK_SIZE);
    deflate_begin(codec);
    for (unsigned i = 0; i < BLOCK_SIZE / k->chunk_size; i++) {
        pack_chunk(k, codec, s->raw + (size_t)i * k->chunk_size,
                   &p->chunk[i], out);
        out += p->chunk[i].len;
    }
    return 0;
}

/* ---------------------------------------------------------- to the image */

static void note_chunk(struct ewf_sink *k, size_t len, bool deflated)
{
    uint32_t bytes = (uint32_t)len + (deflated ? 0 : CHECKSUM);

    ewf_durable_grow(k->durable, bytes);
    if (k->list)
        ewf_chunks_add(k->list, bytes | (deflated ? EWF_DEFLATED : 0));
}

/* libewf gives back the length of the buffer, not of the data; anything else
 * (0 beyond the volume's end) means that the chunk is not in the image. */
static int put(struct ewf_sink *k, const void *data, size_t len,
               bool deflated, uint32_t adler, struct err *e)
{
    libewf_error_t *error = NULL;
    unsigned char checksum[CHECKSUM];
    ssize_t n;

    errno = 0;
    n = libewf_handle_write_chunk(k->handle, data, len, k->chunk_size,
                                  deflated, checksum, adler, !deflated,
                                  &error);
    if (n < 0 || (size_t)n != len)
        return ewf_fail(e, ERR_DEST, &error, "write the E01 image",
                        k->base);
    note_chunk(k, len, deflated);
    return 0;
}

static int put_zero_chunk(struct ewf_sink *k, struct err *e)
{
    return put(k, k->zero, k->zero_len, true, 0, e);
}

static int put_packed(struct ewf_sink *k, const struct slot *s,
                      const struct packed *p, struct err *e)
{
    const unsigned char *deflated = p->data;
    const unsigned char *raw = s->raw;

    for (unsigned i = 0; i < BLOCK_SIZE / k->chunk_size; i++) {
        const struct packed_chunk *c = &p->chunk[i];
        int r;

        if (c->form == ZERO)
            r = put_zero_chunk(k, e);
        else if (c->form == DEFLATED)
            r = put(k, deflated, c->len, true, 0, e);
        else
            r = put(k, raw, k->chunk_size, false, c->adler, e);
        if (r < 0)
            return -1;
        deflated += c->len;
        raw += k->chunk_size;
    }
    return 0;
}

static int put_zero_chunks(struct ewf_sink *k, uint64_t len, struct err *e)
{
    for (; len; len -= k->chunk_size)
        if (put_zero_chunk(k, e) < 0)
            return -1;
    return 0;
}

/* ----------------------------------------------- chunks wider than a block */

static int put_wide(struct ewf_sink *k, struct err *e)
{
    struct codec *codec = codec_mine(e);
    size_t len;

    if (!codec)
        return -1;
    if (!k->wide_data)
        return put_zero_chunk(k, e);
    deflate_begin(codec);
    len = deflate_chunk(codec, k->level, k->wide, k->chunk_size,
                        k->wide_packed, k->chunk_size - 1);
    if (len)
        return put(k, k->wide_packed, len, true, 0, e);
    return put(k, k->wide, k->chunk_size, false,
               adler32_of(k->wide, k->chunk_size), e);
}

/* One block of the chunk at `offset'; NULL is zeros. */
static int add_wide(struct ewf_sink *k, uint64_t offset, const void *raw,
                    struct err *e)
{
    size_t at = offset % k->chunk_size;

    if (at == 0)
        k->wide_data = false;
    if (raw)
        memcpy(k->wide + at, raw, BLOCK_SIZE);
    else
        memset(k->wide + at, 0, BLOCK_SIZE);
    k->wide_data |= raw != NULL;
    return at + BLOCK_SIZE == k->chunk_size ? put_wide(k, e) : 0;
}

/* Whole chunks inside a hole need no putting together. */
static int add_wide_hole(struct ewf_sink *k, uint64_t offset, uint64_t len,
                         struct err *e)
{
    while (len) {
        bool whole = offset % k->chunk_size == 0 && len >= k->chunk_size;
        uint64_t n = whole ? k->chunk_size : BLOCK_SIZE;

        if (whole ? put_zero_chunk(k, e) : add_wide(k, offset, NULL, e))
            return -1;
        offset += n;
        len -= n;
    }
    return 0;
}

/* ---------------------------------------------------------- append, hole */

/* The flag goes into the head of the first segment, which libewf writes with
 * the first chunk.  Only a file system at sector 0 makes a volume; `s' is NULL
 * where nothing is stored there.  See ewf-mark.h for what comes later. */
static int mark_physical(struct ewf_sink *k, const struct slot *s,
                         struct err *e)
{
    libewf_error_t *error = NULL;

    if (s && !s->unreadable
        && medium_first(s->raw, s->len, k->volume_size) == MEDIUM_VOLUME)
        return 0;
    if (libewf_handle_set_media_flags(k->handle, LIBEWF_MEDIA_FLAG_PHYSICAL,
                                      &error) != 1)
        return ewf_fail(e, ERR_INTERNAL, &error, "prepare the E01 image",
                        k->base);
    return 0;
}

static int list_unreadable(struct ewf_sink *k, uint64_t offset,
                           struct err *e)
{
    libewf_error_t *error = NULL;
    uint64_t first = offset / SECTOR;

    if (first + SECTORS_PER_BLOCK > UINT32_MAX) {
        k->unlisted++;
        return 0;
    }
    if (libewf_handle_append_acquiry_error(k->handle, first,
                                           SECTORS_PER_BLOCK, &error) != 1)
        return ewf_fail(e, ERR_INTERNAL, &error,
                        "list an unreadable block in the E01 image",
                        k->base);
    return 0;
}

static int ewf_tell_unreadable(struct sink *k, uint64_t offset,
                               struct err *e)
{
    return list_unreadable(ours(k), offset, e);
}

static int put_block(struct ewf_sink *k, const struct slot *s,
                     const void *packed, struct err *e)
{
    bool zeros = s->zero || s->unreadable;

    if (k->wide)
        return add_wide(k, s->offset, zeros ? NULL : s->raw, e);
    return zeros ? put_zero_chunks(k, s->len, e)
                 : put_packed(k, s, packed, e);
}

/* What was put is whole: it counts. */
static int taken(struct ewf_sink *k, uint64_t len, struct err *e)
{
    k->next += len;
    return k->list ? ewf_chunks_commit(k->list, e) : 0;
}

static int ewf_append(struct sink *sink, const struct slot *s,
                      const void *packed, struct err *e)
{
    struct ewf_sink *k = ours(sink);

    assert(s->offset == k->next && s->len == BLOCK_SIZE);
    if (s->offset == 0 && mark_physical(k, s, e) < 0)
        return -1;
    if (s->unreadable && list_unreadable(k, s->offset, e) < 0)
        return -1;
    if (put_block(k, s, packed, e) < 0)
        return -1;
    return taken(k, s->len, e);
}

static int ewf_hole(struct sink *sink, uint64_t offset, uint64_t len,
                    struct err *e)
{
    struct ewf_sink *k = ours(sink);

    assert(offset == k->next && len % BLOCK_SIZE == 0);
    if (offset == 0 && mark_physical(k, NULL, e) < 0)
        return -1;
    if (k->wide ? add_wide_hole(k, offset, len, e)
                : put_zero_chunks(k, len, e))
        return -1;
    return taken(k, len, e);
}

/* ------------------------------------------------------------- checkpoint */

uint32_t ewf_checkpoint_unit(uint32_t chunk_size)
{
    return chunk_size > BLOCK_SIZE ? chunk_size : BLOCK_SIZE;
}

/* The list last: it may then speak of the chunks. */
static int ewf_checkpoint(struct sink *sink, struct checkpoint *c,
                          struct err *e)
{
    struct ewf_sink *k = ours(sink);

    if (k->next != c->offset || k->next % k->chunk_size)
        return err_set(e, ERR_INTERNAL, 0, "%s stands at byte %" PRIu64
                       " instead of %" PRIu64, k->base, k->next, c->offset);
    assert(ewf_chunks_count(k->list) == k->next / k->chunk_size);
    if (ewf_durable_sync(k->durable, e) < 0)
        return -1;
    return ewf_chunks_sync(k->list, c->chunks, e);
}

/* ---------------------------------------------------------------- finish */

static int set_hashes(struct ewf_sink *k, const struct hashes *h,
                      struct err *e)
{
    libewf_error_t *error = NULL;
    unsigned char md5[16];
    unsigned char sha1[20];

    if (k->resumed)
        return ewf_resume_set_hashes(k->handle, k->base, h, e);
    memcpy(md5, h->value[HASH_MD5], sizeof(md5));
    memcpy(sha1, h->value[HASH_SHA1], sizeof(sha1));
    if ((h->have & HASH_BIT(HASH_MD5))
        && libewf_handle_set_md5_hash(k->handle, md5, sizeof(md5),
                                      &error) != 1)
        return ewf_fail(e, ERR_INTERNAL, &error, "set the MD5 of", k->base);
    if ((h->have & HASH_BIT(HASH_SHA1))
        && libewf_handle_set_sha1_hash(k->handle, sha1, sizeof(sha1),
                                       &error) != 1)
        return ewf_fail(e, ERR_INTERNAL, &error, "set the SHA-1 of",
                        k->base);
    return 0;
}

static int close_handle(struct ewf_sink *k, struct err *e)
{
    libewf_error_t *error = NULL;
    int r;

    errno = 0;
    r = libewf_handle_close(k->handle, &error);
    if (r != 0)
        ewf_fail(e, ERR_DEST, &error, "close the E01 image", k->base);
    libewf_handle_free(&k->handle, NULL);
    k->handle = NULL;
    return r == 0 ? 0 : -1;
}

static int finalize(struct ewf_sink *k, struct err *e)
{
    libewf_error_t *error = NULL;

    errno = 0;
    if (libewf_handle_write_finalize(k->handle, &error) < 0)
        return ewf_fail(e, ERR_DEST, &error, "complete the E01 image",
                        k->base);
    return close_handle(k, e);
}

/* Their files can be removed then: one that is open may live on. */
static void close_helpers(struct ewf_sink *k)
{
    ewf_chunks_free(k->list);
    k->list = NULL;
    ewf_durable_free(k->durable);
    k->durable = NULL;
}

static int ewf_finish(struct sink *sink, const struct hashes *stream,
                      struct err *e)
{
    struct ewf_sink *k = ours(sink);

    if (k->next != k->volume_size)
        return err_set(e, ERR_INTERNAL, 0,
                       "the E01 image %s was not written to its end",
                       k->base);
    if (set_hashes(k, stream, e) < 0 || finalize(k, e) < 0)
        return -1;
    close_helpers(k);
    return ewf_seal(k->base, k->volume_size, k->chunk_size, stream, e);
}

static void ewf_abandon(struct sink *sink)
{
    struct ewf_sink *k = ours(sink);
    struct err ignored = ERR_INIT;

    if (k->handle)
        close_handle(k, &ignored);
    close_helpers(k);
}

static void ewf_free(struct sink *sink)
{
    struct ewf_sink *k = ours(sink);

    ewf_abandon(sink);
    free(k->zero);
    free(k->wide);
    free(k->wide_packed);
    free(k->base);
    free(k);
}

static uint64_t ewf_unlisted(const struct sink *k)
{
    return ours_const(k)->unlisted;
}

/* ------------------------------------------------------------------- new */

static int open_handle(struct ewf_sink *k, const struct image_config *c,
                       struct err *e)
{
    libewf_error_t *error = NULL;
    char *names[] = { k->base };

    errno = 0;
    if (ewf_handle_new(&k->handle, 1, &error) != 1)
        return ewf_fail(e, ERR_DEST, &error, "prepare the E01 image",
                        k->base);
    if (ewf_handle_open(k->handle, names, 1, LIBEWF_OPEN_WRITE, ERR_DEST,
                        "prepare the E01 image", e) != 1)
        return -1;
    errno = 0;
    if (!ewf_head_set(k->handle, c, &error))
        return ewf_fail(e, ERR_DEST, &error, "prepare the E01 image",
                        k->base);
    return 0;
}

/* Whatever the level: a hole must not take room. */
static int make_zero_chunk(struct ewf_sink *k, struct err *e)
{
    autofree unsigned char *zeros = calloc(1, k->chunk_size);
    struct codec *codec = codec_mine(e);

    k->zero = malloc(k->chunk_size);
    if (!zeros || !codec || !k->zero)
        return err_nomem(e);
    k->zero_len = deflate_chunk(codec, DEFLATE_BEST, zeros, k->chunk_size,
                                k->zero, k->chunk_size - 1);
    return k->zero_len ? 0 : err_nomem(e);
}

static int make_wide(struct ewf_sink *k, struct err *e)
{
    if (k->chunk_size <= BLOCK_SIZE) {
        k->sink.pack = ewf_pack;
        k->sink.pack_room = sizeof(struct packed) + BLOCK_SIZE;
        return 0;
    }
    k->wide = malloc(k->chunk_size);
    k->wide_packed = malloc(k->chunk_size);
    return k->wide && k->wide_packed ? 0 : err_nomem(e);
}

static struct ewf_sink *make(const struct image_config *c, struct err *e)
{
    struct ewf_sink *k = calloc(1, sizeof(*k));

    if (!k || !(k->base = strdup(c->base))) {
        free(k);
        err_nomem(e);
        return NULL;
    }
    k->sink = (struct sink){
        .name = "E01",
        .append = ewf_append,
        .hole = ewf_hole,
        .tell_unreadable = ewf_tell_unreadable,
        .unlisted = ewf_unlisted,
        .finish = ewf_finish,
        .abandon = ewf_abandon,
        .free = ewf_free,
    };
    k->volume_size = c->volume_size;
    k->chunk_size = c->chunk_size;
    k->level = c->level;
    return k;
}

/* With all sizes filled in. */
static int complete(struct image_config *c, struct err *e)
{
    if (!c->chunk_size)
        c->chunk_size = ewf_chunk_size(c->volume_size);
    if (ewf_check(c, e) < 0)
        return -1;
    if (!c->segment_size)
        c->segment_size = ewf_segment_size(c->volume_size, c->chunk_size);
    return 0;
}

/* Everything but the handle. */
static int equip(struct ewf_sink *k, const struct image_config *c,
                 unsigned segment, struct err *e)
{
    if (make_zero_chunk(k, e) < 0 || make_wide(k, e) < 0)
        return -1;
    k->durable = ewf_durable_new(k->base, segment, &c->watch, e);
    return k->durable ? 0 : -1;
}

static int open_list(struct ewf_sink *k, const struct image_config *c,
                     struct err *e)
{
    if (!c->chunks)
        return 0;
    k->list = ewf_chunks_create(c->chunks, e);
    k->sink.checkpoint = ewf_checkpoint;
    return k->list ? 0 : -1;
}

struct sink *ewf_sink_new(const struct image_config *config, struct err *e)
{
    struct image_config c = *config;
    struct ewf_sink *k;

    if (complete(&c, e) < 0)
        return NULL;
    if (ewf_segments_refuse(c.base, UINT_MAX, e) < 0)
        return NULL; /* libewf would empty what is there */
    if (c.prefix
        && ewf_segments_refuse(c.prefix, ewf_segments_most(c.volume_size,
                                                           c.segment_size),
                               e) < 0)
        return NULL;
    k = make(&c, e);
    if (!k)
        return NULL;
    if (equip(k, &c, 1, e) < 0 || open_list(k, &c, e) < 0
        || open_handle(k, &c, e) < 0) {
        ewf_free(&k->sink);
        return NULL;
    }
    return &k->sink;
}

/* ---------------------------------------------------------------- go on */

static int go_on(struct ewf_sink *k, const struct image_config *c,
                 const struct checkpoint *at, struct err *e)
{
    uint64_t chunks = at->offset / k->chunk_size;
    unsigned segment;

    k->list = ewf_chunks_resume(c->chunks, chunks, at->chunks, e);
    if (!k->list)
        return -1;
    k->sink.checkpoint = ewf_checkpoint;
    if (ewf_cut(k->base, k->list, chunks, &segment, e) < 0
        || equip(k, c, segment, e) < 0)
        return -1;
    k->resumed = true;
    k->next = at->offset;
    return ewf_resume(&k->handle, c, segment, at->offset, e);
}

struct sink *ewf_sink_resume(const struct image_config *config,
                             const struct checkpoint *at, struct err *e)
{
    struct image_config c = *config;
    struct ewf_sink *k;

    if (complete(&c, e) < 0)
        return NULL;
    assert(at->offset && at->offset < c.volume_size
           && at->offset % ewf_checkpoint_unit(c.chunk_size) == 0);
    k = make(&c, e);
    if (!k)
        return NULL;
    if (go_on(k, &c, at, e) < 0) {
        ewf_free(&k->sink);
        return NULL;
    }
    return &k->sink;
}
