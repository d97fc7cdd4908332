/* SPDX-License-Identifier: Apache-2.0 */
/* The result as lines, printed as they come, so that memory is flat whatever
 * differs: runs of blocks, and with --ranges the ranges of 4 KiB in them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "compare/diff.h"

/* So many blocks, or pages, that follow one another and are of one kind. */
struct run {
    uint64_t offset, size;     /* bytes; size 0: none is open */
    enum diff_kind kind;
    enum diff_state state;
    uint64_t different;        /* bytes */
};

struct diff_show {
    const struct diff *d;
    const struct format *format;
    struct run blocks, pages;
    bool failed;
};

/* How one thing is written; all to standard output. */
struct format {
    void (*begin)(const struct diff *d);
    void (*run)(const struct diff *d, const char *what, const struct run *r);
    void (*end)(const struct diff *d);
};

/* ------------------------------------------------------------------ text */

static void put_shown(FILE *f, const char *s)
{
    autotext struct text t = TEXT_INIT;

    text_add_shown(&t, s);
    fputs(t.failed || !t.s ? "?" : t.s, f);
}

/* Digits of the largest number of such units in the larger side. */
static int digits(const struct diff *d, uint64_t unit, int least)
{
    int n = snprintf(NULL, 0, "%" PRIu64, d->blocks * BLOCK_SIZE / unit);

    return n > least ? n : least;
}

/* As narrow as the volume allows: up to some TiB a line has 80 columns. */
static void text_begin(const struct diff *d)
{
    int bytes = digits(d, 1, 6), sectors = digits(d, 512, 7);

    for (int i = 0; i < 2; i++) {
        printf("%c  ", d->sides[i].letter);
        put_shown(stdout, d->sides[i].volume.name);
        printf("  %" PRIu64 " bytes\n", d->sides[i].volume.size);
    }
    printf("\n%*s %*s %*s %*s %-7s %-10s %s\n", bytes, "offset", bytes,
           "bytes", sectors, "sector", sectors, "sectors", "kind", "state",
           "differing");
}

static void text_run(const struct diff *d, const char *what,
                     const struct run *r)
{
    int bytes = digits(d, 1, 6), sectors = digits(d, 512, 7);

    printf("%*" PRIu64 " %*" PRIu64 " %*" PRIu64 " %*" PRIu64
           " %-7s %-10s", bytes, r->offset, bytes, r->size, sectors,
           r->offset / 512, sectors, r->size / 512,
           diff_kind_names[r->kind],
           strcmp(what, "range") == 0 ? what : diff_state_names[r->state]);
    if (r->state == DIFF_DIFFERENT)
        printf(" %" PRIu64, r->different);
    putchar('\n');
}

static void put_units(FILE *f, const char *what, uint64_t n,
                      const char *unit, uint64_t bytes)
{
    char units[16];

    snprintf(units, sizeof(units), "%s%s", unit, n == 1 ? "" : "s");
    fprintf(f, "%-24s%12" PRIu64 " %-6s %16" PRIu64 " bytes\n", what, n,
            units, bytes);
}

static void put_count(FILE *f, const char *what, uint64_t blocks)
{
    put_units(f, what, blocks, "block", blocks * BLOCK_SIZE);
}

static void put_summary(FILE *f, const struct diff *d)
{
    const struct diff_totals *t = &d->totals;

    if (d->listed) {
        struct delta_counts c = { 0 };

        put_count(f, "listed as changed:", t->blocks);
        if (d->delta.a) {
            c = delta_count(&d->delta);
            put_count(f, "  stored in both:", c.changed);
            put_count(f, "  stored in B alone:", c.added);
            put_count(f, "  stored in A alone:", c.removed);
        }
    }
    if (d->opt->list_only) {
        fputs("No byte was compared: a block that is listed can hold the "
              "same bytes as before.\n", f);
        return;
    }
    if (diff_is_identical(d))
        fputs(d->listed ? "identical: no byte of what EBS lists as changed "
                          "differs\n" : "identical: no byte differs\n", f);
    put_count(f, "really different:", t->different);
    put_units(f, "  in pages of 4 KiB:",
              (t->bytes + DIFF_PAGE - 1) / DIFF_PAGE, "page", t->bytes);
    if (d->listed)
        put_count(f, "listed, same bytes:", t->equal);
    if (t->unreadable)
        put_count(f, "unreadable:", t->unreadable);
    if (d->listed)
        fputs("Blocks that EBS does not list were not compared; the lists of "
              "stored blocks agree\nwith its list of changes.\n", f);
    if (d->listed_twice)
        fputs("The stored blocks of a snapshot were listed twice, and the "
              "lists are the same.\n", f);
}

