/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <libewf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/thread.h"
#include "image/deflate.h"
#include "image/ewf-error.h"
#include "image/ewf-open.h"
#include "image/ewf-tables.h"
#include "image/ewf.h"
#include "image/reader-private.h"

/* libewf keeps some 130 bytes for each chunk that it has looked up, until it
 * is closed: after so many chunks it is opened again. */
#define REOPEN_AFTER (256 * 1024)

#define RESCUES_MAX 8

/* It also keeps the last eight chunks.  After one that takes more than this
 * of the file, more than any tool makes them, it is opened again at once. */
#define CHUNK_HEAVY (16 * MIB)

/* The largest deflated chunk of zeros that is kept for comparison. */
#define ZERO_ROOM 8192

/* Media are counted in these. */
#define SECTOR 512

#define CHUNK_SIZE_MIN 512
#define CHUNK_SIZE_MAX (64 * MIB)

/* One chunk as it is in the file. */
enum form { DEFLATED, STORED, DAMAGED };

struct chunk {
    enum form form;
    uint32_t len;             /* bytes in the file, without checksum */
    uint32_t adler;           /* STORED */
    uint32_t size;            /* bytes of media */
    const unsigned char *data;
};

/* The chunks of the block in one slot, on their way to a worker. */
struct block {
    unsigned chunks;          /* 0: the slot's data are ready */
    struct chunk *chunk;
    unsigned char *data;
};

struct ewf_reader {
    struct reader reader;
    uint32_t chunk_size;
    uint64_t size;            /* of the media */
    inflater *inflate;
    struct block *blocks;     /* one for each slot of the window */
    unsigned nblocks;

    /* The reader's thread only: */
    struct ewf_open open;
    struct ewf_tables *tables;
    unsigned looked_up;       /* chunks since it was opened */
    unsigned rescues;         /* times that memory ran out in libewf */
    unsigned char *landing;   /* where libewf puts a chunk: see land() */
    size_t landing_size;
    /* Chunks that are no whole part of a block go through here: */
    unsigned char *wide;      /* NULL when they are */
    uint64_t wide_index;      /* which chunk it holds, when wide_held */
    bool wide_held;
    bool wide_good;

    /* A deflated chunk that a worker found to be zeros. */
    pthread_mutex_t lock;
    uint32_t zero_len;        /* 0: none yet */
    unsigned char zero[ZERO_ROOM];
};

static struct ewf_reader *ours(struct reader *r)
{
    return (struct ewf_reader *)r;
}

/* ----------------------------------------------------------- known zeros */

static bool is_known_zero(struct ewf_reader *k, const struct chunk *c)
{
    AUTOLOCK(&k->lock);

    return c->form == DEFLATED && c->size == k->chunk_size
        && c->len == k->zero_len && memcmp(c->data, k->zero, c->len) == 0;
}

static void learn_zero(struct ewf_reader *k, const struct chunk *c,
                       const unsigned char *raw)
{
    if (c->form != DEFLATED || c->len > ZERO_ROOM
        || c->size != k->chunk_size || raw[0]
        || memcmp(raw, raw + 1, c->size - 1) != 0)
        return;
    AUTOLOCK(&k->lock);
    memcpy(k->zero, c->data, c->len);
    k->zero_len = c->len;
}

/* ------------------------------------------------------------ from libewf */

static uint32_t le32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
        | (uint32_t)p[3] << 24;
}

/* Reads the chunk at `offset' into the landing.  libewf copies a deflated
 * chunk without asking for room, and its length comes from the file; but it
 * cannot be longer than the segment that it was read from, and so long is
 * the landing. */
static ssize_t land(struct ewf_reader *k, uint64_t offset, int8_t *deflated,
                    unsigned char checksum[4])
{
    libewf_error_t *error = NULL;
    uint32_t ignored = 0;
    int8_t read_checksum = 0;
    ssize_t n = -1;

    if (libewf_handle_seek_offset(k->open.handle, (off64_t)offset, SEEK_SET,
                                  &error) >= 0)
        n = libewf_handle_read_chunk(k->open.handle, k->landing,
                                     k->landing_size, deflated, checksum,
                                     &ignored, &read_checksum, &error);
    libewf_error_free(&error);
    if (n > 0 && !*deflated)
        n = read_checksum ? n - 4 : -1;
    return n;
}

