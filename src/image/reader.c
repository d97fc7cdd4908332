/* SPDX-License-Identifier: Apache-2.0 */
#include "image/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/thread.h"
#include "image/formats.h"
#include "image/reader-private.h"

/* ------------------------------------------------------------ which kind */

/* What is known, and not read. */
static const struct {
    unsigned char bytes[FORMAT_SIGNATURE];
    const char *name;
} unsupported[] = {
    { { 'E', 'V', 'F', '2', 13, 10, 129, 0 }, "an Ex01 image" },
    { { 'L', 'V', 'F', 9, 13, 10, 255, 0 }, "a logical evidence file (L01)" },
    { { 'L', 'E', 'F', '2', 13, 10, 129, 0 },
      "a logical evidence file (Lx01)" },
};

static int read_start(const char *path, unsigned char *start, struct err *e)
{
    autoclose int fd = -1;
    size_t got;

    if (file_open(path, &fd, e) < 0)
        return -1;
    memset(start, 0, FORMAT_SIGNATURE);
    if (file_read_at(fd, start, FORMAT_SIGNATURE, 0, &got, path, e) < 0) {
        e->kind = ERR_USAGE;
        return -1;
    }
    return 0;
}

static int refuse_unsupported(const char *path, const unsigned char *start,
                              struct err *e)
{
    for (size_t i = 0; i < sizeof(unsupported) / sizeof(unsupported[0]); i++)
        if (memcmp(start, unsupported[i].bytes, FORMAT_SIGNATURE) == 0)
            return err_set(e, ERR_USAGE, 0, "%s is %s, which is not "
                           "supported", path, unsupported[i].name);
    return 0;
}

/* A name that says E01 above other content is damage, not a raw image. */
static int check_name(const char *path, struct err *e)
{
    size_t n = strlen(path);

    for (int i = 0; i < FORMATS; i++) {
        size_t k = formats[i]->signature ? strlen(formats[i]->suffix) : 0;

        if (k && n >= k
            && strcasecmp(path + n - k, formats[i]->suffix) == 0)
            return err_set(e, ERR_VERIFY, 0, "%s does not begin as %s image "
                           "does", path, formats[i]->name);
    }
    return 0;
}

static int find_format(const char *path, const struct format **out,
                       struct err *e)
{
    unsigned char start[FORMAT_SIGNATURE];

    if (read_start(path, start, e) < 0)
        return -1;
    for (int i = 0; i < FORMATS; i++) {
        *out = formats[i];
        if ((*out)->signature
            && memcmp(start, (*out)->signature, FORMAT_SIGNATURE) == 0)
            return 0;
    }
    for (int i = 0; i < FORMATS; i++)
        if (!formats[i]->signature)
            *out = formats[i];
    return refuse_unsupported(path, start, e) < 0 ? -1 : check_name(path, e);
}

int image_open(const char *first, struct image *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (find_format(first, &out->format, e) < 0)
        return -1;
    return out->format->open(first, out, e);
}

int image_open_partial(const char *first, uint64_t size, struct image *out,
                       struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (find_format(first, &out->format, e) < 0)
        return -1;
    out->size = size;
    out->partial = true;
    return out->format->open_partial(first, out, e);
}

void image_close(struct image *i)
{
    for (size_t n = 0; i->paths && i->paths[n]; n++)
        free(i->paths[n]);
    free(i->paths);
    i->paths = NULL;
    free(i->gaps);
    i->gaps = NULL;
    i->ngaps = 0;
}

/* ---------------------------------------------------------------- damage */

int reader_damaged(struct reader *r, uint64_t offset, uint64_t len,
                   const char *why, struct err *e)
{
    if (!r->config.damaged)
        return err_set(e, ERR_VERIFY, 0,
                       "%s is damaged at bytes %" PRIu64 " to %" PRIu64
                       " of the media: %s", r->config.image->paths[0],
                       offset, offset + len - 1, why);
    AUTOLOCK(&r->telling);
    r->config.damaged(r->config.damaged_ctx, offset, len);
    return 0;
}

void reader_blank(struct slot *s)
{
    memset(s->raw, 0, s->len);
    s->unreadable = true;
}

/* ---------------------------------------------------------------- thread */

static void hand_over(struct reader *r, struct slot *s, uint64_t gap,
                      uint64_t offset, uint32_t len)
{
    s->gap = gap;
    s->offset = offset;
    s->len = len;
    window_arrived(r->window, s);
}

static struct slot *next_slot(const struct reader *r)
{
    struct slot *s = window_reserve_wait(r->window);

    if (s)
        window_buffer(r->window, s);
    return s;
}

/* One slot is always held: blocks of zeros leave it free for the next. */
static int read_all(struct reader *r, struct err *e)
{
    uint64_t size = r->config.image->size;
    uint64_t gap = 0;
    struct slot *s = next_slot(r);

    for (uint64_t at = 0; s && at < size; at += BLOCK_SIZE) {
        uint64_t left = size - at;
        uint32_t len = left < BLOCK_SIZE ? (uint32_t)left : BLOCK_SIZE;
        int filled;

        s->len = len;
        filled = r->stopping ? -1 : r->fill(r, s, at, e);
        if (filled < 0)
            return -1;
        if (!filled) {
            gap += len;
            continue;
        }
        hand_over(r, s, gap, at, len);
        gap = 0;
        s = next_slot(r);
    }
    if (s)
        hand_over(r, s, gap, size, 0);
    return 0;
}

static void *reader_main(void *arg)
{
    struct reader *r = arg;
    struct err e = ERR_INIT;

    if (read_all(r, &e) < 0 && !r->stopping)
        window_fail(r->window, &e);
    return NULL;
}

static int reader_start(struct source *src, struct window *w, struct err *e)
{
    struct reader *r = (struct reader *)src;

    r->window = w;
    if (thread_start(&r->thread, reader_main, r, "reader", e) < 0)
        return -1;
    r->started = true;
    return 0;
}

static void reader_stop(struct source *src)
{
    struct reader *r = (struct reader *)src;

    r->stopping = true;
    if (r->started)
        thread_join(r->thread);
    r->started = false;
}

int image_reader_fill(struct source *s, struct slot *slot, struct err *e)
{
    struct reader *r = (struct reader *)s;
    int filled = r->fill(r, slot, slot->offset, e);

    if (filled == 0)
        memset(slot->raw, 0, slot->len);
    return filled < 0 ? -1 : 0;
}

/* ------------------------------------------------------------- new, free */

struct source *image_reader_new(const struct image_reader_config *c,
                                struct err *e)
{
    struct reader *r = c->image->format->reader_new(c, e);

    if (!r)
        return NULL;
    r->config = *c;
    r->source.name = "image";
    r->source.start = reader_start;
    r->source.stop = reader_stop;
    pthread_mutex_init(&r->telling, NULL);
    return &r->source;
}

void image_reader_free(struct source *s)
{
    struct reader *r = (struct reader *)s;

    if (!r)
        return;
    pthread_mutex_destroy(&r->telling);
    r->free(r);
}
