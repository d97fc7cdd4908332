/* SPDX-License-Identifier: Apache-2.0 */
/* The files of an acquisition as such: the digests that the log and the
 * checksum files have of them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/hash-file.h"
#include "audit/sums.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"
#include "verify/verification.h"

#define SIZE_UNKNOWN RUN_UNTOLD

/* ------------------------------------------------- which files are read */

/* A raw image in one piece is read as an image below, once is enough. */
static bool is_read_later(const struct verification *v, const char *name,
                          const char *path)
{
    for (size_t i = 0; !v->papers_only && v->ev.images[i]; i++)
        if (strcmp(path, v->ev.images[i]) == 0)
            return artefact_is_stream(name);
    return false;
}

static void add_hashes(struct hashes *to, const struct hashes *from)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if (from->have & HASH_BIT(k))
            memcpy(to->value[k], from->value[k], hash_sizes[k]);
    to->have |= from->have;
}

static bool same_hashes(const struct hashes *a, const struct hashes *b)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if ((a->have & b->have & HASH_BIT(k))
            && memcmp(a->value[k], b->value[k], hash_sizes[k]) != 0)
            return false;
    return true;
}

/* What is recorded twice is read once and told once: a file of several
 * checksum files with the digests of all of them.  What contradicts itself
 * cannot be right, whatever the file is. */
static void add_to_check(struct verification *v, const char *by,
                         struct file_check *c, const struct run_file *f)
{
    if (c->size == f->size && same_hashes(&c->hashes, &f->hashes))
        add_hashes(&c->hashes, &f->hashes);
    else
        findings_add(&v->found, FINDING_BAD, by,
                     "names %s twice, and not with the same size and digest",
                     f->name);
}

static int add_check(struct verification *v, const struct run_file *f,
                     const char *path, struct names *known, struct err *e)
{
    struct file_check *more = realloc(v->checks, (v->nchecks + 1)
                                                 * sizeof(*more));
    struct file_check *c;

    if (!more)
        return err_nomem(e);
    v->checks = more;
    c = &more[v->nchecks++];
    *c = (struct file_check){ strdup(file_name(path)), strdup(path),
                              artefact_of(f->name), f->size, f->hashes };
    return c->name && c->path
        ? names_add(known, c->path, v->nchecks - 1, e) : err_nomem(e);
}

static int check_path(struct verification *v, const char *by,
                      const struct run_file *f, const char *path,
                      struct err *e)
{
    struct names *known = f->size == SIZE_UNKNOWN ? &v->by_sums : &v->by_log;
    size_t i = names_find(known, path);

    if (i == NAMES_NONE)
        return add_check(v, f, path, known, e);
    add_to_check(v, by, &v->checks[i], f);
    return 0;
}

static int check_beside(struct verification *v, const char *by,
                        const struct run_file *f, struct err *e)
{
    autofree char *path = evidence_path(&v->ev, f->name);

    if (!path)
        return err_nomem(e);
    if (v->summary_told && artefact_is(f->name, ARTEFACT_SUMMARY))
        return 0;
    if (!is_read_later(v, f->name, path))
        return check_path(v, by, f, path, e);
    if (f->size == SIZE_UNKNOWN) /* the log does not say it */
        add_hashes(&v->whole, &f->hashes);
    return 0;
}

/* -------------------------------------------------------- checksum files */

/* Whoever makes a checksum file of a renamed set has the new names. */
static const struct run_file *known(const struct verification *v,
                                    const char *name)
{
    const struct run_file *f = run_record_file(&v->ev.log, name);

    return f ? f : evidence_file(&v->ev, name);
}

/* A line of a checksum file: the log has the same digest, or (where the log
 * has none of that kind, as for the log itself and the summary) the file has
 * it, which shows an accident and no more: whoever can change the file can
 * change the line. */
static int check_sum(struct verification *v, const char *sums,
                     const struct sums_file *line, struct err *e)
{
    const struct run_file *f = known(v, line->name);
    struct run_file alone = { line->name, SIZE_UNKNOWN, line->hashes };

    if (!f || !(f->hashes.have & line->hashes.have))
        return check_beside(v, sums, &alone, e);
    if (!same_hashes(&line->hashes, &f->hashes))
        findings_add(&v->found, FINDING_CHANGED, sums,
                     "has another digest of %s than the log, in line %zu",
                     line->name, line->line);
    return 0;
}