/* Memory ran out in libewf.  Its handle is of no use after that: all later
 * chunks would seem damaged.  So once more from the beginning; what fails
 * again asks for more than there can be, because the chunk claims to be so
 * long, and that is damage.  But only a few times. */
static int rescue(struct ewf_reader *k, struct err *e)
{
    if (k->rescues++ == RESCUES_MAX)
        return err_nomem(e);
    return ewf_reopen(&k->open, e);
}

/* Longer than that no deflated chunk may be. */
static size_t deflated_limit(size_t size)
{
    return size + size / 32 + 64;
}

/* What lies between chunks is part of the one before: some room for that. */
#define CHUNK_SLACK (64 * KIB)

static int is_claimed_too_long(struct ewf_reader *k, uint64_t offset,
                               struct err *e)
{
    int r = ewf_tables_allow(k->tables, offset / k->chunk_size,
                             deflated_limit(k->chunk_size) + CHUNK_SLACK, e);

    return r < 0 ? -1 : !r;
}

static int look_up(struct ewf_reader *k, uint64_t offset, struct chunk *c,
                   struct err *e)
{
    int too_long = is_claimed_too_long(k, offset, e);
    unsigned char checksum[4] = { 0 };
    uint64_t left = k->size - offset;
    int8_t deflated = 0;
    ssize_t n;

    if (too_long < 0)
        return -1;
    errno = 0;
    n = too_long ? -1 : land(k, offset, &deflated, checksum);
    if (n <= 0 && errno == ENOMEM) {
        if (rescue(k, e) < 0)
            return -1;
        n = land(k, offset, &deflated, checksum);
    }
    c->size = left < k->chunk_size ? (uint32_t)left : k->chunk_size;
    c->form = deflated ? DEFLATED : STORED;
    c->len = 0;
    c->adler = le32(checksum);
    c->data = k->landing;
    if (n <= 0 || (size_t)n > deflated_limit(c->size)
        || (!deflated && (size_t)n != c->size))
        c->form = DAMAGED;
    else
        c->len = (uint32_t)n;
    k->looked_up += n > (ssize_t)CHUNK_HEAVY ? REOPEN_AFTER : 1;
    return 0;
}

static int open_again(struct ewf_reader *k, struct err *e)
{
    if (k->looked_up < REOPEN_AFTER)
        return 0;
    k->looked_up = 0;
    return ewf_reopen(&k->open, e);
}

/* -1 when it is damaged. */
static int unpack_chunk(const struct ewf_reader *k, const struct chunk *c,
                        struct codec *codec, unsigned char *out)
{
    switch (c->form) {
    case DEFLATED:
        return k->inflate(codec, c->data, c->len, out, c->size);
    case STORED:
        memcpy(out, c->data, c->size);
        return adler32_of(out, c->size) == c->adler ? 0 : -1;
    case DAMAGED:
        break;
    }
    return -1;
}

static const char *why(const struct chunk *c)
{
    static const char *const reasons[] = {
        [DEFLATED] = "the deflated data cannot be inflated",
        [STORED] = "the checksum does not fit",
        [DAMAGED] = "the chunk cannot be read",
    };

    return reasons[c->form];
}

/* -------------------------------------------- chunks that divide a block */

/* From the landing to the slot's own room. */
static void keep(struct block *b, struct chunk *c, size_t *used)
{
    memcpy(b->data + *used, c->data, c->len);
    c->data = b->data + *used;
    *used += c->len;
}

static int fill_block(struct ewf_reader *k, struct slot *s, uint64_t offset,
                      struct err *e)
{
    struct block *b = &k->blocks[s->number];
    bool zeros = true;
    size_t used = 0;

    b->chunks = 0;
    for (uint32_t at = 0; at < s->len; at += k->chunk_size) {
        struct chunk *c = &b->chunk[b->chunks++];

        if (look_up(k, offset + at, c, e) < 0)
            return -1;
        keep(b, c, &used);
        zeros = zeros && is_known_zero(k, c);
    }
    return !zeros;
}

