/* CloudTrail records from files and folders. */
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "cmd/chain.h"

/* Unpacked; CloudTrail delivers files of a few MiB. */
#define FILE_MAX (128 * MIB)

static int read_gz(gzFile f, const char *path, struct text *out,
                   struct err *e)
{
    char buf[32 * 1024];
    int n;

    while ((n = gzread(f, buf, sizeof(buf))) > 0) {
        text_addn(out, buf, (size_t)n);
        if (out->failed)
            return err_nomem(e);
        if (out->len > FILE_MAX)
            return err_set(e, ERR_USAGE, 0, "%s holds more than 128 MiB",
                           path);
    }
    if (n < 0 || !gzeof(f))
        return err_set(e, ERR_USAGE, 0, "%s cannot be read, or is a damaged "
                       ".gz file", path);
    return 0;
}

/* zlib reads a file that is not packed as it is. */
static int slurp(const char *path, struct text *out, struct err *e)
{
    gzFile f = gzopen(path, "rbe");
    int r;

    if (!f)
        return err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    r = read_gz(f, path, out, e);
    if (gzclose(f) != Z_OK && r == 0)
        r = err_set(e, ERR_USAGE, 0, "%s is cut off", path);
    return r;
}

/* 1: it holds something else than records. */
static int read_one(struct trail *t, const char *path, struct err *e)
{
    autotext struct text json = TEXT_INIT;
    int r;

    if (slurp(path, &json, e) < 0)
        return -1;
    r = trail_parse(t, json.s ? json.s : "", json.len, e);
    return r < 0 ? err_in(e, "%s", path) : r;
}

static int read_file(struct trail *t, const char *path, struct err *e)
{
    int r = read_one(t, path, e);

    return r > 0 ? err_set(e, ERR_USAGE, 0, "%s: it holds no CloudTrail "
                           "records", path) : r;
}

/* ---------------------------------------------------------------- folders */

/* What is left out in a folder, and the first that was. */
struct left_out {
    uint64_t n;
    char *first;
};

struct found {
    uint64_t files;            /* of records */
    struct left_out links;
    struct left_out others;    /* files of something else */
};

static bool is_named_so(const char *name)
{
    return text_ends_with(name, ".json") || text_ends_with(name, ".json.gz");
}

static int leave_out(struct left_out *l, const char *path, struct err *e)
{
    if (l->n++ == 0)
        l->first = strdup(path);
    return l->first ? 0 : err_nomem(e);
}

/* A link may lead out of the folder that was named as evidence, so none is
 * followed.  Files of something else are common: where CloudTrail delivers,
 * it leaves its digests, too, and so may AWS Config. */
static int read_entry(struct trail *t, struct found *f, const FTSENT *x,
                      struct err *e)
{
    int r;

    if (x->fts_info == FTS_ERR || x->fts_info == FTS_DNR)
        return err_set(e, ERR_USAGE, x->fts_errno, "cannot read %s",
                       x->fts_path);
    if (x->fts_info == FTS_SL)
        return leave_out(&f->links, x->fts_path, e);
    if (x->fts_info != FTS_F || !is_named_so(x->fts_name))
        return 0;
    r = read_one(t, x->fts_path, e);
    if (r > 0)
        return leave_out(&f->others, x->fts_path, e);
    f->files++;
    return r;
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

/* The link may be where they are. */
static int nothing_found(const struct found *f, const char *path,
                         struct err *e)
{
    const char *first = f->links.n ? f->links.first : "";
    const char *links = f->links.n ? "; symbolic links are not followed: "
                                   : "";

    if (f->others.n)
        return err_set(e, ERR_USAGE, 0, "%s holds no CloudTrail records: its "
                       ".json files hold something else, for instance %s%s%s",
                       path, f->others.first, links, first);
    return err_set(e, ERR_USAGE, 0, "%s holds no CloudTrail records: there is "
                   "no .json or .json.gz in it or below%s%s", path, links,
                   first);
}

static int judge(struct chain *c, const struct found *f, const char *path,
                 struct err *e)
{
    if (f->files == 0)
        return nothing_found(f, path, e);
    if (f->links.n
        && chain_note(c, e, "symbolic links are not followed: %" PRIu64
                      " in %s, the first is %s", f->links.n, path,
                      f->links.first) < 0)
        return -1;
    if (f->others.n == 0)
        return 0;
    return chain_note(c, e, "files without CloudTrail records are left out: %"
                      PRIu64 " in %s, the first is %s", f->others.n, path,
                      f->others.first);
}

static int read_folder(struct chain *c, const char *path, struct err *e)
{
    struct found f = { 0 };
    int r = walk(&c->trail, &f, path, e);

    if (r == 0)
        r = judge(c, &f, path, e);
    free(f.links.first);
    free(f.others.first);
    return r;
}

int trail_read(struct chain *c, const char *path, struct err *e)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    return S_ISDIR(st.st_mode) ? read_folder(c, path, e)
                               : read_file(&c->trail, path, e);
}
