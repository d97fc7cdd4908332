/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "audit/run-rules.h"
#include "audit/stage.h"
#include "audit/typed.h"
#include "base/block.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

/* ------------------------------------------------------------------ find */

static bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);

    return n > m && strcasecmp(s + n - m, suffix) == 0;
}

/* The path without the suffix of an image, or NULL. */
static char *strip(const char *path)
{
    const struct artefact *a;

    for (size_t i = 0; (a = artefact_image(i)); i++)
        if (ends_with(path, a->suffix))
            return strndup(path, strlen(path) - strlen(a->suffix));
    return NULL;
}

/* One acquisition leaves .dd or .001, not both; the rows of one format stand
 * together. */
/* In another case only where there is none as it is written: beside an E01 of
 * this name an x.DD may be anything; when the log names it, it is read as a
 * file. */
static void find_images(struct evidence *out, bool any_case)
{
    const struct artefact *a, *before = NULL;
    size_t n = 0;

    for (size_t i = 0; (a = artefact_image(i)); i++) {
        char *path = beside_path(&out->beside, a->suffix);

        if (!path || (!any_case && !text_ends_with(path, a->suffix))) {
            free(path);
            continue;
        }
        out->surplus |= before && strcmp(before->format, a->format) == 0;
        out->images[n++] = path;
        before = a;
    }
}

static int find_by_prefix(const char *prefix, struct evidence *out,
                          struct err *e)
{
    out->prefix = strdup(prefix);
    if (!out->prefix)
        return err_nomem(e);
    if (beside_read(&out->beside, out->prefix, e) < 0)
        return -1;
    find_images(out, false);
    if (!out->images[0])
        find_images(out, true);
    return 0;
}

/* "x.E01, x.dd or x.001" */
static void add_names(struct text *t, const char *name)
{
    const struct artefact *a;

    for (size_t i = 0; (a = artefact_image(i)); i++) {
        text_add(t, i == 0 ? "" : artefact_image(i + 1) ? ", " : " or ");
        text_add(t, name);
        text_add(t, a->suffix);
    }
}

static bool is_unfinished(const char *prefix)
{
    autotext struct text folder = TEXT_INIT;

    text_add(&folder, prefix);
    text_add(&folder, STAGE_FOLDER);
    return !folder.failed && file_is_folder(folder.s);
}

static int refuse_unfinished(const char *prefix, struct err *e)
{
    autotext struct text word = TEXT_INIT;

    text_add_word(&word, prefix);
    return word.failed ? err_nomem(e)
        : err_set(e, ERR_USAGE, 0, "%s is a run that did not finish: go on "
                  "with it by  ebsimg acquire --resume %s", prefix, word.s);
}

static int not_found(const char *name, const char *meant, struct err *e)
{
    autotext struct text names = TEXT_INIT;

    if (is_unfinished(meant))
        return refuse_unfinished(meant, e);
    add_names(&names, name);
    if (names.failed)
        return err_nomem(e);
    return err_set(e, ERR_USAGE, 0, "%s is neither an image file nor a "
                   "prefix with an image %s", name, names.s);
}

/* A file called `case' beside case.E01: which of them is meant? */
static int refuse_two_meanings(const char *name, struct err *e)
{
    const struct artefact *a;
    struct beside b;
    int r = beside_read(&b, name, e);

    for (size_t i = 0; r == 0 && (a = artefact_image(i)); i++) {
        autofree char *other = beside_path(&b, a->suffix);

        if (other)
            r = err_set(e, ERR_USAGE, 0, "%s is a file, and the beginning "
                        "of %s: move it away, or name the image file",
                        name, other);
    }
    beside_free(&b);
    return r;
}

static int find_by_image(const char *path, struct evidence *out,
                         struct err *e)
{
    if (refuse_two_meanings(path, e) < 0)
        return -1;
    out->prefix = strip(path);
    if (!out->prefix)
        out->prefix = strdup(path);
    out->images[0] = strdup(path);
    return out->prefix && out->images[0]
        ? beside_read(&out->beside, out->prefix, e) : err_nomem(e);
}

static void find_papers(struct evidence *out)
{
    out->log_path = beside_path(&out->beside, LOG_SUFFIX);
    out->manifest_path = beside_path(&out->beside, MANIFEST_SUFFIX);
    out->summary_path = beside_path(&out->beside, SUMMARY_SUFFIX);
    for (int k = 0; k < HASH_KINDS; k++) {
        const char *suffix = artefact_sums_suffix((enum hash_kind)k);

        out->sums_paths[k] = beside_path(&out->beside, suffix);
    }
}

