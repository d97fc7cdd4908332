/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-claims.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/scope.h"
#include "image/ewf-inflated.h"
#include "image/ewf-section.h"
#include "image/ewf-walk.h"

/* The largest claim of chunks, and who made it. */
struct claim {
    uint64_t chunks;
    const char *path;
    char type[17];
};

struct set {
    char **paths;
    struct claim claim;
    uint64_t listed;      /* chunks in tables so far */
    uint64_t inflated;    /* bytes of text so far */
    uint64_t disorder;    /* see check_order() */
};

/* One section. */
struct look {
    struct set *set;
    const struct ewf_walk *walk;
    const struct ewf_part *part;
};

static int claims(const struct look *l, uint64_t n, const char *what,
                  uint64_t most, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "%s is damaged: its section %s at byte "
                   "%" PRIu64 " claims %" PRIu64 " %s, and can have "
                   "%" PRIu64, l->walk->path, l->part->type, l->part->start,
                   n, what, most);
}

/* ------------------------------------------------------------------- text */

/* No argument of a command is longer than 128 KiB (Linux), header2 has two
 * bytes for each of its characters, and no more than a dozen fields: 3 MiB.
 * What EnCase and FTK ask for in windows is shorter. */
#define TEXT_MAX (4 * MIB)
/* A set has the same text up to four times in its first segment. */
#define TEXTS_MAX (64 * MIB)
/* libewf looks for each value of an xheader among all those before it; it
 * writes 20 itself. */
#define TAGS_MAX 4096

static int check_text(const struct look *l, struct err *e)
{
    struct ewf_inflated t;

    if (ewf_inflated_measure(l->walk, l->part, TEXT_MAX, &t, e) < 0)
        return -1;
    if (t.bytes > TEXT_MAX)
        return err_set(e, ERR_VERIFY, 0, "%s is damaged: its section %s at "
                       "byte %" PRIu64 " inflates to more than %llu bytes",
                       l->walk->path, l->part->type, l->part->start,
                       TEXT_MAX);
    if (l->part->type[0] == 'x' && t.tags > TAGS_MAX)
        return claims(l, t.tags, "tags", TAGS_MAX, e);
    l->set->inflated += t.bytes;
    if (l->set->inflated > TEXTS_MAX)
        return err_set(e, ERR_VERIFY, 0, "%s is damaged: with its section %s "
                       "at byte %" PRIu64 " it holds more than %llu bytes of "
                       "text", l->walk->path, l->part->type, l->part->start,
                       TEXTS_MAX);
    return 0;
}

/* ----------------------------------------------------------------- chunks */

/* A table has 24 bytes and then so many for each chunk. */
#define ENTRY 4

/* libewf takes 130 bytes for each chunk of a table that it uses.  Those of
 * EnCase have 16,375 chunks, libewf's own 65,534. */
#define ENTRIES_MAX ((uint64_t)1 << 22)

/* Of a volume section of EnCase, 1052 bytes; one of SMART has 94, and half as
 * many for the number of sectors. */
enum { AT_CHUNKS = 4, AT_SECTORS_PER_CHUNK = 8, AT_SECTORS = 16, VOLUME = 24 };

static void take_claim(const struct look *l, uint64_t chunks)
{
    struct claim *c = &l->set->claim;

    if (chunks <= c->chunks)
        return;
    c->chunks = chunks;
    c->path = l->walk->path;
    memcpy(c->type, l->part->type, sizeof(c->type));
}

static int check_volume(const struct look *l, struct err *e)
{
    unsigned char v[VOLUME] = { 0 };
    bool whole = l->part->bytes == EWF_VOLUME;
    uint64_t per_chunk, sectors;
    size_t got;

    if (ewf_walk_read(l->walk, l->part->data, v, sizeof(v), &got, e) < 0)
        return -1;
    per_chunk = ewf_number(v + AT_SECTORS_PER_CHUNK, 4);
    sectors = ewf_number(v + AT_SECTORS, whole ? 8 : 4);
    take_claim(l, ewf_number(v + AT_CHUNKS, 4));
    if (per_chunk)
        take_claim(l, sectors / per_chunk);
    return 0;
}

