/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-cut.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"
#include "image/ewf-section.h"
#include "image/ewf-segments.h"

/* What the list says of a section's chunks. */
struct run {
    uint32_t *chunks;
    uint32_t n;
    uint64_t bytes;
};

/* One segment, while it is looked through. */
struct segment {
    char *path;
    int fd;
    unsigned number;
    uint64_t size;
};

struct cut {
    const char *base;
    struct ewf_chunks *list;
    uint64_t want;          /* chunks that shall stay */
    uint64_t passed;        /* chunks of the sections looked through */
    struct segment at;
    /* The section that holds the last chunk that stays: */
    uint64_t sectors;       /* where its head begins */
    uint64_t end;           /* 0, or its tables are good and end here */
    unsigned char volume[EWF_VOLUME];
    bool volume_known;
};

static void close_segment(struct segment *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    free(s->path);
    s->path = NULL;
}

static int open_segment(struct cut *c, unsigned number, struct err *e)
{
    struct segment *s = &c->at;
    struct stat st;

    close_segment(s);
    s->number = number;
    s->path = ewf_segment_path(c->base, number);
    if (!s->path)
        return err_nomem(e);
    if (file_reopen(s->path, &s->fd, e) < 0)
        return e->os_errno != ENOENT ? -1 : err_set(e, ERR_VERIFY, 0,
                                                    "%s is missing", s->path);
    if (fstat(s->fd, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", s->path);
    s->size = (uint64_t)st.st_size;
    return 0;
}

static int bad(const struct cut *c, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "%s has not the chunks that were "
                   "written to it", c->at.path);
}

/* 1 when so many bytes were there. */
static int read_at(const struct cut *c, void *data, size_t n, uint64_t at,
                   struct err *e)
{
    size_t got;

    if (file_read_at(c->at.fd, data, n, at, &got, c->at.path, e) < 0)
        return -1;
    return got == n;
}

/* 1: a section begins here. */
static int read_section(const struct cut *c, uint64_t at,
                        struct ewf_section *s, struct err *e)
{
    unsigned char head[EWF_SECTION_HEAD];
    int r = read_at(c, head, sizeof(head), at, e);

    if (r <= 0)
        return r;
    return ewf_section_decode(head, at, c->at.size, s) == 0;
}

/* ---------------------------------------------------------------- tables */

static int read_run(struct cut *c, uint32_t n, struct run *r, struct err *e)
{
    r->n = n;
    r->bytes = 0;
    r->chunks = calloc(n + 1, sizeof(*r->chunks));
    if (!r->chunks)
        return err_nomem(e);
    if (ewf_chunks_read(c->list, c->passed, n, r->chunks, e) < 0)
        return -1;
    for (uint32_t i = 0; i < n; i++)
        r->bytes += EWF_LENGTH(r->chunks[i]);
    return 0;
}

static void run_free(struct run *r)
{
    free(r->chunks);
}

#define autorun __attribute__((cleanup(run_free)))

static unsigned char *make_table(const struct run *r, uint64_t sectors,
                                 struct err *e)
{
    unsigned char *table = malloc(ewf_table_size(r->n));

    if (table)
        ewf_table_encode(table, r->chunks, r->n, sectors);
    else
        err_nomem(e);
    return table;
}

/* 1: the section at *at is of this type and holds this table; *at moves
 * behind it. */
static int is_table(const struct cut *c, const char *type, uint64_t *at,
                    const unsigned char *table, size_t n, struct err *e)
{
    autofree unsigned char *found = malloc(n);
    struct ewf_section s;
    int r;

    if (!found)
        return err_nomem(e);
    r = read_section(c, *at, &s, e);
    if (r <= 0)
        return r;
    if (strcmp(s.type, type) != 0 || s.end - s.start != EWF_SECTION_HEAD + n)
        return 0;
    r = read_at(c, found, n, s.start + EWF_SECTION_HEAD, e);
    *at = s.end;
    return r <= 0 ? r : memcmp(found, table, n) == 0;
}

static int are_tables(struct cut *c, const struct ewf_section *sectors,
                      const struct run *r, uint64_t *end, struct err *e)
{
    autofree unsigned char *table = make_table(r, sectors->start, e);
    size_t n = ewf_table_size(r->n);
    int same;

    if (!table)
        return -1;
    *end = sectors->end;
    same = is_table(c, "table", end, table, n, e);
    return same <= 0 ? same : is_table(c, "table2", end, table, n, e);
}

/* 1: these sectors are followed by tables that say the same as the list, and
 * all their chunks shall stay.  Anything else there is not believed: behind
 * the head of an unfinished section come chunks, and whoever wrote the disk
 * may have written into one of them what looks like a table. */
static int is_closed(struct cut *c, const struct ewf_section *sectors,
                     uint32_t *n, uint64_t *end, struct err *e)
{
    unsigned char head[EWF_TABLE_HEAD];
    autorun struct run run = { 0 };
    int r = read_at(c, head, sizeof(head), sectors->end + EWF_SECTION_HEAD,
                    e);

    if (r <= 0)
        return r;
    if (ewf_table_count(head, n) < 0 || *n > c->want - c->passed)
        return 0;
    if (read_run(c, *n, &run, e) < 0)
        return -1;
    if (run.bytes != sectors->end - sectors->start - EWF_SECTION_HEAD)
        return 0;
    return are_tables(c, sectors, &run, end, e);
}

/* ------------------------------------------------------------ looking for */

static int take_volume(struct cut *c, const struct ewf_section *s,
                       struct err *e)
{
    int r;

    if (c->volume_known)
        return 0;
    if (s->end - s->start != EWF_SECTION_HEAD + EWF_VOLUME)
        return bad(c, e);
    r = read_at(c, c->volume, EWF_VOLUME, s->start + EWF_SECTION_HEAD, e);
    c->volume_known = r > 0;
    return r == 0 ? bad(c, e) : r < 0 ? -1 : 0;
}

/* What is behind the last section was not written by libewf: it is the
 * room that open_with_limit() in ewf-resume.c makes for a moment. */
static int trim(const struct cut *c, uint64_t end, struct err *e)
{
    if (c->at.size == end)
        return 0;
    if (ftruncate(c->at.fd, (off_t)end) < 0)
        return err_set(e, ERR_DEST, errno, "cannot cut %s", c->at.path);
    return 0;
}

enum found { NOT_HERE, HERE };

/* Whether the last chunk that stays is in these sectors; *at moves behind
 * their tables when it is not. */
static int look_at_sectors(struct cut *c, const struct ewf_section *s,
                           uint64_t *at, struct err *e)
{
    uint64_t end = 0;
    uint32_t n = 0;
    int closed = is_closed(c, s, &n, &end, e);

    if (closed < 0)
        return -1;
    c->sectors = s->start;
    c->end = 0;
    if (!closed)
        return HERE;
    if (c->passed + n == c->want) {
        c->end = end;
        return HERE;
    }
    c->passed += n;
    *at = end;
    return NOT_HERE;
}

static bool is_type(const struct ewf_section *s, const char *type)
{
    return strcmp(s->type, type) == 0;
}

/* One segment from its first section on.  HERE, NOT_HERE, or -1. */
static int look_through(struct cut *c, struct err *e)
{
    uint64_t at = EWF_FILE_HEAD;
    struct ewf_section s;
    bool framed = false; /* the head of the segment is whole */
    int r;

    while ((r = read_section(c, at, &s, e)) > 0) {
        if (is_type(&s, "next"))
            return trim(c, s.end, e) < 0 ? -1 : NOT_HERE;
        at = s.end;
        if (is_type(&s, "volume") || is_type(&s, "data")) {
            framed = true;
            if (take_volume(c, &s, e) < 0)
                return -1;
        } else if (is_type(&s, "sectors")) {
            int found = framed ? look_at_sectors(c, &s, &at, e)
                               : bad(c, e);

            if (found != NOT_HERE)
                return found;
        }
    }
    if (r < 0 || !framed)
        return r < 0 ? -1 : bad(c, e);
    c->sectors = at; /* a head that was being written when the run died */
    c->end = 0;
    return HERE;
}

static int find(struct cut *c, struct err *e)
{
    unsigned char head[EWF_FILE_HEAD];
    int found = NOT_HERE;

    for (unsigned n = 1; found == NOT_HERE; n++) {
        if (open_segment(c, n, e) < 0)
            return -1;
        found = read_at(c, head, sizeof(head), 0, e);
        if (found < 0)
            return -1;
        if (!found || !ewf_file_head_fits(head, n))
            return bad(c, e);
        found = look_through(c, e);
    }
    return found < 0 ? -1 : 0;
}

/* --------------------------------------------------------------- closing */

static int write_at(const struct cut *c, const void *data, size_t n,
                    uint64_t at, struct err *e)
{
    return file_write_at(c->at.fd, data, n, at, c->at.path, e);
}

static int write_head(const struct cut *c, const char *type, uint64_t at,
                      uint64_t data, struct err *e)
{
    unsigned char head[EWF_SECTION_HEAD];

    ewf_section_encode(head, type, at, data);
    return write_at(c, head, sizeof(head), at, e);
}

/* The tables go to where chunks were that do not count.  The head of the
 * sectors comes first: while it says too little, what is behind it is looked
 * at as if no head were there. */
static int write_tables(struct cut *c, struct err *e)
{
    static const char *const types[] = { "table", "table2" };
    autorun struct run r = { 0 };
    uint64_t n = c->want - c->passed;
    uint64_t at;

    if (n > EWF_TABLE_MAX)
        return bad(c, e);
    if (read_run(c, (uint32_t)n, &r, e) < 0)
        return -1;
    at = c->sectors + EWF_SECTION_HEAD + r.bytes;
    if (at > c->at.size)
        return bad(c, e);
    autofree unsigned char *table = make_table(&r, c->sectors, e);
    size_t size = ewf_table_size(r.n);

    if (!table || write_head(c, "sectors", c->sectors, r.bytes, e) < 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        if (write_head(c, types[i], at, size, e) < 0
            || write_at(c, table, size, at + EWF_SECTION_HEAD, e) < 0)
            return -1;
        at += EWF_SECTION_HEAD + size;
    }
    c->end = at;
    return 0;
}

static int close_last(struct cut *c, struct err *e)
{
    if (!c->end && write_tables(c, e) < 0)
        return -1;
    if (write_head(c, "next", c->end, 0, e) < 0)
        return -1;
    c->at.size = 0; /* whatever it is now */
    if (trim(c, c->end + EWF_SECTION_HEAD, e) < 0)
        return -1;
    return file_sync(c->at.fd, c->at.path, e);
}

/* --------------------------------------------------------- what is behind */

static int make_next(struct cut *c, unsigned number, struct err *e)
{
    autofree char *path = ewf_segment_path(c->base, number);
    unsigned char start[EWF_FILE_HEAD + EWF_SECTION_HEAD + EWF_VOLUME
                        + EWF_SECTION_HEAD];
    unsigned char *data = start + EWF_FILE_HEAD;
    unsigned char *sectors = data + EWF_SECTION_HEAD + EWF_VOLUME;
    autoclose int fd = -1;

    if (!path)
        return err_set(e, ERR_DEST, 0, "%s: there is no name for one more "
                       "E01 segment", c->base);
    ewf_file_head_encode(start, number);
    ewf_section_encode(data, "data", EWF_FILE_HEAD, EWF_VOLUME);
    memcpy(data + EWF_SECTION_HEAD, c->volume, EWF_VOLUME);
    ewf_section_encode(sectors, "sectors", (uint64_t)(sectors - start), 0);
    if (file_create(path, &fd, e) < 0
        || file_write(fd, start, sizeof(start), path, e) < 0)
        return -1;
    return file_sync(fd, path, e);
}

int ewf_cut(const char *base, struct ewf_chunks *list, uint64_t chunks,
            unsigned *segment, struct err *e)
{
    struct cut c = { .base = base, .list = list, .want = chunks };
    int r;

    c.at.fd = -1;
    r = find(&c, e);
    if (r == 0 && !c.volume_known)
        r = bad(&c, e);
    if (r == 0)
        r = close_last(&c, e);
    if (r == 0)
        r = ewf_segments_remove(base, c.at.number + 1, e);
    if (r == 0)
        r = make_next(&c, c.at.number + 1, e);
    *segment = c.at.number + 1;
    close_segment(&c.at);
    return r < 0 ? -1 : file_sync_folder_of(base, e);
}
