/* SPDX-License-Identifier: Apache-2.0 */
#include "image/deflate.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "image/deflate-private.h"
#include "image/random.h"

/* Lengths are 32 bits in some of the libraries. */
#define LENGTH_LIMIT ((size_t)1 << 30)

/* So much is tried of data that look like noise. */
#define PIECE ((size_t)16384)

/* ------------------------------------------------------------ the choice */

enum task { FAST, BEST, INFLATE, STRICTLY, TASKS };

#if defined HAVE_ISAL
#define FIRST_AT_FAST &deflate_isal
#elif defined HAVE_LIBDEFLATE
#define FIRST_AT_FAST &deflate_libdeflate
#else
#define FIRST_AT_FAST &deflate_zlib
#endif

#if defined HAVE_LIBDEFLATE
#define FIRST_AT_BEST &deflate_libdeflate
#else
#define FIRST_AT_BEST &deflate_zlib
#endif

#if defined HAVE_LIBDEFLATE
#define FIRST_AT_INFLATING &deflate_libdeflate
#elif defined HAVE_ISAL
#define FIRST_AT_INFLATING &deflate_isal
#else
#define FIRST_AT_INFLATING &deflate_zlib
#endif

static const struct deflate_engine *const first[TASKS] = {
    [FAST] = FIRST_AT_FAST,
    [BEST] = FIRST_AT_BEST,
    [INFLATE] = FIRST_AT_INFLATING,
    [STRICTLY] = &deflate_zlib,
};

static const struct deflate_engine *forced;

static const struct deflate_engine *engine(enum task t)
{
    return forced ? forced : first[t];
}

/* ------------------------------------------------------ one for a thread */

struct codec {
    const struct deflate_engine *engines[TASKS];
    void *own[TASKS];
    bool in_noise;             /* the last chunk was */
};

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void codec_free(void *p)
{
    struct codec *c = p;

    for (int t = 0; t < TASKS; t++)
        if (c->own[t])
            c->engines[t]->end(c->own[t]);
    free(c);
}

static void make_key(void)
{
    int r = pthread_key_create(&key, codec_free);

    assert(r == 0);
    (void)r;
}

/* All of it at once: no memory to inflate with is no damage of a chunk. */
static struct codec *codec_new(void)
{
    struct codec *c = calloc(1, sizeof(*c));

    for (int t = 0; c && t < TASKS; t++) {
        c->engines[t] = engine((enum task)t);
        c->own[t] = c->engines[t]->begin();
        if (!c->own[t]) {
            codec_free(c);
            c = NULL;
        }
    }
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

void deflate_force(const struct deflate_engine *g)
{
    pthread_once(&key_once, make_key);
    if (pthread_getspecific(key))
        codec_free(pthread_getspecific(key));
    pthread_setspecific(key, NULL);
    forced = g;
}

/* -------------------------------------------------------------- the tasks */

static size_t deflate_all(struct codec *c, enum deflate_level level,
                          const void *in, size_t n, void *out, size_t room)
{
    enum task t = level == DEFLATE_BEST ? BEST : FAST;

    assert(n <= LENGTH_LIMIT && room <= LENGTH_LIMIT);
    return c->engines[t]->deflate(c->own[t], level, in, n, out, room);
}

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
        c->in_noise = !deflate_all(c, DEFLATE_FAST, in + (n - PIECE) / 2,
                                   PIECE, out, PIECE - 1);
    return c->in_noise;
}

size_t deflate_chunk(struct codec *c, enum deflate_level level,
                     const void *in, size_t n, void *out, size_t room)
{
    if (level == DEFLATE_NONE
        || (level == DEFLATE_FAST && is_hopeless(c, in, n, out, room)))
        return 0;
    return deflate_all(c, level, in, n, out, room);
}

static int inflate_by(struct codec *c, enum task t, const void *in,
                      size_t len, void *out, size_t n)
{
    assert(len <= LENGTH_LIMIT && n <= LENGTH_LIMIT);
    return c->engines[t]->inflate(c->own[t], in, len, out, n);
}

int inflate_chunk(struct codec *c, const void *in, size_t len, void *out,
                  size_t n)
{
    return inflate_by(c, INFLATE, in, len, out, n);
}

int inflate_strictly(struct codec *c, const void *in, size_t len, void *out,
                     size_t n)
{
    return inflate_by(c, STRICTLY, in, len, out, n);
}

uint32_t adler32_of(const void *data, size_t n)
{
    assert(n <= LENGTH_LIMIT);
    return engine(INFLATE)->adler32(data, n);
}

const char *deflate_library(enum deflate_level level)
{
    return engine(level == DEFLATE_BEST ? BEST : FAST)->name;
}

const char *inflate_library(void)
{
    return engine(INFLATE)->name;
}
