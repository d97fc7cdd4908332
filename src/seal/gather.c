/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/gather.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/evidence.h"
#include "audit/hash-file.h"
#include "base/file.h"
#include "base/machine.h"
#include "show/file-progress.h"

/* The log, the summary and the checksum files: those that the log cannot
 * name. */
#define PAPERS_MAX (2 + HASH_KINDS)

struct item {                  /* a file */
    char *path;
    const struct run_file *then; /* what the log says; NULL: nothing */
    struct hashes now;
    struct hash_job job;       /* that finds it; no kinds: it is known */
};

struct gathering {
    const struct seal_gather *how;
    struct evidence ev;
    struct item *items;
    size_t n;
};

/* ------------------------------------------------------------- the record */

static int check_record(struct evidence *ev, struct err *e)
{
    struct run_record *r = &ev->log;
    enum outcome o;

    if (!ev->log_path)
        return err_set(e, ERR_USAGE, 0, "%s has no log: there is nothing that "
                       "a seal could vouch for", ev->prefix);
    if (evidence_read_log(ev, e) < 0 || evidence_check_log(ev, e) < 0)
        return -1;
    if (!r->check.closed || outcome_parse(r->verdict, &o) < 0
        || !outcome_is_good(o))
        return err_set(e, ERR_USAGE, 0, "%s: the run did not finish: a seal "
                       "is for what is whole", ev->log_path);
    if (!ev->images[0])
        return err_set(e, ERR_VERIFY, 0, "%s has a log, but no image beside "
                       "it", ev->prefix);
    return 0;
}

static int walk_manifest(const struct evidence *ev,
                         unsigned char *file, unsigned char *root,
                         struct err *e)
{
    struct manifest_header h;
    struct manifest_row row;
    struct manifest_reader *m = evidence_rows(ev, &h, e);
    int r;

    if (!m)
        return -1;
    while ((r = manifest_next(m, &row, e)) > 0)
        ;
    if (r == 0)
        manifest_hashes(m, file, root);
    manifest_close(m);
    return r;
}

/* The root is made anew of what the manifest holds. */
static int check_manifest(const struct evidence *ev, struct err *e)
{
    unsigned char file[MANIFEST_HASH], root[MANIFEST_HASH];

    if (!ev->manifest_path)
        return evidence_check_manifest(ev, NULL, e);
    if (walk_manifest(ev, file, root, e) < 0
        || evidence_check_manifest(ev, file, e) < 0)
        return err_in(e, "%s", ev->manifest_path);
    if (memcmp(root, ev->log.manifest_root, sizeof(root)) != 0)
        return err_set(e, ERR_VERIFY, 0, "%s: its root is not the one in the "
                       "log", ev->manifest_path);
    return 0;
}

static void take_record(const struct run_record *r, struct seal_document *out)
{
    snprintf(out->snapshot, sizeof(out->snapshot), "%s", r->snapshot);
    outcome_parse(r->verdict, &out->verdict);
    out->log_events = r->check.events;
    memcpy(out->log_head, r->check.head, LOG_HASH);
    memcpy(out->root, r->manifest_root, MANIFEST_HASH);
}

/* -------------------------------------------------------------- the files */

static int add_item(struct gathering *g, char *path,
                    const struct run_file *then, struct err *e)
{
    struct item *i = &g->items[g->n];

    i->path = path;
    i->then = then;
    if (!path)
        return err_nomem(e);
    i->job = (struct hash_job){
        .path = path,
        .kinds = HASH_BIT(HASH_SHA256)
            | (then ? hash_strongest(then->hashes.have) : 0),
        .size = then && then->size != RUN_UNTOLD ? then->size
                                                 : HASH_ANY_SIZE,
        .out = &i->now,
    };
    if (g->how->fresh && then && (then->hashes.have & HASH_BIT(HASH_SHA256))) {
        i->now = then->hashes;
        i->job.kinds = 0;
    }
    g->n++;
    return 0;
}

static int add_paper(struct gathering *g, const char *path, struct err *e)
{
    return path ? add_item(g, strdup(path), NULL, e) : 0;
}

/* Under the names that they have now: a set that was renamed since is sealed as
 * it is called, which is what can be checked beside it. */
