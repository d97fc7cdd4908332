/* SPDX-License-Identifier: Apache-2.0 */
#include "files/parser.h"

#include <string.h>

#include "files/parser-private.h"

/* ------------------------------------------------------------------- bytes */

static int gone(struct parser *p, struct err *e)
{
    p->lost = true;
    return err_set(e, ERR_INTERNAL, 0, "the owner of the volume is gone");
}

static int ask(struct parser *p, uint64_t offset, void *to, size_t n,
               struct err *e)
{
    struct wire_read r = { offset, n };
    enum wire_kind kind = 0;

    if (wire_put(&p->wire, WIRE_READ, &r, sizeof(r), NULL, 0, e) < 0
        || wire_get(&p->wire, &kind, e) <= 0)
        return gone(p, e);
    if (kind == WIRE_LOST)
        return err_set(e, ERR_SOURCE, 0, "%.400s", p->wire.in.s);
    if (kind != WIRE_BYTES || p->wire.in.len != n)
        return gone(p, e);
    memcpy(to, p->wire.in.s, n);
    return 0;
}

static int read_volume(void *ctx, uint64_t offset, void *to, size_t n,
                       struct err *e)
{
    unsigned char *at = to;

    while (n) {
        size_t part = n < WIRE_READ_MAX ? n : WIRE_READ_MAX;

        if (ask(ctx, offset, at, part, e) < 0)
            return -1;
        offset += part;
        at += part;
        n -= part;
    }
    return 0;
}

static int read_window(void *ctx, uint64_t offset, void *to, size_t n,
                       struct err *e)
{
    const struct parser_window *w = ctx;

    return fs_source_read(w->of, w->offset + offset, to, n, e);
}

void parser_window(struct parser_window *w, const struct fs_source *of,
                   uint64_t offset, uint64_t size)
{
    w->of = of;
    w->offset = offset;
    w->source = (struct fs_source){ read_window, w, size };
}

/* ---------------------------------------------------------------- messages */

void parser_tell(struct parser *p, enum wire_kind kind, const char *text)
{
    struct err ignored = ERR_INIT;
    size_t n = strlen(text) + 1;

    if (wire_put(&p->wire, kind, text, n, NULL, 0, &ignored) < 0)
        p->lost = true;
}

int parser_put_part(struct parser *p, enum wire_kind kind,
                    const struct part_info *i, struct err *e)
{
    if (wire_put(&p->wire, kind, i, sizeof(*i), NULL, 0, e) < 0
        || wire_flush(&p->wire, e) < 0)
        return gone(p, e);
    if (kind == WIRE_PART && !i->is_read && (i->is_lost || *i->kind))
        return parser_map_unknown(p, i, e);
    return 0;
}

/* -------------------------------------------------------------------- jobs */

static int take_job(struct parser *p)
{
    struct err ignored = ERR_INIT;
    enum wire_kind kind = 0;
    size_t n;

    if (wire_get(&p->wire, &kind, &ignored) <= 0)
        return 0;
    n = p->wire.in.len;
    if (kind != WIRE_JOB || n <= sizeof(p->job) || p->wire.in.s[n - 1])
        return -1;
    memcpy(&p->job, p->wire.in.s, sizeof(p->job));
    text_clear(&p->path);
    text_add(&p->path, p->wire.in.s + sizeof(p->job));
    return p->path.failed ? -1 : 1;
}

static int do_job(struct parser *p)
{
    struct err e = ERR_INIT;
    struct wire_end end = { 0 };

    p->volume = (struct fs_source){ read_volume, p, p->job.size };
    if (parser_volume(p, &e) < 0 || parser_lvm_volumes(p, &e) < 0) {
        end.failed = true;
        end.kind = (int)e.kind;
        memcpy(end.why, e.msg, sizeof(end.why) - 1);
    }
    parser_lvm_end(p);
    if (p->lost || wire_put(&p->wire, WIRE_END, &end, sizeof(end), NULL, 0,
                            &e) < 0)
        return -1;
    return wire_flush(&p->wire, &e);
}

int parser_main(int fd)
{
    struct parser p = { .wire = { .fd = fd } };
    int r;

    while ((r = take_job(&p)) > 0)
        if (do_job(&p) < 0)
            return 1;
    text_free(&p.path);
    wire_free(&p.wire);
    return r < 0;
}
