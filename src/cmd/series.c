#include "cmd/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "cmd/acquisition.h"
#include "cmd/chain.h"
#include "cmd/host.h"
#include "ebs/requests.h"

struct member {
    char snapshot[RESOURCE_ROOM + 32];
    char *time;               /* that it shows, or NULL */
    bool usable;              /* EC2 says that it can be read */
};

struct series {
    const struct acquire_options *opt;
    const char *prefix;
    struct log *log;
    struct member *members;
    size_t count;
    char *last;               /* prefix of the newest good image, or NULL */
    size_t made, failed;
    int status;               /* the worst so far */
    struct err first;         /* why the first one failed */
};

/* --------------------------------------------------------------- members */

static int add_member(struct series *s, const char *snapshot,
                      const char *time, bool usable, struct err *e)
{
    struct member *more = realloc(s->members, (s->count + 1)
                                              * sizeof(*more));

    if (!more)
        return err_nomem(e);
    s->members = more;
    more[s->count] = (struct member){ .usable = usable };
    snprintf(more[s->count].snapshot, sizeof(more[0].snapshot), "%s",
             snapshot);
    more[s->count].time = time ? strdup(time) : NULL;
    s->count++;
    return time && !more[s->count - 1].time ? err_nomem(e) : 0;
}

static int take_names(struct series *s, char **names, size_t n,
                      struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!snapshot_id_ok(names[i]))
            return err_set(e, ERR_USAGE, 0, "%s is not a snapshot id",
                           names[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return err_set(e, ERR_USAGE, 0, "%s is named twice",
                               names[i]);
        if (add_member(s, names[i], NULL, true, e) < 0)
            return -1;
    }
    return 0;
}

/* The volume that is meant: itself, or what EC2 records of the snapshot. */
static size_t find_volume(const struct lineage *l)
{
    if (l->nodes[l->target].kind == RESOURCE_VOLUME)
        return l->target;
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].from == l->target
            && l->links[i].proof == PROOF_VOLUME_ID)
            return l->links[i].to;
    return LINEAGE_NONE;
}

static int take_members(struct series *s, const struct lineage *l,
                        struct err *e)
{
    size_t volume = find_volume(l);
    size_t n = 0;
    autofree size_t *nodes = NULL;

    if (volume == LINEAGE_NONE)
        return err_set(e, ERR_SOURCE, 0, "EC2 records no volume of %s (a "
                       "copy or an upload); name the snapshots, oldest first",
                       l->nodes[l->target].id);
    nodes = lineage_members(l, volume, &n);
    if (!nodes)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        if (add_member(s, l->nodes[nodes[i]].id, l->nodes[nodes[i]].time,
                       l->nodes[nodes[i]].usable, e) < 0)
            return -1;
    if (s->count == 0)
        return err_set(e, ERR_SOURCE, 0, "EC2 knows no snapshot of %s here",
                       l->nodes[volume].id);
    return 0;
}

static int ask_members(struct series *s, const char *name, struct err *e)
{
    const struct acquire_options *o = s->opt;
    struct chain_options co = { .service = o->service };
    struct chain c = { .opt = &co, .target = name };
    int r;

    co.service.verbose = o->verbose;
    r = chain_explore(&c, e);
    if (r == 0)
        r = take_members(s, &c.lineage, e);
    for (size_t i = 0; r == 0 && !o->quiet && i < c.nnotes; i++)
        fprintf(stderr, "ebsimg: warning: %s\n", c.notes[i]);
    chain_free(&c);
    return r;
}

static int find_members(struct series *s, char **names, size_t n,
                        struct err *e)
{
    enum resource kind = resource_kind(names[0]);

    if (n > 1)
        return take_names(s, names, n, e);
    if (kind != RESOURCE_SNAPSHOT && kind != RESOURCE_VOLUME)
        return err_set(e, ERR_USAGE, 0, "%s is not the id of a snapshot or "
                       "of a volume", names[0]);
    return ask_members(s, names[0], e);
}

/* -------------------------------------------------------------- case log */

static int log_start(struct series *s, char **names, size_t n,
                     struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    autotext struct text t = TEXT_INIT;

    host_record(&r);
    text_add(&t, "[");
    for (size_t i = 0; i < n; i++) {
        text_add(&t, i ? "," : "");
        text_add_json(&t, names[i]);
    }
    text_add(&t, "]");
    if (t.failed)
        return err_nomem(e);
    record_json(&r, "asked_for", t.s);
    record_u64(&r, "snapshots", s->count);
    return log_write(s->log, "case", &r, e);
}

static int log_members(struct series *s, struct err *e)
{
    for (size_t i = 0; i < s->count; i++) {
        autorecord struct record r = RECORD_INIT;

        record_u64(&r, "position", i + 1);
        record_str(&r, "snapshot", s->members[i].snapshot);
        if (s->members[i].time)
            record_str(&r, "start_time", s->members[i].time);
        record_bool(&r, "usable", s->members[i].usable);
        if (log_write(s->log, "member", &r, e) < 0)
            return -1;
    }
    return 0;
}

