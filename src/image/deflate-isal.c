/* SPDX-License-Identifier: Apache-2.0 */
/* Intel's library, the fastest one at deflating. */
#include "image/deflate-private.h"

#ifdef HAVE_ISAL

#include <stdlib.h>

#include <isa-l.h>

/* As small as zlib's level 1 at a quarter of the time. */
#define LEVEL 2
#define ROOM ISAL_DEF_LVL2_DEFAULT

struct own {
    struct isal_zstream deflate;
    struct inflate_state inflate;
    unsigned char room[ROOM];
};

static void *begin(void)
{
    return calloc(1, sizeof(struct own));
}

/* It never writes to its input, but wants it without const. */
static uint8_t *unconst(const void *p)
{
    union {
        const void *in;
        uint8_t *out;
    } u = { .in = p };

    return u.out;
}

static size_t isal_deflate_all(void *own, enum deflate_level level,
                               const void *in, size_t n, void *out,
                               size_t room)
{
    struct own *o = own;
    struct isal_zstream *z = &o->deflate;

    (void)level;
    isal_deflate_stateless_init(z);
    z->level = LEVEL;
    z->level_buf = o->room;
    z->level_buf_size = sizeof(o->room);
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

static int isal_inflate_all(void *own, const void *in, size_t len, void *out,
                            size_t n)
{
    struct inflate_state *s = &((struct own *)own)->inflate;

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

static uint32_t adler32_all(const void *data, size_t n)
{
    return isal_adler32(1, data, n);
}

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const struct deflate_engine deflate_isal = {
    .name = "ISA-L " TEXT(ISAL_MAJOR_VERSION) "." TEXT(ISAL_MINOR_VERSION),
    .begin = begin,
    .end = free,
    .deflate = isal_deflate_all,
    .inflate = isal_inflate_all,
    .adler32 = adler32_all,
};

#endif