static bool names_log(const struct verification *v, const struct sums *s)
{
    for (size_t i = 0; i < s->nfiles; i++) {
        autofree char *path = artefact_is(s->files[i].name, ARTEFACT_LOG)
            ? evidence_path(&v->ev, s->files[i].name) : NULL;

        if (path && strcmp(path, v->ev.log_path) == 0)
            return true;
    }
    return false;
}

static int check_lines(struct verification *v, const char *name,
                       const struct sums *s, struct err *e)
{
    for (size_t i = 0; i < s->nfiles; i++)
        if (interrupt_check(e) < 0
            || check_sum(v, name, &s->files[i], e) < 0)
            return -1;
    if (!same_hashes(&s->stream, &v->ev.log.stream))
        findings_add(&v->found, FINDING_CHANGED, name,
                     "has another digest of the raw stream than the log");
    if (!(v->ev.log.stream.have & s->stream.have))
        add_hashes(&v->stream, &s->stream);
    if (v->ev.log_path && !names_log(v, s))
        findings_add(&v->found, FINDING_CHANGED, name, "does not name the log");
    return 0;
}

static int check_sums_of(struct verification *v, const char *path,
                         enum hash_kind kind, struct err *e)
{
    const char *name = file_name(path);
    struct sums s = { 0 };
    struct err bad = ERR_INIT;
    int r;

    if (file_check_regular(path, &bad) < 0) {
        findings_blame(&v->found, FINDING_CHANGED, name, &bad);
        return 0;
    }
    if (sums_read(path, kind, &s, &bad) < 0)
        findings_blame(&v->found, FINDING_CHANGED, name, &bad);
    if (s.line_ends)
        verify_tell_line_ends(&v->found, name);
    r = verify_learn_base(v, &s, e);
    if (r == 0)
        r = check_lines(v, name, &s, e);
    sums_free(&s);
    return r;
}

/* The checksum files hold what the log cannot: the digest of the log. */
static int check_sums(struct verification *v, struct err *e)
{
    bool any = false;

    for (int k = 0; k < HASH_KINDS; k++) {
        if (!v->ev.sums_paths[k])
            continue;
        any = true;
        if (check_sums_of(v, v->ev.sums_paths[k], (enum hash_kind)k, e) < 0)
            return -1;
    }
    if (v->ev.log_path && !any)
        findings_add(&v->found, FINDING_NOTE, "log",
                     "no checksum file has its digest");
    return 0;
}

int verify_read_sums(struct verification *v, struct err *e)
{
    const struct run_record *l = &v->ev.log;

    for (size_t i = 0; i < l->nfiles; i++)
        if (interrupt_check(e) < 0
            || check_beside(v, "log", &l->files[i], e) < 0)
            return -1;
    return check_sums(v, e);
}

/* ----------------------------------------------------------------- files */

/* One record is right or wrong as a whole, and its strongest digest is enough;
 * of checksum files each one is. */
static unsigned kinds_to_read(const struct file_check *f)
{
    return f->size == SIZE_UNKNOWN ? f->hashes.have
                                   : hash_strongest(f->hashes.have);
}

/* The log tells the size of each file, the checksum files that of none. */
static bool is_in_log(const struct file_check *f)
{
    return f->size != SIZE_UNKNOWN;
}

/* What is wrong with it is wrong with the image, or with its record. */
static enum finding_kind kind_of(const struct file_check *f)
{
    return f->is && f->is->role == ARTEFACT_IMAGE ? FINDING_BAD
                                                  : FINDING_CHANGED;
}

static void tell_changed(struct verification *v, const struct file_check *f,
                         const struct hashes *now)
{
    char list[64] = "";

    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(now->have & f->hashes.have & HASH_BIT(k))
            || memcmp(now->value[k], f->hashes.value[k], hash_sizes[k]) == 0)
            continue;
        if (list[0])
            strcat(list, ", ");
        strcat(list, hash_titles[k]);
    }
    if (is_in_log(f))
        findings_add(&v->files, kind_of(f), f->name, "is not as it was "
                     "written: the log has another %s", list);
    else
        findings_add(&v->files, kind_of(f), f->name, "does not have the "
                     "digest in the checksum files: %s", list);
}

/* What cannot be looked at is not there, or is something else. */
static void tell_missing(struct verification *v, const struct file_check *f,
                         const struct err *e)
{
    findings_blame(&v->files, file_exists(f->path) ? kind_of(f)
                   : FINDING_MISSING, f->name, e);
}

static bool is_left_unread(const struct verification *v,
                           const struct file_check *f)
{
    return v->papers_only && artefact_is(f->name, ARTEFACT_IMAGE);
}

/* Tells what its size or its kind settle; true when only its digests are
 * left to compare. */
