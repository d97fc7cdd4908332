/* A sample of the blocks that EBS does not list as changed: are they? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/interrupt.h"
#include "cmd/acquisition.h"
#include "flow/pipeline.h"

/* ------------------------------------------------------------ the choice */

/* The service cannot know beforehand which blocks will be looked at. */
static uint64_t random_below(uint64_t n)
{
    uint64_t x;

    do {
        if (getrandom(&x, sizeof(x), 0) != (ssize_t)sizeof(x))
            abort();
    } while (x >= UINT64_MAX - UINT64_MAX % n);
    return x % n;
}

/* One pass: each block is taken with the chance that is still needed. */
struct blockset *spotcheck_choose(const struct blockset *from, uint64_t n,
                                  struct err *e)
{
    struct blockset *s = blockset_new(blockset_room(from), e);
    uint64_t left = blockset_count(from);
    uint64_t i = blockset_next(from, 0);

    for (; s && i != BLOCKSET_END && n; i = blockset_next(from, i + 1)) {
        if (random_below(left--) >= n)
            continue;
        blockset_add(s, i);
        n--;
    }
    return s;
}

/* -------------------------------------------------------------- the check */

/* A sink that knows what the earlier image holds. */
struct check {
    struct sink sink;
    struct manifest_reader *rows;
    const char *snapshot;
};

static int find_row(struct check *c, uint32_t index,
                    struct manifest_row *row, struct err *e)
{
    int r;

    do
        r = manifest_next(c->rows, row, e);
    while (r > 0 && row->index < index);
    if (r > 0 && row->index == index)
        return 0;
    return r < 0 ? -1 : err_set(e, ERR_VERIFY, 0, "the manifest of the "
                                "earlier image has lost block %" PRIu32,
                                index);
}

static int check_append(struct sink *k, const struct slot *s,
                        const void *packed, struct err *e)
{
    struct check *c = (struct check *)k;
    struct manifest_row row;

    (void)packed;
    if (find_row(c, slot_index(s), &row, e) < 0)
        return -1;
    if (memcmp(row.sha256, s->sha256, sizeof(row.sha256)) == 0)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "EBS does not list block %" PRIu32
                   " of %s as changed, but its bytes are others than then: "
                   "the list of changes cannot be trusted", slot_index(s),
                   c->snapshot);
}

static int check_hole(struct sink *k, uint64_t offset, uint64_t len,
                      struct err *e)
{
    (void)k;
    (void)offset;
    (void)len;
    (void)e;
    return 0;
}

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    (void)ctx;
    (void)st;
    if (interrupted)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                       (int)interrupted);
    return 0;
}

static int run(const struct acquisition *a, struct source *source,
               struct sink *sink, struct err *e)
{
    struct hashes none;
    struct pipeline p = {
        .source = source,
        .sinks = &sink,
        .nsinks = 1,
        .workers = a->room.threads,
        .slots = a->room.slots,
        .tick = tick,
    };

    return pipeline_run(&p, &none, e);
}

static struct source *open_fetch(struct acquisition *a,
                                 const struct blockset *sample,
                                 struct blockmap *map, struct err *e)
{
    struct fetch_config c = {
        .aws = a->aws,
        .snapshot = a->snapshot,
        .map = map,
        .only = sample,
        .slots = a->room.slots,
        .connections = (unsigned)a->opt->service.connections,
        .clock = a->clock,
    };

    return map ? fetch_new(&c, e) : NULL;
}

int spotcheck_run(struct acquisition *a, const struct blockset *sample,
                  uint64_t gib, struct err *e)
{
    struct check c = {
        .sink = { .name = "sample", .append = check_append,
                  .hole = check_hole },
        .snapshot = a->snapshot,
    };
    struct blockmap *map = blockmap_new(gib, e);
    struct source *source = open_fetch(a, sample, map, e);
    struct manifest_header h;
    int r = source ? 0 : -1;

    if (r == 0) {
        c.rows = evidence_rows(&a->since.evidence, &h, e);
        r = c.rows ? run(a, source, &c.sink, e) : -1;
    }
    manifest_close(c.rows);
    fetch_free(source);
    blockmap_free(map);
    return r;
}