static int unpack(struct source *src, struct slot *s, struct err *e)
{
    struct reader *r = (struct reader *)src;
    struct ewf_reader *k = ours(r);
    struct block *b = &k->blocks[s->number];
    struct codec *codec = codec_mine(e);
    bool damaged = false;
    uint32_t at = 0;

    if (!codec)
        return -1;
    for (unsigned i = 0; i < b->chunks; i++) {
        const struct chunk *c = &b->chunk[i];

        if (unpack_chunk(k, c, codec, s->raw + at) == 0) {
            learn_zero(k, c, s->raw + at);
        } else {
            damaged = true;
            if (reader_damaged(r, s->offset + at, c->size, why(c), e) < 0)
                return -1;
        }
        at += c->size;
    }
    if (damaged)
        reader_blank(s);
    return 0;
}

/* ---------------------------------------------------------- other chunks */

/* They are unpacked here, one after the other. */
static int get_wide(struct ewf_reader *k, uint64_t index, struct err *e)
{
    struct codec *codec = codec_mine(e);
    struct chunk c;

    if (!codec)
        return -1;
    if (k->wide_held && k->wide_index == index)
        return 0;
    if (look_up(k, index * k->chunk_size, &c, e) < 0)
        return -1;
    k->wide_index = index;
    k->wide_held = true;
    k->wide_good = unpack_chunk(k, &c, codec, k->wide) == 0;
    if (k->wide_good)
        return 0;
    return reader_damaged(&k->reader, index * k->chunk_size, c.size, why(&c),
                          e);
}

static int fill_wide(struct ewf_reader *k, struct slot *s, uint64_t offset,
                     struct err *e)
{
    bool damaged = false;
    uint32_t done = 0;

    k->blocks[s->number].chunks = 0;
    while (done < s->len) {
        uint64_t at = offset + done;
        uint32_t within = (uint32_t)(at % k->chunk_size);
        uint32_t n = k->chunk_size - within;

        n = n < s->len - done ? n : s->len - done;
        if (get_wide(k, at / k->chunk_size, e) < 0)
            return -1;
        damaged |= !k->wide_good;
        memcpy(s->raw + done, k->wide + within, n);
        done += n;
    }
    if (damaged)
        reader_blank(s);
    return 1;
}

static int ewf_fill(struct reader *r, struct slot *s, uint64_t offset,
                    struct err *e)
{
    struct ewf_reader *k = ours(r);

    if (open_again(k, e) < 0)
        return -1;
    return k->wide ? fill_wide(k, s, offset, e)
                   : fill_block(k, s, offset, e);
}

/* ------------------------------------------------------------- new, free */