static void text_end(const struct diff *d)
{
    putchar('\n');
    put_summary(stdout, d);
    if (!d->opt->list_only)
        puts("differing: bytes in pages of 4 KiB that differ.");
    puts("changed: both store the block; added: only B does; removed: only A "
         "does, and in B\nit reads as zeros.");
    diff_basis_put(d, stdout);
}

/* ------------------------------------------------------------------- CSV */

static void csv_begin(const struct diff *d)
{
    (void)d;
    puts("what,offset,size,first_sector,sectors,first_block,blocks,kind,"
         "state,different_bytes");
}

static void csv_run(const struct diff *d, const char *what,
                    const struct run *r)
{
    (void)d;
    printf("%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
           ",%" PRIu64 ",%s,%s,", what, r->offset, r->size, r->offset / 512,
           r->size / 512, r->offset / BLOCK_SIZE,
           (r->size + BLOCK_SIZE - 1) / BLOCK_SIZE, diff_kind_names[r->kind],
           diff_state_names[r->state]);
    if (r->state == DIFF_DIFFERENT || r->state == DIFF_EQUAL)
        printf("%" PRIu64, r->different);
    putchar('\n');
}

static void csv_end(const struct diff *d)
{
    if (!d->opt->service.quiet)
        put_summary(stderr, d);
    if (!d->opt->service.quiet || diff_basis_is_weak(d))
        diff_basis_put(d, stderr);
}

/* ------------------------------------------------- JSON, an object a line */

static void put_json(const char *s)
{
    autotext struct text t = TEXT_INIT;

    text_add_json(&t, s);
    fputs(t.failed ? "null" : t.s, stdout);
}

/* The same for both sides. */
static void put_service(const struct diff *d)
{
    autotext struct text t = TEXT_INIT;

    for (int i = 0; i < 2 && !t.len; i++)
        if (d->sides[i].volume.is_snapshot)
            service_add_json(d->sides[i].volume.service.aws,
                             &d->sides[i].volume.service.settings, &t);
    if (t.s)
        printf(",\"service\":%s", t.s);
}

/* What shows that no stored block was left out. */
static const char *list_proof(const struct diff *d)
{
    return d->listed_twice ? "twice"
        : d->listed && d->delta.a ? "changes" : "none";
}

static void json_begin(const struct diff *d)
{
    printf("{\"what\":\"sides\"");
    for (int i = 0; i < 2; i++) {
        printf(",\"%c\":{\"name\":", d->sides[i].letter);
        put_json(d->sides[i].volume.name);
        printf(",\"type\":\"%s\",\"size\":%" PRIu64
               ",\"rests_on\":\"%s\"}",
               d->sides[i].volume.is_snapshot ? "snapshot" : "image",
               d->sides[i].volume.size, diff_basis_name(&d->sides[i]));
    }
    put_service(d);
    printf(",\"listed\":%s,\"compared\":%s,\"lists\":\"%s\"}\n",
           d->listed ? "true" : "false",
           d->opt->list_only ? "false" : "true", list_proof(d));
}