static void begin(struct evidence *out)
{
    memset(out, 0, sizeof(*out));
    run_record_init(&out->log);
}

/* By a file that is there, or by the prefix. */
static int find(const char *name, struct evidence *out, struct err *e)
{
    bool is_file = file_exists(name) && !file_is_folder(name);

    begin(out);
    if ((is_file && !ends_with(name, LOG_SUFFIX)
         ? find_by_image(name, out, e) : find_by_prefix(name, out, e)) < 0)
        return -1;
    find_papers(out);
    return 0;
}

static bool is_found(const struct evidence *ev)
{
    return ev->images[0] || ev->log_path;
}

int evidence_find(const char *name, struct evidence *out, struct err *e)
{
    autofree char *meant = typed_finished(name);

    if (!meant) {
        begin(out);
        return err_nomem(e);
    }
    if (find(name, out, e) < 0)
        return -1;
    if (!is_found(out) && strcmp(meant, name) != 0) {
        evidence_free(out);
        if (find(meant, out, e) < 0)
            return -1;
    }
    return is_found(out) ? 0 : not_found(name, meant, e);
}

/* A raw image is read faster than an E01, and stands behind it. */
const char *evidence_image(const struct evidence *ev, struct err *e)
{
    autotext struct text names = TEXT_INIT;
    size_t n = 0;

    while (ev->images[n])
        n++;
    if (n)
        return ev->images[n - 1];
    add_names(&names, ev->prefix);
    if (names.failed)
        err_nomem(e);
    else
        err_set(e, ERR_USAGE, 0, "%s has a log, but the image is missing: "
                "there is no %s", ev->prefix, names.s);
    return NULL;
}

struct manifest_reader *evidence_rows(const struct evidence *ev,
                                      struct manifest_header *h,
                                      struct err *e)
{
    struct manifest_reader *rows = manifest_open(ev->manifest_path, h, e);

    if (!rows || (h->block_size == BLOCK_SIZE
                  && h->volume_size % BLOCK_SIZE == 0))
        return rows;
    err_set(e, ERR_VERIFY, 0, "%s is not of blocks of EBS: it says blocks of "
            "%" PRIu32 " bytes on a volume of %" PRIu64, ev->manifest_path,
            h->block_size, h->volume_size);
    manifest_close(rows);
    return NULL;
}

/* ------------------------------------------------------------------- log */

int evidence_read_log(struct evidence *ev, struct err *e)
{
    if (!ev->log_path)
        return 0;
    if (file_check_regular(ev->log_path, e) < 0)
        return -1;
    run_record_free(&ev->log);
    return run_record_read(ev->log_path, &ev->log, e);
}

struct first {
    const char *path;
    struct err *e;
    bool told;
};

static void on_finding(void *ctx, const struct run_finding *f)
{
    struct first *x = ctx;

    if (f->note || x->told)
        return;
    x->told = true;
    if (f->line)
        err_set(x->e, ERR_VERIFY, 0, "%s: line %" PRIu64 ": %s", x->path,
                f->line, f->text);
    else
        err_set(x->e, ERR_VERIFY, 0, "%s: %s", x->path, f->text);
}

int evidence_check_log(struct evidence *ev, struct err *e)
{
    struct first first = { ev->log_path, e, false };

    if (ev->log.present)
        run_rules_check(&ev->log, &(struct run_judge){ on_finding, &first });
    return first.told ? -1 : 0;
}

int evidence_check_manifest(const struct evidence *ev,
                            const unsigned char *sha256, struct err *e)
{
    const struct run_record *l = &ev->log;

    if (!ev->log_path)
        return 0;
    if (!l->check.closed || !l->manifest_known)
        return err_set(e, ERR_VERIFY, 0, "the log does not say how the run "
                       "ended, or names no manifest");
    if (!sha256)
        return err_set(e, ERR_VERIFY, 0, "the manifest that the log names is "
                       "missing");
    if (memcmp(sha256, l->manifest_sha256, sizeof(l->manifest_sha256)) != 0)
        return err_set(e, ERR_VERIFY, 0, "the manifest is not the one that "
                       "the log names");
    return 0;
}

void evidence_free(struct evidence *ev)
{
    free(ev->prefix);
    free(ev->log_path);
    free(ev->manifest_path);
    free(ev->summary_path);
    free(ev->base);
    beside_free(&ev->beside);
    for (int k = 0; k < HASH_KINDS; k++)
        free(ev->sums_paths[k]);
    for (size_t i = 0; ev->images[i]; i++)
        free(ev->images[i]);
    run_record_free(&ev->log);
}
