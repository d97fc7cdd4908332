/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a part of a volume: its file system, if one is known, and the
 * files in that. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "files/parser-private.h"
#include "fs/recognize.h"

struct part {
    struct parser *parser;
    const struct fs_driver *driver;
    struct fs *fs;
    const struct part_info *info;
};

#define PIECE 262144u          /* bytes of a content at once */

/* ----------------------------------------------------------------- content */

static int put_end(struct parser *p, const char *why, struct err *e)
{
    return wire_put(&p->wire, WIRE_DATA_END, why, strlen(why) + 1, NULL, 0,
                    e);
}

/* What cannot be read of a file ends this file. */
static int send_content(struct part *t, const struct fs_entry *f,
                        struct err *e)
{
    autofree char *piece = malloc(PIECE);
    struct err why = ERR_INIT;
    uint64_t at = 0;

    if (!piece)
        return err_nomem(e);
    for (;;) {
        size_t got = 0;

        if (t->driver->read(t->fs, f->inode, f->stream, at, piece, PIECE,
                            &got, &why) < 0)
            break;
        if (got && wire_put(&t->parser->wire, WIRE_DATA, piece, got, NULL, 0,
                            e) < 0)
            return -1;
        at += got;
        if (got < PIECE)
            break;
    }
    return t->parser->lost ? -1 : put_end(t->parser, why.msg, e);
}

/* -1: the owner said neither. */
static int is_wanted(struct parser *p, struct err *e)
{
    enum wire_kind kind = 0;

    if (!p->job.ask)
        return 0;
    if (wire_get(&p->wire, &kind, e) <= 0 || kind != WIRE_ANSWER
        || p->wire.in.len != 1) {
        p->lost = true;
        return err_set(e, ERR_INTERNAL, 0, "no answer");
    }
    return p->wire.in.s[0] != 0;
}

/* ------------------------------------------------------------------- visit */

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct part *t = ctx;
    autotext struct text texts = TEXT_INIT;
    struct wire_entry w;
    int wanted;

    memset(&w, 0, sizeof(w));
    w.entry = *f;
    w.entry.path = w.entry.target = NULL;
    w.path_size = (uint32_t)strlen(f->path) + 1;
    w.target_size = f->target ? (uint32_t)strlen(f->target) + 1 : 0;
    text_addn(&texts, f->path, w.path_size);
    if (f->target)
        text_addn(&texts, f->target, w.target_size);
    if (texts.failed)
        return err_nomem(e);
    if (wire_put(&t->parser->wire, WIRE_ENTRY, &w, sizeof(w), texts.s,
                 texts.len, e) < 0)
        return -1;
    if (parser_map_file(t->parser, t->driver, t->fs, t->info, f, e) < 0)
        return -1;
    wanted = is_wanted(t->parser, e);
    return wanted > 0 ? send_content(t, f, e) : wanted;
}

static void on_note(void *ctx, const char *text)
{
    const struct part *t = ctx;

    parser_tell(t->parser, WIRE_NOTE, text);
}

static void on_remark(void *ctx, const char *text)
{
    const struct part *t = ctx;

    parser_tell(t->parser, WIRE_REMARK, text);
}

static int visit(struct part *t, struct err *e)
{
    struct fs_visitor v = { t, on_entry, on_note, on_remark };

    return t->driver->walk(t->fs, t->parser->path.s, &v, e) < 0 ? -1 : 0;
}

/* -------------------------------------------------------------------- part */

static void set_kind(struct part_info *i, const struct fs_kind *k)
{
    snprintf(i->kind, sizeof(i->kind), "%s", k->name);
    i->is_read = k->driver != NULL;
    snprintf(i->why, sizeof(i->why), "%s", k->driver ? "" : k->why);
}

/* What fails here fails for this part alone, and is told with it. */
static int read_part(struct parser *p, const struct fs_source *s,
                     struct part_info *i, const struct fs_driver *d,
                     struct err *e)
{
    struct part t = { p, d, NULL, i };
    struct err why = ERR_INIT;
    int r;

    if (parser_put_part(p, WIRE_TRY, i, e) < 0)
        return -1;
    t.fs = d->open(s, &why);
    if (!t.fs) {
        i->is_read = false;
        snprintf(i->why, sizeof(i->why), "%.390s", why.msg);
    }
    r = parser_put_part(p, WIRE_PART, i, e);
    if (r == 0 && t.fs && visit(&t, &why) < 0) {
        autotext struct text told = TEXT_INIT;

        text_addf(&told, "not all of the %s file system could be read: %s",
                  i->kind, why.msg);
        if (!told.failed)
            parser_tell(p, WIRE_NOTE, told.s);
    }
    if (r == 0 && t.fs)
        r = parser_map_part(p, d, t.fs, i, e);
    d->close(t.fs);
    if (p->lost)
        return err_set(e, ERR_INTERNAL, 0, "lost");
    return r;
}

static int one_kind(struct parser *p, const struct fs_source *s,
                    struct part_info *i, const struct fs_kind *k,
                    struct err *e)
{
    set_kind(i, k);
    if (strcmp(k->name, "LVM2") == 0 && !*i->volume)
        return parser_lvm_add(p, i, e);
    return k->driver ? read_part(p, s, i, k->driver, e)
                     : parser_put_part(p, WIRE_PART, i, e);
}

/* Partitions of these types hold no file system: boot code of BIOS and of
 * PowerPC, and what Windows reserves. */
static bool is_for_boot(const struct part_info *i)
{
    static const char *const types[] = {
        "0x41",
        "21686148-6449-6e6f-744e-656564454649",
        "9e1a2d38-c612-4316-aa26-8b49521e5a8b",
        "e3c9e316-0b5c-4db8-817d-f92df00215ae",
    };

    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
        if (strcmp(i->type, types[t]) == 0)
            return true;
    return false;
}

static void set_why(struct part_info *i, bool is_lost, const char *why)
{
    i->is_lost = is_lost;
    snprintf(i->why, sizeof(i->why), "%.390s", why);
}

/* A file system whose mark was wiped or cannot be read is one all the same:
 * only what has a reason to be none is. */
static void set_unknown(const struct fs_source *s, struct part_info *i)
{
    struct err why = ERR_INIT;
    int zeros;

    if (is_for_boot(i)) {
        set_why(i, false, "no file system that is known; it is for a boot "
                "loader or reserved");
        return;
    }
    zeros = fs_seems_empty(s, &why);
    set_why(i, zeros <= 0, zeros < 0 ? why.msg
            : zeros ? "no file system that is known; zeros wherever it was "
                      "looked at"
                    : "no file system that is known");
}

static int put_unknown(struct parser *p, const struct fs_source *s,
                       struct part_info *i, const char *why, struct err *e)
{
    if (why)
        set_why(i, true, why);
    else
        set_unknown(s, i);
    return p->lost ? err_set(e, ERR_INTERNAL, 0, "lost")
                   : parser_put_part(p, WIRE_PART, i, e);
}

int parser_part(struct parser *p, const struct fs_source *s,
                struct part_info *i, struct err *e)
{
    const struct fs_kind *kinds[FS_KINDS_MAX];
    struct err why = ERR_INIT;
    int n = fs_recognize(s, kinds, &why);

    if (n <= 0)
        return put_unknown(p, s, i, n < 0 ? why.msg : NULL, e);
    for (int k = 0; k < n; k++)
        if (one_kind(p, s, i, kinds[k], e) < 0)
            return -1;
    return 0;
}