static void json_run(const struct diff *d, const char *what,
                     const struct run *r)
{
    (void)d;
    printf("{\"what\":\"%s\",\"offset\":%" PRIu64 ",\"size\":%" PRIu64
           ",\"first_sector\":%" PRIu64 ",\"sectors\":%" PRIu64
           ",\"first_block\":%" PRIu64 ",\"blocks\":%" PRIu64
           ",\"kind\":\"%s\",\"state\":\"%s\"", what, r->offset, r->size,
           r->offset / 512, r->size / 512, r->offset / BLOCK_SIZE,
           (r->size + BLOCK_SIZE - 1) / BLOCK_SIZE, diff_kind_names[r->kind],
           diff_state_names[r->state]);
    if (r->state == DIFF_DIFFERENT || r->state == DIFF_EQUAL)
        printf(",\"different_bytes\":%" PRIu64, r->different);
    puts("}");
}

static void json_end(const struct diff *d)
{
    const struct diff_totals *t = &d->totals;

    printf("{\"what\":\"summary\"");
    if (d->listed)
        printf(",\"listed_blocks\":%" PRIu64, t->blocks);
    if (d->listed && d->delta.a) {
        struct delta_counts c = delta_count(&d->delta);

        printf(",\"changed_blocks\":%" PRIu64 ",\"added_blocks\":%" PRIu64
               ",\"removed_blocks\":%" PRIu64, c.changed, c.added,
               c.removed);
    }
    if (!d->opt->list_only)
        printf(",\"identical\":%s", diff_is_identical(d) ? "true" : "false");
    if (!d->opt->list_only)
        printf(",\"different_blocks\":%" PRIu64 ",\"different_bytes\":%"
               PRIu64 ",\"equal_blocks\":%" PRIu64 ",\"unreadable_blocks\":%"
               PRIu64, t->different, t->bytes, t->equal, t->unreadable);
    puts(",\"complete\":true}");
}

/* ------------------------------------------------------------------- runs */

static const struct format formats[] = {
    { text_begin, text_run, text_end },
    { csv_begin, csv_run, csv_end },
    { json_begin, json_run, json_end },
};

static void close_run(const struct diff_show *s, const char *what,
                      struct run *r)
{
    if (r->size)
        s->format->run(s->d, what, r);
    r->size = 0;
}

static bool goes_on(const struct run *r, const struct run *piece)
{
    return r->size && r->offset + r->size == piece->offset
        && r->kind == piece->kind && r->state == piece->state;
}

/* Goes on with the open run where this continues it, else begins anew. */
static void add(const struct diff_show *s, const char *what, struct run *r,
                const struct run *piece)
{
    if (goes_on(r, piece)) {
        r->size += piece->size;
        r->different += piece->different;
        return;
    }
    close_run(s, what, r);
    *r = *piece;
}

static void add_pages(struct diff_show *s, const struct diff_block *b)
{
    uint64_t base = b->index * BLOCK_SIZE;

    for (uint32_t at = 0; at < b->size; at += DIFF_PAGE) {
        uint32_t n = b->size - at < DIFF_PAGE ? b->size - at : DIFF_PAGE;

        if (b->page[at / DIFF_PAGE])
            add(s, "range", &s->pages, &(struct run){
                base + at, n, b->kind, b->state, n });
    }
}

/* A range is told before the run that it lies in, and with it: who reads them
 * in their order knows where each belongs. */
int diff_show_block(struct diff_show *s, const struct diff_block *b,
                    struct err *e)
{
    const struct run run = { b->index * BLOCK_SIZE, b->size, b->kind,
                             b->state, b->different };

    if (!goes_on(&s->blocks, &run)) {
        close_run(s, "range", &s->pages);
        close_run(s, "run", &s->blocks);
    }
    if (s->d->opt->ranges)
        add_pages(s, b);
    add(s, "run", &s->blocks, &run);
    if (ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

struct diff_show *diff_show_new(const struct diff *d, struct err *e)
{
    struct diff_show *s = calloc(1, sizeof(*s));

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    s->d = d;
    s->format = &formats[d->opt->csv ? 1 : d->opt->json ? 2 : 0];
    s->format->begin(d);
    return s;
}

int diff_show_end(struct diff_show *s, struct err *e)
{
    close_run(s, "range", &s->pages);
    close_run(s, "run", &s->blocks);
    s->format->end(s->d);
    if (fflush(stdout) == EOF || ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

void diff_show_free(struct diff_show *s)
{
    free(s);
}
