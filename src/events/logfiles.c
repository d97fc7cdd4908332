/* SPDX-License-Identifier: Apache-2.0 */
#include "events/logfiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "events/gunzip.h"

/* So much of what a packed log unpacks to is looked through. */
#define UNPACKED_MAX (UINT64_C(1) << 30)
#define ZONE_BYTES 64u

struct reading {
    struct events *s;
    unsigned side;
    /* The file whose content comes: */
    struct text path;
    const char *kept;          /* its path in the store, once it is a log */
    bool is_zone;              /* /etc/timezone */
    bool has_modified;
    int64_t modified;
    struct gunzip *gunzip;     /* it is packed */
    bool is_damaged;
    const char *left;          /* why the rest is left out */
    uint64_t base;             /* of the bytes that are held, in the file */
    uint64_t unpacked;
    unsigned char *bytes;
    size_t size, room;
    bool is_chosen;            /* it is one of these: */
    size_t decoder;            /* in event_decoders */
    bool is_lost;              /* a decoder has ended over it */
    /* Of a span: */
    size_t own;                /* entries that begin from here on come again
                                * with the next piece */
};

static struct events_side *side_of(const struct reading *r)
{
    return &r->s->sides[r->side];
}

/* -------------------------------------------------------------------- gaps */

static int add_gap(struct reading *r, const char *path, struct err *e)
{
    struct events_side *x = side_of(r);

    x->is_blind |= x->gap_count == EVENTS_GAPS;
    if (x->is_blind)
        return 0;
    x->gaps[x->gap_count].path = store_keep(&r->s->store, path,
                                            strlen(path));
    return x->gaps[x->gap_count++].path ? 0 : err_nomem(e);
}

/* This file is a log, or may be one, and not all of it was read. */
static int leave(struct reading *r, const char *why, struct err *e)
{
    return add_gap(r, r->path.s, e) < 0 ? -1
         : events_note(r->s, r->side, r->path.s, why, e);
}

/* -------------------------------------------------------------------- spans */

static int on_event(void *ctx, const struct event *v, struct err *e)
{
    struct reading *r = ctx;

    if (v->at >= r->own)
        return 0;
    return events_add(r->s, r->side, v, r->kept, r->base + v->at, e);
}

static void on_note(void *ctx, const char *text)
{
    struct reading *r = ctx;
    struct err ignored = ERR_INIT;

    events_note(r->s, r->side, r->kept, text, &ignored);
}

/* The process ended over it: what kind it is of is not known then. */
static int lose(struct reading *r, struct err *e)
{
    r->is_lost = true;
    return leave(r, r->s->decoding.why, e);
}

static int choose(struct reading *r, struct err *e)
{
    for (size_t i = 0; i < event_decoder_count && !r->is_chosen; i++) {
        bool lost;
        struct err why = ERR_INIT;

        r->is_chosen = decoding_probe(&r->s->decoding, i, r->path.s, r->size,
                                      &lost, &why);
        r->decoder = i;
        if (why.kind)
            *e = why;
        if (lost)
            return why.kind ? -1 : lose(r, e);
    }
    return 0;
}

/* `last': the file ends with it. */
static int look(struct reading *r, bool last, struct err *e)
{
    const struct event_out out = { r, on_event, on_note };
    const struct event_span span = {
        .bytes = r->bytes, .size = r->size, .is_file = last && !r->base,
        .path = r->path.s, .has_modified = r->has_modified,
        .modified = r->modified,
    };
    int end;

    if (r->is_lost)
        return 0;
    decoding_give(&r->s->decoding, r->bytes, r->size);
    if (!r->is_chosen && choose(r, e) < 0)
        return -1;
    if (!r->is_chosen)
        return 0;
    if (!r->kept) {
        r->kept = store_keep(&r->s->store, r->path.s, r->path.len);
        if (!r->kept)
            return err_nomem(e);
    }
    r->own = last ? SIZE_MAX : r->size - EVENT_MARGIN;
    end = decoding_decode(&r->s->decoding, r->decoder, false, &span, &out, e);
    return end > 0 ? lose(r, e) : end;
}

/* There is no room for more of it: what is there is looked through, and its
 * end stays. */
