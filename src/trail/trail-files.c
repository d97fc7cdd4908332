/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/trail-files.h"

#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ahead.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"

static int feed(struct trail_reader *r, struct ahead *a, struct err *e)
{
    const char *data;
    long n;

    while ((n = ahead_next(a, &data, e)) > 0) {
        if (trail_feed(r, data, (size_t)n, e) < 0)
            return -1;
        if (trail_hopeless(r))
            return 0;
    }
    return n < 0 ? -1 : 0;
}

/* As trail_end(). */
static int read_one(struct trail *t, const char *path, struct err *e)
{
    struct ahead *a = ahead_open(path, e);
    struct trail_reader *r = a ? trail_begin(t, e) : NULL;
    int result = r ? feed(r, a, e) : -1;

    ahead_close(a);
    if (result < 0) {
        trail_abandon(r);
        return -1;
    }
    result = trail_end(r, e);
    return result < 0 ? err_in(e, "%s", path) : result;
}

static int read_file(struct trail *t, const char *path, struct err *e)
{
    int r = read_one(t, path, e);

    return r > 0 ? err_set(e, ERR_USAGE, 0, "%s: %s", path,
                           trail_file_words((enum trail_file)r)) : r;
}

/* ---------------------------------------------------------------- folders */

/* Why something in a folder is left out: what its file is, or: */
enum reason {
    REASON_LINK = TRAIL_FILES,
    REASON_NO_FILE,
    REASONS,
};

static const char *const reasons[] = {
    [TRAIL_OTHER] = "files without CloudTrail records are left out",
    [TRAIL_EMPTY] = "empty files are left out",
    [TRAIL_NO_JSON] = "files that are no JSON are left out",
    [TRAIL_UTF16] = "files of UTF-16 text are left out (iconv -f UTF-16 -t "
                    "UTF-8 makes them readable)",
    [TRAIL_ALIKE] = "files that speak of events in a form that is not known "
                    "are left out",
    [REASON_LINK] = "symbolic links are not followed",
    [REASON_NO_FILE] = "what is no file is left out",
};

struct left_out {
    uint64_t n;
    char *first;
};

struct found {
    uint64_t files;            /* of records */
    struct left_out left[REASONS];
};

static int leave_out(struct left_out *l, const char *path, struct err *e)
{
    if (l->n++ == 0)
        l->first = strdup(path);
    return l->first ? 0 : err_nomem(e);
}

static int read_found(struct trail *t, struct found *f, const char *path,
                      struct err *e)
{
    int r = read_one(t, path, e);

    if (r > 0)
        return leave_out(&f->left[r], path, e);
    f->files += r == 0;
    return r;
}

/* What is in a file decides, not its name.  A link may lead out of the folder
 * that was named as evidence, so none is followed.  Files of something else
 * are common: where CloudTrail delivers, it leaves its digests, too, and so
 * may AWS Config. */
static int read_entry(struct trail *t, struct found *f, const FTSENT *x,
                      struct err *e)
{
    switch (x->fts_info) {
    case FTS_F:
        return read_found(t, f, x->fts_path, e);
    case FTS_SL:
    case FTS_SLNONE:
        return leave_out(&f->left[REASON_LINK], x->fts_path, e);
    case FTS_DEFAULT:
        return leave_out(&f->left[REASON_NO_FILE], x->fts_path, e);
    case FTS_ERR:
    case FTS_DNR:
    case FTS_NS:
        return err_set(e, ERR_USAGE, x->fts_errno, "cannot read %s",
                       x->fts_path);
    default:
        return interrupt_check(e);
    }
}

/* The folder itself may be a link: somebody named it. */
static int walk(struct trail *t, struct found *f, const char *path,
                struct err *e)
{
    autofree char *copy = strdup(path);
    char *const roots[] = { copy, NULL };
    FTS *fts = copy ? fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW
                                      | FTS_NOCHDIR, NULL)
                    : NULL;
    const FTSENT *x;
    int r = 0;

    if (!fts)
        return err_nomem(e);
    while (r == 0 && (x = fts_read(fts)))
        r = read_entry(t, f, x, e);
    fts_close(fts);
    return r;
}

/* What was left out may be where they are. */
static int nothing_found(const struct found *f, const char *path,
                         struct err *e)
{
    autotext struct text list = TEXT_INIT;

    for (int i = 0; i < REASONS; i++)
        if (f->left[i].n)
            text_addf(&list, "; %s: %s", reasons[i], f->left[i].first);
    return err_set(e, ERR_USAGE, 0, "%s holds no CloudTrail records%s", path,
                   list.s ? list.s : ", nor any file");
}

/* What is no records for sure: files of another kind, such as digests, and
 * nothing. */
static bool is_innocent(int reason)
{
    return reason == TRAIL_OTHER || reason == TRAIL_EMPTY;
}

static int tell_files(struct notes *notes, const struct found *f,
                      const char *path, struct err *e)
{
    if (f->files == 0)
        return nothing_found(f, path, e);
    for (int i = 0; i < REASONS; i++)
        if (f->left[i].n
            && notes_add(notes, e, "%s: %" PRIu64 " in %s, the first is %s",
                         reasons[i], f->left[i].n, path,
                         f->left[i].first) < 0)
            return -1;
    return 0;
}

/* What the files hold besides records. */
static int tell_unused(const struct trail *t, const uint64_t *before,
                       struct notes *notes, const char *path, struct err *e)
{
    for (enum trail_unused u = 0; u < TRAIL_UNUSED; u++) {
        uint64_t n = t->unused[u] - before[u];

        if (n
            && notes_add(notes, e, "%s are left out: %" PRIu64 " in %s",
                         trail_unused_words(u), n, path) < 0)
            return -1;
    }
    return 0;
}

static int read_folder(struct trail *t, struct notes *notes, const char *path,
                       struct err *e)
{
    struct found f = { 0 };
    int r = walk(t, &f, path, e);

    if (r == 0)
        r = tell_files(notes, &f, path, e);
    for (int i = 0; i < REASONS; i++) {
        t->left_out += is_innocent(i) ? 0 : f.left[i].n;
        free(f.left[i].first);
    }
    return r;
}

int trail_read(struct trail *t, struct notes *notes, const char *path,
               struct err *e)
{
    uint64_t before[TRAIL_UNUSED];
    struct stat st;
    int r;

    memcpy(before, t->unused, sizeof(before));
    if (stat(path, &st) < 0)
        return err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    r = S_ISDIR(st.st_mode) ? read_folder(t, notes, path, e)
                            : read_file(t, path, e);
    return r < 0 ? -1 : tell_unused(t, before, notes, path, e);
}