static void ewf_reader_free(struct reader *r)
{
    struct ewf_reader *k = ours(r);

    for (unsigned i = 0; k->blocks && i < k->nblocks; i++) {
        free(k->blocks[i].chunk);
        free(k->blocks[i].data);
    }
    free(k->blocks);
    free(k->wide);
    if (k->landing)
        munmap(k->landing, k->landing_size);
    ewf_tables_free(k->tables);
    ewf_close(&k->open);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

static int make_blocks(struct ewf_reader *k, unsigned slots, struct err *e)
{
    size_t chunks = k->wide ? 1 : BLOCK_SIZE / k->chunk_size;
    size_t room = k->wide ? 1 : chunks * deflated_limit(k->chunk_size);

    k->nblocks = slots;
    k->blocks = calloc(slots, sizeof(*k->blocks));
    if (!k->blocks)
        return err_nomem(e);
    for (unsigned i = 0; i < slots; i++) {
        k->blocks[i].chunk = calloc(chunks, sizeof(struct chunk));
        k->blocks[i].data = malloc(room);
        if (!k->blocks[i].chunk || !k->blocks[i].data)
            return err_nomem(e);
    }
    return 0;
}

/* Address space, not memory: a page costs something only when touched. */
static int make_landing(struct ewf_reader *k, struct err *e)
{
    struct stat st;
    void *p;

    k->landing_size = MIB;
    for (size_t i = 0; k->open.paths[i]; i++)
        if (file_stat(k->open.paths[i], &st) == 0
            && (uint64_t)st.st_size > k->landing_size)
            k->landing_size = (size_t)st.st_size;
    p = mmap(NULL, k->landing_size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return err_nomem(e);
    k->landing = p;
    return 0;
}

static int ask_sizes(struct ewf_reader *k, const char *first, struct err *e)
{
    libewf_error_t *error = NULL;
    size64_t media = 0;
    size32_t chunk = 0;

    if (libewf_handle_get_media_size(k->open.handle, &media, &error) != 1
        || libewf_handle_get_chunk_size(k->open.handle, &chunk, &error) != 1)
        return ewf_fail(e, ERR_VERIFY, &error, "read", first);
    k->size = media;
    k->chunk_size = chunk;
    return 0;
}

static int take_sizes(struct ewf_reader *k, const struct image *image,
                      struct err *e)
{
    const char *first = image->paths[0];

    if (ask_sizes(k, first, e) < 0)
        return -1;
    if (image->partial ? k->size < image->size
        : image->size < k->size || image->size - k->size >= SECTOR)
        return err_set(e, ERR_VERIFY, 0, "%s changed its length", first);
    if (!image->partial)
        k->size = image->size; /* with its tail */
    /* The smaller the chunks, the more memory their table takes. */
    if (k->chunk_size < CHUNK_SIZE_MIN || k->chunk_size > CHUNK_SIZE_MAX)
        return err_set(e, ERR_USAGE, 0, "%s has chunks of %u bytes, which "
                       "is not supported", first, k->chunk_size);
    if (BLOCK_SIZE % k->chunk_size == 0)
        return 0;
    k->wide = malloc(k->chunk_size);
    return k->wide ? 0 : err_nomem(e);
}

static int open_image(struct ewf_reader *k, const struct image *image,
                      struct err *e)
{
    return image->partial ? ewf_open_partial(&k->open, image->paths[0], e)
                          : ewf_open(&k->open, image->paths[0], e);
}

struct reader *ewf_reader_new(const struct image_reader_config *c,
                              struct err *e)
{
    struct ewf_reader *k = calloc(1, sizeof(*k));

    if (!k) {
        err_nomem(e);
        return NULL;
    }
    pthread_mutex_init(&k->lock, NULL);
    k->reader.fill = ewf_fill;
    k->reader.free = ewf_reader_free;
    k->reader.source.unpack = unpack;
    k->inflate = c->lax ? inflate_chunk : inflate_strictly;
    if (open_image(k, c->image, e) < 0 || take_sizes(k, c->image, e) < 0
        || !(k->tables = ewf_tables_new(k->open.paths, e))
        || make_landing(k, e) < 0 || make_blocks(k, c->slots, e) < 0) {
        ewf_reader_free(&k->reader);
        return NULL;
    }
    return &k->reader;
}

/* ----------------------------------------------- a part of a sector behind */

/* How many bytes the chunk in the landing holds, 0 when it is not sound. */
static size_t length_of(const struct ewf_reader *k, size_t n, bool deflated,
                        const unsigned char checksum[4], size_t room)
{
    unsigned char *out;
    uLongf len = room;

    if (!deflated)
        return adler32_of(k->landing, n) == le32(checksum) ? n : 0;
    out = malloc(room);
    if (!out || uncompress(out, &len, k->landing, n) != Z_OK)
        len = 0;
    free(out);
    return len;
}

/* Bytes of the last chunk that are not in the media's whole sectors. */
static size_t tail_of(struct ewf_reader *k)
{
    size_t rest = k->size % k->chunk_size;
    uint64_t offset = k->size - rest;
    unsigned char checksum[4] = { 0 };
    struct err ignored = ERR_INIT;
    int8_t deflated = 0;
    size_t len;
    ssize_t n;

    if (rest == 0 || is_claimed_too_long(k, offset, &ignored) != 0)
        return 0;
    n = land(k, offset, &deflated, checksum);
    if (n <= 0 || (size_t)n > deflated_limit(rest + SECTOR))
        return 0;
    len = length_of(k, (size_t)n, deflated, checksum, rest + SECTOR);
    return len > rest && len - rest < SECTOR ? len - rest : 0;
}

/* Whoever reads it is told why that is not possible. */
void ewf_add_tail(struct image *image)
{
    const struct image_reader_config c = { .image = image, .slots = 1 };
    struct err ignored = ERR_INIT;
    struct reader *r;

    if (image->size % BLOCK_SIZE == 0)
        return;
    r = ewf_reader_new(&c, &ignored);
    if (!r)
        return;
    image->size += tail_of(ours(r));
    ewf_reader_free(r);
}