static int list_files(struct gathering *g, struct err *e)
{
    const struct run_record *r = &g->ev.log;

    g->items = calloc(r->nfiles + PAPERS_MAX, sizeof(*g->items));
    if (!g->items)
        return err_nomem(e);
    for (size_t i = 0; i < r->nfiles; i++)
        if (add_item(g, evidence_path(&g->ev, r->files[i].name),
                     &r->files[i], e) < 0)
            return -1;
    if (add_paper(g, g->ev.log_path, e) < 0
        || add_paper(g, g->ev.summary_path, e) < 0)
        return -1;
    for (int k = 0; k < HASH_KINDS; k++)
        if (add_paper(g, g->ev.sums_paths[k], e) < 0)
            return -1;
    return 0;
}

/* A pipe or a device in the place of a file would be read for ever. */
static int measure(const struct gathering *g, uint64_t *total, struct err *e)
{
    uint64_t allocated, size;

    *total = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct item *x = &g->items[i];

        if (file_check_regular(x->path, e) < 0
            || file_usage(x->path, &allocated, &size, e) < 0)
            return -1;
        if (x->job.size != HASH_ANY_SIZE && x->job.size != size)
            return err_set(e, ERR_VERIFY, 0, "%s has %" PRIu64 " bytes, %"
                           PRIu64 " were written", x->path, size,
                           x->job.size);
        *total += x->job.kinds ? size : 0;
    }
    return 0;
}

static void read_files(struct gathering *g, uint64_t total)
{
    struct file_progress progress;
    struct hash_watch watch = { 0 };
    struct hash_job *todo = calloc(g->n + 1, sizeof(*todo));
    size_t n = 0;

    for (size_t i = 0; todo && i < g->n; i++)
        if (g->items[i].job.kinds)
            todo[n++] = g->items[i].job;
    file_progress_start(&progress, progress_wanted(g->how->progress,
                                                   g->how->quiet),
                        &watch, total);
    if (todo)
        hash_files(todo, n, machine_processors(), &watch);
    file_progress_end(&progress);
    n = 0;
    for (size_t i = 0; i < g->n; i++)
        if (!todo)
            err_nomem(&g->items[i].job.err);
        else if (g->items[i].job.kinds)
            g->items[i].job.err = todo[n++].err;
    free(todo);
}

static int check_file(const struct item *x, struct err *e)
{
    const struct run_file *then = x->then;

    if (x->job.err.kind != ERR_NONE) {
        *e = x->job.err;
        return -1;
    }
    for (int k = 0; then && k < HASH_KINDS; k++)
        if ((then->hashes.have & x->now.have & HASH_BIT(k))
            && memcmp(then->hashes.value[k], x->now.value[k],
                      hash_sizes[k]) != 0)
            return err_set(e, ERR_VERIFY, 0, "%s is not as it was written: "
                           "the log has another %s", x->path,
                           hash_titles[k]);
    return 0;
}

static int gather_files(struct gathering *g, struct seal_document *out,
                        struct err *e)
{
    uint64_t total;

    if (list_files(g, e) < 0 || measure(g, &total, e) < 0)
        return -1;
    read_files(g, total);
    for (size_t i = 0; i < g->n; i++)
        if (check_file(&g->items[i], e) < 0
            || seal_document_add(out, file_name(g->items[i].path),
                                 g->items[i].now.value[HASH_SHA256], e) < 0)
            return -1;
    return 0;
}

static void end(struct gathering *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->items[i].path);
    free(g->items);
    evidence_free(&g->ev);
}

int seal_gather(const struct seal_gather *how, const char *name,
                struct seal_document *out, char **prefix, struct err *e)
{
    struct gathering g = { .how = how };
    int r;

    memset(out, 0, sizeof(*out));
    *prefix = NULL;
    r = evidence_find(name, &g.ev, e);
    if (r == 0)
        r = check_record(&g.ev, e);
    if (r == 0 && !how->fresh)
        r = check_manifest(&g.ev, e);
    if (r == 0) {
        take_record(&g.ev.log, out);
        r = gather_files(&g, out, e);
    }
    if (r == 0) {
        *prefix = strdup(g.ev.prefix);
        r = *prefix ? 0 : err_nomem(e);
    }
    end(&g);
    return r;
}