/* A table has what it counts. */
static int check_rows(const struct look *l, struct err *e)
{
    unsigned char head[EWF_TABLE_HEAD];
    uint64_t n, most;
    size_t got;

    if (ewf_walk_read(l->walk, l->part->data, head, sizeof(head), &got, e)
        < 0)
        return -1;
    if (got < sizeof(head) || l->part->bytes < sizeof(head))
        return 0; /* libewf refuses it */
    n = ewf_number(head, 4);
    most = (l->part->bytes - sizeof(head)) / ENTRY;
    if (most > ENTRIES_MAX)
        most = ENTRIES_MAX;
    return n > most ? claims(l, n, "chunks", most, e) : 0;
}

static int check_table(const struct look *l, struct err *e)
{
    unsigned char count[4] = { 0 };
    size_t got;

    if (check_rows(l, e) < 0
        || ewf_walk_read(l->walk, l->part->data, count, sizeof(count), &got,
                         e) < 0)
        return -1;
    l->set->listed += ewf_number(count, 4);
    take_claim(l, l->set->listed);
    return 0;
}

/* ----------------------------------------------------- unreadable sectors */

/* An error2 section: a head that begins with the number of ranges, then
 * first sector and length of each, then a checksum.  Sectors are counted in
 * 32 bits; a list that leaves out every second block of 512 KiB below that
 * limit has 2^21 ranges. */
#define ERRORS_HEAD 520
#define RANGE 8
#define RANGES_MAX ((uint64_t)1 << 21)
#define ERRORS_MAX (ERRORS_HEAD + RANGE * RANGES_MAX + 4)

/* libewf looks for the place of each range among those before it, unless it
 * is behind them all, as it is in all lists that are written in order: so
 * many steps take seconds. */
#define STEPS_MAX ((uint64_t)400000000)

struct order {
    uint64_t ranges;
    uint32_t furthest;
};

static void check_ranges(struct set *s, struct order *o,
                         const unsigned char *at, size_t n)
{
    for (size_t i = 0; i + RANGE <= n; i += RANGE, o->ranges++) {
        uint32_t first = (uint32_t)ewf_number(at + i, 4);

        if (first < o->furthest)
            s->disorder += o->ranges;
        else
            o->furthest = first;
    }
}

static int check_errors(const struct look *l, struct err *e)
{
    unsigned char piece[2048 * RANGE];
    struct order o = { 0 };
    size_t got = sizeof(piece);

    for (uint64_t at = ERRORS_HEAD;
         at < l->part->bytes && got == sizeof(piece); at += got) {
        uint64_t left = l->part->bytes - at;

        if (ewf_walk_read(l->walk, l->part->data + at, piece,
                          left < sizeof(piece) ? (size_t)left : sizeof(piece),
                          &got, e) < 0)
            return -1;
        check_ranges(l->set, &o, piece, got);
        if (l->set->disorder > STEPS_MAX)
            return err_set(e, ERR_VERIFY, 0, "%s is damaged: its section %s "
                           "at byte %" PRIu64 " lists unreadable sectors in "
                           "no order", l->walk->path, l->part->type,
                           l->part->start);
    }
    return 0;
}

/* ------------------------------------------------------------------ kinds */

static int check_files(const struct look *l, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s holds single files (a section %s), "
                   "which is not supported", l->walk->path, l->part->type);
}

/* 36 bytes and 32 for each session and track of an optical disk, of which
 * there are 99 on a CD and some hundreds on others. */
#define SESSIONS_MAX MIB

/* What libewf reads of a section, and so what is bounded.  It reads nothing
 * of others, of any length, and of those that have a fixed one no more. */
