#include "image/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/thread.h"
#include "image/ewf.h"
#include "image/raw.h"
#include "image/reader-base.h"

/* ------------------------------------------------------------ which kind */

#define SIGNATURE 8

static const struct {
    unsigned char bytes[SIGNATURE];
    const char *unsupported;   /* NULL: an E01 */
} signatures[] = {
    { { 'E', 'V', 'F', 9, 13, 10, 255, 0 }, NULL },
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
    memset(start, 0, SIGNATURE);
    if (file_read_at(fd, start, SIGNATURE, 0, &got, path, e) < 0) {
        e->kind = ERR_USAGE;
        return -1;
    }
    return 0;
}

/* A name that says E01 above other content is damage, not a raw image. */
static int check_raw(const char *path, struct err *e)
{
    size_t n = strlen(path);

    if (n < 4 || strcasecmp(path + n - 4, E01_SUFFIX) != 0)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "%s does not begin as an E01 image "
                   "does", path);
}

static int find_kind(const char *path, enum image_kind *kind, struct err *e)
{
    unsigned char start[SIGNATURE];

    *kind = IMAGE_RAW;
    if (read_start(path, start, e) < 0)
        return -1;
    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
        if (memcmp(start, signatures[i].bytes, SIGNATURE) != 0)
            continue;
        if (signatures[i].unsupported)
            return err_set(e, ERR_USAGE, 0, "%s is %s, which is not "
                           "supported", path, signatures[i].unsupported);
        *kind = IMAGE_E01;
        return 0;
    }
    return check_raw(path, e);
}

static int open_ewf(const char *first, struct image *out, struct err *e)
{
    struct ewf_info info;

    if (ewf_info_read(first, &info, e) < 0)
        return -1;
    out->size = info.media_size;
    ewf_info_free(&info);
    out->paths = ewf_paths(first, e);
    return out->paths ? 0 : -1;
}

static int open_raw(const char *first, struct image *out, struct err *e)
{
    out->paths = raw_paths(first, &out->size, e);
    return out->paths ? 0 : -1;
}

int image_open(const char *first, struct image *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (find_kind(first, &out->kind, e) < 0)
        return -1;
    return out->kind == IMAGE_E01 ? open_ewf(first, out, e)
                                  : open_raw(first, out, e);
}

int image_open_partial(const char *first, uint64_t size, struct image *out,
                       struct err *e)
{
    uint64_t all;

    memset(out, 0, sizeof(*out));
    if (find_kind(first, &out->kind, e) < 0)
        return -1;
    out->paths = out->kind == IMAGE_E01 ? ewf_paths(first, e)
                                        : raw_paths(first, &all, e);
    out->size = size;
    out->partial = true;
    return out->paths ? 0 : -1;
}

void image_close(struct image *i)
{
    if (i->kind == IMAGE_E01)
        ewf_paths_free(i->paths);
    else
        raw_paths_free(i->paths);
    i->paths = NULL;
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
    struct reader *r = c->image->kind == IMAGE_E01 ? ewf_reader_new(c, e)
                                                   : raw_reader_new(c, e);

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