static int make_room(struct reading *r, struct err *e)
{
    if (look(r, false, e) < 0)
        return -1;
    memmove(r->bytes, r->bytes + r->size - EVENT_MARGIN, EVENT_MARGIN);
    r->base += r->size - EVENT_MARGIN;
    r->size = EVENT_MARGIN;
    return 0;
}

static int grow(struct reading *r, size_t n, struct err *e)
{
    size_t room = r->room ? r->room : 65536;
    unsigned char *more;

    while (room < r->size + n)
        room *= 2;
    if (room <= r->room)
        return 0;
    more = realloc(r->bytes, room);
    if (!more)
        return err_nomem(e);
    r->bytes = more;
    r->room = room;
    return 0;
}

static int hold(void *ctx, const void *bytes, size_t n, struct err *e)
{
    struct reading *r = ctx;

    r->unpacked += n;
    if (r->left)
        return 0;
    if (r->gunzip && r->unpacked > UNPACKED_MAX) {
        r->left = "it unpacks to more than 1 GiB, of which the rest was not "
                  "looked into";
        return 0;
    }
    if (r->size + n > EVENT_SPAN_MAX && make_room(r, e) < 0)
        return -1;
    if (grow(r, n, e) < 0)
        return -1;
    memcpy(r->bytes + r->size, bytes, n);
    r->size += n;
    return 0;
}

/* ----------------------------------------------------------------- content */

static bool is_gzip(const unsigned char *p, size_t n)
{
    return n > 2 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8;
}

static int on_data(void *ctx, const void *bytes, size_t n, struct err *e)
{
    struct reading *r = ctx;
    int bad;

    if (!r->size && !r->base && !r->gunzip && is_gzip(bytes, n)) {
        r->gunzip = gunzip_new(e);
        if (!r->gunzip)
            return -1;
    }
    if (!r->gunzip)
        return hold(r, bytes, n, e);
    bad = gunzip_add(r->gunzip, bytes, n, hold, r, e);
    r->is_damaged |= bad > 0;
    return bad < 0 ? -1 : 0;
}

/* What cannot be unpacked here. */
static const char *packed_with(const unsigned char *p, size_t n)
{
    if (n >= 6 && memcmp(p, "\xfd" "7zXZ\0", 6) == 0)
        return "xz";
    if (n >= 4 && memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0)
        return "zstd";
    if (n >= 4 && memcmp(p, "\x04\x22\x4d\x18", 4) == 0)
        return "lz4";
    return n >= 3 && memcmp(p, "BZh", 3) == 0 ? "bzip2" : NULL;
}

static int tell_unknown(struct reading *r, struct err *e)
{
    const char *packed = packed_with(r->bytes, r->size);
    char why[64];

    if (packed) {
        snprintf(why, sizeof(why), "it is packed with %s and was not looked "
                 "into", packed);
        return leave(r, why, e);
    }
    if (r->size && strstr(r->path.s, "history"))
        side_of(r)->untimed++;
    else if (r->size)
        side_of(r)->unknown++;
    return 0;
}

static void take_zone(struct reading *r)
{
    size_t n = 0;

    while (n < r->size && n < ZONE_BYTES && r->bytes[n] > ' '
           && r->bytes[n] < 0x7f)
        n++;
    if (n && !side_of(r)->zone)
        side_of(r)->zone = store_keep(&r->s->store, (const char *)r->bytes,
                                      n);
}

static const char *why_broken(const struct reading *r, const char *why)
{
    if (why)
        return why;
    if (r->left)
        return r->left;
    if (r->is_damaged)
        return "what packs it is damaged: the rest was not looked into";
    if (r->gunzip && !gunzip_is_whole(r->gunzip))
        return "what packs it does not end: the rest was not looked into";
    return NULL;
}

static void forget(struct reading *r)
{
    gunzip_free(r->gunzip);
    r->gunzip = NULL;
    r->size = 0;
    text_clear(&r->path);
}

static int finish(struct reading *r, const char *why, struct err *e)
{
    why = why_broken(r, why);
    if (r->is_zone) {
        take_zone(r);
        return 0;
    }
    if (look(r, true, e) < 0)
        return -1;
    if (r->kept) {
        side_of(r)->logs++;
        side_of(r)->log_bytes += r->base + r->size;
    }
    if (why)
        return leave(r, why, e);
    return r->kept || r->is_lost ? 0 : tell_unknown(r, e);
}