static bool leaves_digests(struct verification *v,
                           const struct file_check *f)
{
    struct err e = ERR_INIT;
    uint64_t allocated, size;

    if (file_check_regular(f->path, &e) < 0
        || file_usage(f->path, &allocated, &size, &e) < 0)
        tell_missing(v, f, &e);
    else if (f->size != SIZE_UNKNOWN && size != f->size
             && !verify_same_but_line_ends(v, f))
        findings_add(&v->files, kind_of(f), f->name,
                     "has %" PRIu64 " bytes, %" PRIu64 " were written",
                     size, f->size);
    else if (f->size != SIZE_UNKNOWN && size != f->size)
        return false;
    else if (!f->hashes.have)
        findings_add(&v->files, FINDING_NOTE, f->name,
                     "has the size that was written; no digest was taken");
    else if (is_left_unread(v, f))
        findings_add(&v->files, FINDING_NOTE, f->name, f->size == SIZE_UNKNOWN
                     ? "is there; what is in it was not read"
                     : "has the size that was written; what is in it was not "
                       "read");
    else
        return true;
    return false;
}

/* Of an image in pieces the good ones are one line: who looks for the bad one
 * is not to search for it. */
static void tell_good(struct verification *v)
{
    autotext struct text about = TEXT_INIT;

    if (!v->good)
        return;
    text_add(&about, v->good_first->name);
    if (v->good > 1)
        text_addf(&about, " to %s", v->good_last->name);
    if (v->good > 1)
        findings_add(&v->files, FINDING_GOOD, about.failed ? "image" : about.s,
                     "%zu files have the digests in the log", v->good);
    else
        findings_add(&v->files, FINDING_GOOD, about.failed ? "image" : about.s,
                     "has the digest in the log");
    v->good = 0;
}

static void note_good(struct verification *v, const struct file_check *f)
{
    bool piece = is_in_log(f) && f->is && f->is->is_piece && !v->opt->verbose;

    if (!piece || (v->good && v->good_first->is != f->is))
        tell_good(v);
    if (!piece) {
        findings_add(&v->files, FINDING_GOOD, f->name, is_in_log(f)
                     ? "has the digest in the log"
                     : "has the digest in the checksum files, which anybody "
                       "could have rewritten");
        return;
    }
    if (v->good++ == 0)
        v->good_first = f;
    v->good_last = f;
}

static void judge_file(struct verification *v, const struct file_check *f,
                       const struct hash_job *read)
{
    if (read->err.kind != ERR_NONE)
        findings_blame(&v->files, kind_of(f), f->name, &read->err);
    else if (same_hashes(read->out, &f->hashes))
        note_good(v, f);
    else if (!verify_same_but_line_ends(v, f))
        tell_changed(v, f, read->out);
}

/* By twos, since two side by side take less time than one after the other;
 * on this thread alone, since the images are read at the same time. */
struct files_read {
    size_t n;
    const struct file_check *files[2];
    struct hash_job jobs[2];
    struct hashes now[2];
};

static void read_some(struct verification *v, struct files_read *r)
{
    hash_files(r->jobs, r->n, 1, &v->reading);
    for (size_t i = 0; i < r->n; i++)
        judge_file(v, r->files[i], &r->jobs[i]);
    r->n = 0;
}

uint64_t verify_files_bytes(const struct verification *v)
{
    struct err ignored = ERR_INIT;
    uint64_t sum = 0, allocated, size;

    for (size_t i = 0; i < v->nchecks; i++) {
        const struct file_check *c = &v->checks[i];

        if (c->hashes.have
            && file_usage(c->path, &allocated, &size, &ignored) == 0
            && (c->size == SIZE_UNKNOWN || c->size == size))
            sum += size;
    }
    return sum;
}

void verify_read_files(struct verification *v)
{
    struct files_read r = { 0 };

    for (size_t i = 0; i < v->nchecks; i++) {
        const struct file_check *f = &v->checks[i];

        if (!leaves_digests(v, f))
            continue;
        r.jobs[r.n] = (struct hash_job){ f->path, kinds_to_read(f),
                                         HASH_ANY_SIZE, &r.now[r.n],
                                         ERR_INIT };
        r.files[r.n++] = f;
        if (r.n == 2)
            read_some(v, &r);
    }
    read_some(v, &r);
    tell_good(v);
}

void verify_free_files(struct verification *v)
{
    for (size_t i = 0; i < v->nchecks; i++) {
        free(v->checks[i].name);
        free(v->checks[i].path);
    }
    free(v->checks);
    names_free(&v->by_log);
    names_free(&v->by_sums);
}