static const struct kind {
    const char *type;
    uint64_t most;        /* bytes; 0: as many as it likes */
    int (*check)(const struct look *l, struct err *e);
} kinds[] = {
    { "header", TEXT_MAX, check_text },
    { "header2", TEXT_MAX, check_text },
    { "xheader", TEXT_MAX, check_text },
    { "xhash", TEXT_MAX, check_text },
    { "volume", 0, check_volume },
    { "disk", 0, check_volume },
    { "data", 0, check_volume },
    /* Of EnCase 1 and SMART the chunks themselves are in it. */
    { "table", 0, check_table },
    { "table2", 0, check_rows },
    { "error2", ERRORS_MAX, check_errors },
    { "session", SESSIONS_MAX, NULL },
    { "ltree", 0, check_files },
};

static int check_part(const struct look *l, struct err *e)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct kind *k = &kinds[i];

        if (strcmp(l->part->type, k->type) != 0)
            continue;
        if (k->most && l->part->bytes > k->most)
            return claims(l, l->part->bytes, "bytes", k->most, e);
        return k->check ? k->check(l, e) : 0;
    }
    return 0;
}

static int check_segment(struct set *s, const char *path, bool partial,
                         struct err *e)
{
    struct ewf_walk w;
    struct ewf_part p;
    const struct look l = { s, &w, &p };
    int r;

    if (ewf_walk_open(&w, path, partial, e) < 0)
        return -1;
    while ((r = ewf_walk_next(&w, &p, e)) > 0)
        if ((r = check_part(&l, e)) < 0)
            break;
    ewf_walk_close(&w);
    return r;
}

/* ------------------------------------------------------------------- room */

/* Adds what the file holds, holes left out, until it is enough.  A table is
 * never a hole: no two of its entries are alike.  A file system that does
 * not know holes calls all of it data. */
static int add_data(const char *path, uint64_t enough, uint64_t *sum,
                    struct err *e)
{
    struct ewf_walk w;
    off_t at = 0;

    if (ewf_walk_open(&w, path, true, e) < 0)
        return -1;
    while (*sum < enough) {
        off_t data = lseek(w.fd, at, SEEK_DATA);

        if (data < 0 && errno != ENXIO)
            data = at;
        if (data < 0)
            break;
        at = lseek(w.fd, data, SEEK_HOLE);
        if (at <= data)
            at = (off_t)w.size;
        *sum += (uint64_t)(at - data);
    }
    ewf_walk_close(&w);
    return 0;
}

static int find_room(const struct set *s, uint64_t enough, uint64_t *sum,
                     struct err *e)
{
    for (size_t i = 0; s->paths[i] && *sum < enough; i++)
        if (add_data(s->paths[i], enough, sum, e) < 0)
            return -1;
    return 0;
}

static int check_room(const struct set *s, struct err *e)
{
    const struct claim *c = &s->claim;
    uint64_t enough = c->chunks > UINT64_MAX / ENTRY ? UINT64_MAX
        : c->chunks * ENTRY;
    uint64_t sum = 0;

    if (find_room(s, enough, &sum, e) < 0)
        return -1;
    if (sum < enough)
        return err_set(e, ERR_VERIFY, 0, "%s is damaged: its section %s "
                       "claims more media than the files can hold: %" PRIu64
                       " chunks in %" PRIu64 " bytes", c->path, c->type,
                       c->chunks, sum);
    return 0;
}

static int check_most(const struct set *s, uint64_t most, struct err *e)
{
    const struct claim *c = &s->claim;

    if (c->chunks <= most)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "%s is damaged: its section %s claims "
                   "%" PRIu64 " chunks, and can have %" PRIu64, c->path,
                   c->type, c->chunks, most);
}

int ewf_claims_check(char **paths, uint64_t chunks, struct err *e)
{
    struct set s = { .paths = paths };

    for (size_t i = 0; paths[i]; i++)
        if (check_segment(&s, paths[i], chunks > 0, e) < 0)
            return -1;
    return chunks ? check_most(&s, chunks, e) : check_room(&s, e);
}
