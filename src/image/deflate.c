#include "image/deflate.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#include "image/random.h"

#ifdef HAVE_ISAL
#include <isa-l.h>

/* Level 2 is as small as zlib's level 1 at a quarter of the time. */
#define FAST_LEVEL 2
#define FAST_ROOM ISAL_DEF_LVL2_DEFAULT
#endif

/* Lengths are 32 bits in both libraries. */
#define LENGTH_LIMIT ((size_t)1 << 30)

/* So much is tried of data that look like noise. */
#define PIECE ((size_t)16384)

/* A zlib stream for deflating, set up at its first use. */
struct stream {
    z_stream z;
    bool ready;
};

struct codec {
#ifdef HAVE_ISAL
    struct isal_zstream deflate;
    struct inflate_state inflate;
    unsigned char room[FAST_ROOM];
#else
    struct stream fast;
    z_stream inflate;
#endif
    struct stream best;
    bool in_noise;             /* the last chunk was */
};

/* ------------------------------------------------------ one for a thread */

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void codec_free(void *p)
{
    struct codec *c = p;

#ifndef HAVE_ISAL
    if (c->fast.ready)
        deflateEnd(&c->fast.z);
    inflateEnd(&c->inflate);
#endif
    if (c->best.ready)
        deflateEnd(&c->best.z);
    free(c);
}

static void make_key(void)
{
    int r = pthread_key_create(&key, codec_free);

    assert(r == 0);
    (void)r;
}

static struct codec *codec_new(void)
{
    struct codec *c = calloc(1, sizeof(*c));

#ifndef HAVE_ISAL
    if (c && inflateInit(&c->inflate) != Z_OK) {
        free(c);
        return NULL;
    }
#endif
    return c;
}

struct codec *codec_mine(struct err *e)
{
    struct codec *c;

    pthread_once(&key_once, make_key);
    c = pthread_getspecific(key);
    if (c)
        return c;
    c = codec_new();
    if (c && pthread_setspecific(key, c) != 0) {
        codec_free(c);
        c = NULL;
    }
    if (!c)
        err_nomem(e);
    return c;
}

/* ------------------------------------------------------------------ zlib */

static void set_buffers(z_stream *z, const void *in, size_t n, void *out,
                        size_t room)
{
    assert(n <= LENGTH_LIMIT && room <= LENGTH_LIMIT);
    z->next_in = in;
    z->avail_in = (uInt)n;
    z->next_out = out;
    z->avail_out = (uInt)room;
}

static bool begin_deflate(struct stream *s, int level)
{
    if (s->ready)
        return deflateReset(&s->z) == Z_OK;
    s->ready = deflateInit(&s->z, level) == Z_OK;
    return s->ready;
}

static size_t zlib_deflate(struct stream *s, int level, const void *in,
                           size_t n, void *out, size_t room)
{
    if (!begin_deflate(s, level))
        return 0; /* no memory: stored is right too, only larger */
    set_buffers(&s->z, in, n, out, room);
    return deflate(&s->z, Z_FINISH) == Z_STREAM_END ? s->z.total_out : 0;
}

#ifndef HAVE_ISAL

static size_t fast_deflate(struct codec *c, const void *in, size_t n,
                           void *out, size_t room)
{
    return zlib_deflate(&c->fast, 1, in, n, out, room);
}

int inflate_chunk(struct codec *c, const void *in, size_t len, void *out,
                  size_t n)
{
    z_stream *z = &c->inflate;

    if (inflateReset(z) != Z_OK)
        return -1;
    set_buffers(z, in, len, out, n);
    if (inflate(z, Z_FINISH) != Z_STREAM_END)
        return -1;
    return z->avail_in == 0 && z->avail_out == 0 ? 0 : -1;
}

uint32_t adler32_of(const void *data, size_t n)
{
    assert(n <= LENGTH_LIMIT);
    return (uint32_t)adler32(1, data, (uInt)n);
}

const char *deflate_library(void)
{
    return "zlib " ZLIB_VERSION;
}

#else

/* ----------------------------------------------------------------- ISA-L */

/* It never writes to its input, but wants it without const. */
static uint8_t *unconst(const void *p)
{
    union {
        const void *in;
        uint8_t *out;
    } u = { .in = p };

    return u.out;
}

static size_t fast_deflate(struct codec *c, const void *in, size_t n,
                           void *out, size_t room)
{
    struct isal_zstream *z = &c->deflate;

    assert(n <= LENGTH_LIMIT && room <= LENGTH_LIMIT);
    isal_deflate_stateless_init(z);
    z->level = FAST_LEVEL;
    z->level_buf = c->room;
    z->level_buf_size = sizeof(c->room);
    z->gzip_flag = IGZIP_ZLIB;
    z->end_of_stream = 1;
    z->flush = NO_FLUSH;
    z->next_in = unconst(in);
    z->avail_in = (uint32_t)n;
    z->next_out = out;
    z->avail_out = (uint32_t)room;
    return isal_deflate_stateless(z) == COMP_OK && z->avail_in == 0
        ? z->total_out : 0;
}

/* Whole bytes that were taken from the input but not needed. */
static size_t left_over(const struct inflate_state *s)
{
    return s->avail_in + (size_t)(s->read_in_length / 8);
}

int inflate_chunk(struct codec *c, const void *in, size_t len, void *out,
                  size_t n)
{
    struct inflate_state *s = &c->inflate;

    assert(len <= LENGTH_LIMIT && n <= LENGTH_LIMIT);
    isal_inflate_init(s);
    s->crc_flag = ISAL_ZLIB;
    s->next_in = unconst(in);
    s->avail_in = (uint32_t)len;
    s->next_out = out;
    s->avail_out = (uint32_t)n;
    if (isal_inflate_stateless(s) != ISAL_DECOMP_OK
        || s->block_state != ISAL_BLOCK_FINISH)
        return -1;
    return s->total_out == n && left_over(s) == 0 ? 0 : -1;
}

uint32_t adler32_of(const void *data, size_t n)
{
    return isal_adler32(1, data, n);
}

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *deflate_library(void)
{
    return "ISA-L " TEXT(ISAL_MAJOR_VERSION) "." TEXT(ISAL_MINOR_VERSION);
}

#endif

/* ------------------------------------------------------------ both of them */

void deflate_begin(struct codec *c)
{
    c->in_noise = false;
}

/* Noise, and a piece of it does not shrink: to be stored.  (Noise that
 * repeats itself only at a distance would deflate and is stored too.)  What
 * is encrypted, or deflated already, is so for many chunks in a row. */
static bool is_hopeless(struct codec *c, const unsigned char *in, size_t n,
                        void *out, size_t room)
{
    if (room >= n || room < PIECE || n < 2 * PIECE || !looks_random(in, n))
        c->in_noise = false;
    else if (!c->in_noise)
        c->in_noise = !fast_deflate(c, in + (n - PIECE) / 2, PIECE, out,
                                    PIECE - 1);
    return c->in_noise;
}

size_t deflate_chunk(struct codec *c, enum deflate_level level,
                     const void *in, size_t n, void *out, size_t room)
{
    switch (level) {
    case DEFLATE_FAST:
        if (is_hopeless(c, in, n, out, room))
            return 0;
        return fast_deflate(c, in, n, out, room);
    case DEFLATE_BEST:
        return zlib_deflate(&c->best, 9, in, n, out, room);
    case DEFLATE_NONE:
        break;
    }
    return 0;
}