static int on_whole(void *ctx, const char *why, struct err *e)
{
    struct reading *r = ctx;
    int end = finish(r, why, e);

    forget(r);
    return end;
}

/* ------------------------------------------------------------------- visit */

static int on_part(void *ctx, const struct part_info *i, struct err *e)
{
    const struct reading *r = ctx;

    (void)e;
    files_tell_part(i, &side_of(r)->sum);
    return 0;
}

/* /etc/localtime is a link to the rules of a zone. */
static void take_link(struct reading *r, const struct fs_entry *f)
{
    const char *name = f->target ? strstr(f->target, "zoneinfo/") : NULL;

    if (!name || f->deleted || strcmp(f->path, "/etc/localtime") != 0)
        return;
    name += strlen("zoneinfo/");
    side_of(r)->zone = store_keep(&r->s->store, name, strlen(name));
}

static void begin(struct reading *r, const struct fs_entry *f)
{
    text_clear(&r->path);
    text_add(&r->path, f->path);
    r->kept = NULL;
    r->is_chosen = r->is_lost = false;
    r->left = NULL;
    r->is_damaged = false;
    r->base = r->unpacked = 0;
    r->size = 0;
    r->has_modified = f->times & 1u << FS_MODIFIED;
    r->modified = f->time[FS_MODIFIED] / 1000;
}

/* What XFS tells as deleted was so while it was open, and has its blocks. */
static bool is_gone(const struct reading *r, const struct fs_entry *f)
{
    return f->reused
        || (f->deleted && strcmp(side_of(r)->sum.part.kind, "XFS") != 0);
}

/* Only holes make that. */
static bool is_beyond(const struct reading *r, uint64_t size)
{
    struct events_side *x = side_of(r);

    if (size > x->volume->size || x->wanted > x->volume->size - size)
        return true;
    x->wanted += size;
    return false;
}

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct reading *r = ctx;

    side_of(r)->sum.files++;
    if (f->type == FS_LINK)
        take_link(r, f);
    if (f->type != FS_FILE)
        return 0;
    r->is_zone = !f->deleted && strcmp(f->path, "/etc/timezone") == 0;
    if (!r->is_zone && !logfiles_is_place(f->path))
        return 0;
    if (is_gone(r, f)) {
        side_of(r)->deleted++;
        return 0;
    }
    begin(r, f);
    if (r->path.failed)
        return err_nomem(e);
    return is_beyond(r, f->size)
        ? leave(r, "with it the logs would be larger than the volume, so it "
                "was not looked into", e)
        : 1;
}

static void on_left_out(void *ctx, const char *text)
{
    struct reading *r = ctx;

    files_tell_note(&side_of(r)->sum, text);
}

static void on_remark(void *ctx, const char *text)
{
    const struct reading *r = ctx;

    files_tell_remark(&side_of(r)->sum, text);
}

/* --------------------------------------------------------------------- all */

static int walk(struct reading *r, struct err *e)
{
    const struct session_visitor v = { r, on_part, on_entry, on_data,
                                       on_whole, on_left_out, on_remark };
    const struct files_options o = { .partition = r->s->opt->partition };
    struct wire_job job;

    if (files_job(&o, &job, e) < 0)
        return -1;
    job.ask = true;
    return session_walk(&side_of(r)->session, job, "/", &v, e);
}

/* A partition that is asked for and is not there. */
static int check_part(const struct reading *r, struct err *e)
{
    const struct wire_job job = { .whole = r->s->opt->partition != NULL };

    return files_check_parts(&job, &side_of(r)->sum,
                             side_of(r)->volume->name, e);
}

int logfiles_read(struct events *s, unsigned side, struct err *e)
{
    struct reading r = { .s = s, .side = side };
    struct err why = ERR_INIT;
    int end = walk(&r, &why);

    free(r.bytes);
    gunzip_free(r.gunzip);
    text_free(&r.path);
    if (end == 0)
        return check_part(&r, e);
    if (why.kind != ERR_SOURCE) { /* it is not about the disk */
        *e = why;
        return -1;
    }
    s->sides[side].failed = true;
    s->sides[side].why = why;
    return 0;
}
