/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/voucher.h"

#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/beside.h"
#include "audit/event.h"
#include "audit/evidence.h"
#include "audit/hash-file.h"
#include "audit/logcheck.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"
#include "base/snapshot-id.h"
#include "base/text.h"

/* ------------------------------------------------------------------- find */

/* Where the snapshot's id begins in "CASE-snap-0123", or NULL. */
static const char *find_id(const char *prefix)
{
    const char *id = NULL;

    for (const char *s = file_name(prefix); (s = strstr(s, "-snap-")); s++)
        id = s + 1;
    return id && snapshot_id_ok(id) ? id : NULL;
}

/* NULL: there is none, or (told) no memory. */
static char *path_of(const char *prefix, const char *id, struct err *e)
{
    autofree char *chain = strndup(prefix, (size_t)(id - 1 - prefix));
    struct beside b = { 0 };
    char *path = NULL;

    if (!chain || beside_read(&b, chain, e) < 0)
        err_nomem(e);
    else
        path = beside_path(&b, CASE_SUFFIX);
    beside_free(&b);
    return path;
}

/* ------------------------------------------------------------------- read */

struct reading {
    struct voucher *v;
    const char *snapshot;
};

/* Of several images of one snapshot the last one counts that was made: that
 * making another one failed says nothing of it. */
static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct reading *r = ctx;
    struct voucher *v = r->v;
    const char *snapshot = event_text(event, "snapshot");

    (void)e;
    if (strcmp(event_name(event), "image") != 0 || !snapshot
        || strcmp(snapshot, r->snapshot) != 0)
        return 0;
    v->known |= json_hex(event, "log_head", v->head, LOG_HASH)
        && json_hex(event, "manifest_sha256", v->manifest, MANIFEST_HASH)
        && json_hex(event, "manifest_root", v->root, MANIFEST_HASH);
    return 0;
}

static int read_log(struct reading *r, struct err *e)
{
    const char *path = r->v->path;
    struct logcheck check;
    struct err why = ERR_INIT;
    autoclose int fd = -1;
    uint64_t cut;

    if (file_check_regular(path, e) < 0)
        return -1;
    if (logcheck_read(path, on_event, r, &check, &why) == 0)
        return 0;
    if (why.kind != ERR_VERIFY) {
        *e = why;
        return -1;
    }
    if (file_open(path, &fd, e) < 0)
        return -1;
    return logcheck_rest(fd, path, check.taken, &why, &cut, e);
}

/* Takes the path. */
static int read_path(char *path, const char *snapshot, struct voucher *out,
                     struct err *e)
{
    struct reading r = { .v = out, .snapshot = snapshot };

    out->path = path;
    return read_log(&r, e) < 0 ? err_in(e, "the case log") : 0;
}

int voucher_read(const char *path, const char *snapshot, struct voucher *out,
                 struct err *e)
{
    char *own = strdup(path);

    memset(out, 0, sizeof(*out));
    return own ? read_path(own, snapshot, out, e) : err_nomem(e);
}

int voucher_find(const char *prefix, struct voucher *out, struct err *e)
{
    const char *id = find_id(prefix);
    struct err why = ERR_INIT;
    char *path;

    memset(out, 0, sizeof(*out));
    if (!id)
        return 0;
    path = path_of(prefix, id, &why);
    if (path)
        return read_path(path, id, out, e);
    if (why.kind == ERR_NONE)
        return 0;
    *e = why;
    return -1;
}

void voucher_free(struct voucher *v)
{
    free(v->path);
    v->path = NULL;
    v->known = false;
}

/* ---------------------------------------------------------------- compare */

int voucher_check(const struct voucher *v, const unsigned char *head,
                  const unsigned char *manifest, const unsigned char *root,
                  struct err *e)
{
    const struct {
        const char *what;
        const unsigned char *is, *was;
        size_t n;
    } rows[] = {
        { "acquisition log", head, v->head, LOG_HASH },
        { "manifest", manifest, v->manifest, MANIFEST_HASH },
        { "root of the manifest", root, v->root, MANIFEST_HASH },
    };

    for (size_t i = 0; v->known && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].is && memcmp(rows[i].is, rows[i].was, rows[i].n) != 0)
            return err_set(e, ERR_VERIFY, 0, "its %s is not the one that %s "
                           "has of it: the image was exchanged, or changed, "
                           "after it was made", rows[i].what, v->path);
    return 0;
}

static int compare(const struct voucher *v, struct evidence *ev,
                   struct err *e)
{
    struct hashes h = { 0 };

    if (!v->known)
        return 0;
    if (!ev->log_path || !ev->manifest_path)
        return err_set(e, ERR_VERIFY, 0, "its log or its manifest is "
                       "missing, which %s has", v->path);
    if (evidence_read_log(ev, e) < 0
        || hash_file(ev->manifest_path, HASH_BIT(HASH_SHA256), &h, e) < 0)
        return -1;
    return voucher_check(v, ev->log.check.head, h.value[HASH_SHA256],
                         ev->log.manifest_root, e);
}

int voucher_check_image(const char *prefix, struct err *e)
{
    struct evidence ev;
    struct voucher v = { 0 };
    int r = evidence_find(prefix, &ev, e);

    if (r == 0)
        r = voucher_find(ev.prefix, &v, e);
    if (r == 0 && compare(&v, &ev, e) < 0)
        r = err_in(e, "the image %s", prefix);
    voucher_free(&v);
    evidence_free(&ev);
    return r;
}