static void add_result(struct record *r, const struct acquisition *a)
{
    record_hex(r, "log_head", a->log_end.head, LOG_HASH);
    record_hex(r, "manifest_sha256", a->ledger.file, MANIFEST_HASH);
    record_hex(r, "manifest_root", a->ledger.root, MANIFEST_HASH);
    for (int k = 0; k < HASH_KINDS; k++)
        if (a->stream.have & HASH_BIT(k))
            record_hex(r, hash_names[k], a->stream.value[k], hash_sizes[k]);
    record_bool(r, "in_full", !a->since.used);
    record_u64(r, "carried", a->ledger.counts.carried);
    record_u64(r, "fetched", a->ledger.counts.stored + a->ledger.counts.zero
                             - a->ledger.counts.carried);
    record_u64(r, "audited", a->since.audited);
}

static int log_image(struct series *s, const struct member *m,
                     const char *prefix, const struct acquisition *a,
                     const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "snapshot", m->snapshot);
    record_str(&r, "prefix", prefix);
    if (a->opt->since)
        record_str(&r, "since", a->opt->since);
    record_str(&r, "verdict", outcome_name(a->outcome));
    record_u64(&r, "exit_status", (uint64_t)outcome_status(a->outcome, why));
    if (why->kind == ERR_NONE)
        add_result(&r, a);
    else
        record_str(&r, "error", why->msg);
    if (log_write(s->log, "image", &r, e) < 0)
        return -1;
    return log_sync(s->log, e);
}

static int log_end(struct series *s, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "images", s->made);
    record_u64(&r, "failed", s->failed);
    record_u64(&r, "exit_status", (uint64_t)s->status);
    return log_write(s->log, "end", &r, e);
}

/* ----------------------------------------------------------------- images */

/* Of two exit statuses the one that says more: a failure before a
 * reservation, the first failure before later ones. */
static void note_status(struct series *s, int status)
{
    if (s->status == 0 || (s->status == 1 && status > 1))
        s->status = status;
}

/* A snapshot that cannot be read is no reason to give up the others. */
static bool goes_on(const struct err *why)
{
    return why->kind == ERR_SOURCE;
}

static int make_image(struct series *s, const struct member *m,
                      struct err *e)
{
    struct acquire_options o = *s->opt;
    struct acquisition a;
    struct err why = ERR_INIT;
    char *prefix = NULL;
    int r;

    if (asprintf(&prefix, "%s-%s", s->prefix, m->snapshot) < 0)
        return err_nomem(e);
    if (s->last)
        o.since = s->last;
    r = acquire_one(&a, &o, m->snapshot, prefix, &why);
    if (r < 0)
        a.outcome = why.kind == ERR_INTERRUPTED ? OUTCOME_INTERRUPTED
                                                : OUTCOME_FAILED;
    note_status(s, outcome_status(a.outcome, &why));
    if (log_image(s, m, prefix, &a, &why, e) < 0)
        r = -1;
    else if (r < 0)
        *e = why;
    if (r == 0) {
        s->made++;
        free(s->last);
        s->last = prefix;
        prefix = NULL;
    }
    free(prefix);
    return r;
}

static int make_images(struct series *s, struct err *e)
{
    for (size_t i = 0; i < s->count; i++) {
        struct err why = ERR_INIT;

        if (!s->opt->quiet)
            fprintf(stderr, "ebsimg: snapshot %zu of %zu: %s\n", i + 1,
                    s->count, s->members[i].snapshot);
        if (make_image(s, &s->members[i], &why) == 0)
            continue;
        s->failed++;
        if (!goes_on(&why)) {
            *e = why;
            return -1;
        }
        fprintf(stderr, "ebsimg: %s\n", why.msg);
        if (s->first.kind == ERR_NONE)
            s->first = why;
    }
    return 0;
}

/* -------------------------------------------------------------------- run */

static int run_case(struct series *s, char **names, size_t n, struct err *e)
{
    struct err ignored = ERR_INIT;
    int r;

    if (log_start(s, names, n, e) < 0 || log_members(s, e) < 0)
        return -1;
    r = make_images(s, e);
    if (log_end(s, r == 0 ? e : &ignored) < 0)
        r = -1;
    return r;
}

static int open_log(struct series *s, struct err *e)
{
    autofree char *path = NULL;

    if (asprintf(&path, "%s.case.jsonl", s->prefix) < 0)
        return err_nomem(e);
    s->log = log_create(path, &clock_system, e);
    return s->log ? 0 : -1;
}

static void free_series(struct series *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->members[i].time);
    free(s->members);
    free(s->last);
}

/* All failed: then their error is that of the command. */
static int conclude(struct series *s, struct err *e)
{
    if (s->made || s->first.kind == ERR_NONE)
        return s->status;
    *e = s->first;
    return -1;
}

int series_run(const struct acquire_options *o, char **names, size_t n,
               struct err *e)
{
    struct series s = {
        .opt = o,
        .prefix = o->output ? o->output : names[0],
    };
    struct err ignored = ERR_INIT;
    int r = find_members(&s, names, n, e);

    if (r == 0)
        r = open_log(&s, e);
    if (r == 0) {
        r = run_case(&s, names, n, e);
        if (log_close(s.log, r == 0 ? e : &ignored) < 0)
            r = -1;
    }
    if (r == 0)
        r = conclude(&s, e);
    free_series(&s);
    return r;
}
