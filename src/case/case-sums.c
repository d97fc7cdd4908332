/* SPDX-License-Identifier: Apache-2.0 */
/* The checksum file of a case log: its digest as `sha256sum -c' checks it, and
 * its head, which is to be kept elsewhere, for people. */
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/hash-file.h"
#include "audit/line-ends.h"
#include "audit/sums.h"
#include "base/file.h"
#include "base/scope.h"
#include "case/case-log.h"

/* "CASE.case.jsonl" and ".new" give "CASE.case.sha256.new". */
static char *path_of(const struct case_log *c, const char *more)
{
    struct text t = TEXT_INIT;

    text_addn(&t, c->path, strlen(c->path) - strlen(CASE_SUFFIX));
    text_add(&t, CASE_SUMS_SUFFIX);
    text_add(&t, more);
    if (t.failed)
        text_free(&t);
    return t.s;
}

/* As sums_write() writes a line; the head is a comment for sha256sum. */
static int write_lines(const struct case_log *c, const char *path,
                       const struct hashes *h, struct err *e)
{
    autofree char *name = strdup(file_name(c->path));
    const struct sums_file line = { name, *h, 0 };
    char head[2 * LOG_HASH + 1];

    if (!name)
        return err_nomem(e);
    hex_encode(head, c->end.head, LOG_HASH);
    return sums_write_headed(path, HASH_SHA256, "head of the case log", head,
                             &line, 1, e);
}

int case_write_sums(const struct case_log *c, struct err *e)
{
    autofree char *path = path_of(c, ""), *part = path_of(c, ".new");
    struct hashes h = { 0 };

    if (!path || !part)
        return err_nomem(e);
    if (hash_file(c->path, HASH_BIT(HASH_SHA256), &h, e) < 0
        || file_remove(part, e) < 0 || write_lines(c, part, &h, e) < 0
        || file_publish(part, path, e) < 0)
        return -1;
    return file_sync_folder_of(path, e);
}

static bool names_only(const struct sums *s, const char *path)
{
    return s->nfiles == 1 && strcmp(s->files[0].name, file_name(path)) == 0;
}

int case_clear_sums(const struct case_log *c, struct err *e)
{
    autofree char *path = path_of(c, "");
    struct sums s = { 0 };
    struct err why = ERR_INIT;
    bool ours;

    if (!path)
        return err_nomem(e);
    if (!file_exists(path))
        return 0;
    ours = file_check_regular(path, &why) == 0
        && sums_read(path, HASH_SHA256, &s, &why) == 0
        && names_only(&s, c->path);
    sums_free(&s);
    if (ours && file_exists(c->path))
        return file_remove(path, e);
    return err_set(e, ERR_DEST, 0, "%s exists already, and is not of this "
                   "chain: move it away, or choose another --output", path);
}

static bool fits(const struct hashes *h, const struct sums_file *f)
{
    return memcmp(h->value[HASH_SHA256], f->hashes.value[HASH_SHA256],
                  hash_sizes[HASH_SHA256]) == 0;
}

/* Whatever the case log is called now. */
static int check_line(const char *path, const char *sums,
                      const struct sums *s, bool *line_ends, struct err *e)
{
    struct hashes plain = { 0 }, undone = { 0 };
    uint64_t size;

    if (s->nfiles != 1 || !artefact_is(s->files[0].name, ARTEFACT_CASE))
        return err_set(e, ERR_VERIFY, 0, "%s does not name the case log, or "
                       "names more", file_name(sums));
    if (hash_file(path, HASH_BIT(HASH_SHA256), &plain, e) < 0
        || line_ends_hash(path, HASH_BIT(HASH_SHA256), &undone, &size, e) < 0)
        return -1;
    if (!fits(&plain, s->files) && !fits(&undone, s->files))
        return err_set(e, ERR_VERIFY, 0, "%s has another digest of the case "
                       "log, in line %zu", file_name(sums),
                       s->files[0].line);
    *line_ends = s->line_ends || !fits(&plain, s->files);
    return 1;
}

int case_check_sums(const char *path, const char *sums, bool *line_ends,
                    struct err *e)
{
    struct sums s = { 0 };
    int r;

    if (!sums)
        return 0;
    r = file_check_regular(sums, e) < 0
        || sums_read(sums, HASH_SHA256, &s, e) < 0
        ? -1 : check_line(path, sums, &s, line_ends, e);
    sums_free(&s);
    return r;
}
