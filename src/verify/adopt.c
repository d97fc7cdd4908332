/* SPDX-License-Identifier: Apache-2.0 */
/* A set that was renamed in part is still one set.  What has another name
 * than the rest is taken when something proves that it belongs here: a digest,
 * or that the log calls it so and nothing else there does. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/hash-file.h"
#include "audit/sums.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/scope.h"
#include "base/text.h"
#include "image/formats.h"
#include "image/reader.h"
#include "verify/verification.h"

/* In a folder with more files of one kind nobody is asked which it is. */
#define CANDIDATES 64

static char *join(const char *a, size_t n, const char *b)
{
    struct text t = TEXT_INIT;

    text_addn(&t, a, n);
    text_add(&t, b);
    if (t.failed)
        text_free(&t);
    return t.s;
}

/* In the folder of the evidence. */
static char *in_folder(const struct evidence *ev, const char *name)
{
    return join(ev->prefix, (size_t)(file_name(ev->prefix) - ev->prefix),
                name);
}

static void tell(struct verification *v, const char *path, const char *why)
{
    v->apart = true;
    findings_add(&v->found, FINDING_NOTE, file_name(path),
                 "has another name than %s and is of the same set: %s",
                 file_name(v->ev.prefix), why);
}

/* ------------------------------------------------------- files of a kind */

struct search {
    struct verification *v;
    const char *suffix;
    bool (*belongs)(struct verification *v, const char *path);
    char *found;
    size_t seen, fit;
};

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);

    return n > m && strcasecmp(name + n - m, suffix) == 0;
}

static void look_at(struct search *s, const char *name)
{
    char *path;

    if (!ends_with(name, s->suffix) || s->seen++ >= CANDIDATES)
        return;
    path = in_folder(&s->v->ev, name);
    if (path && !file_is_folder(path) && s->belongs(s->v, path)) {
        s->fit++;
        free(s->found);
        s->found = path;
        return;
    }
    free(path);
}

/* The only one that belongs, for the caller to free; NULL: there is none, or
 * there are several, and nobody can say which. */
static char *search(struct search *s)
{
    autofree char *folder = file_folder(s->v->ev.prefix);
    DIR *d = folder ? folder_list(folder) : NULL;
    const struct dirent *entry;

    while (d && (entry = readdir(d)))
        look_at(s, entry->d_name);
    if (d)
        closedir(d);
    if (s->fit == 1 && s->seen <= CANDIDATES)
        return s->found;
    free(s->found);
    return NULL;
}

/* --------------------------------------------------------------- the log */

static bool is_named(const struct sums *s, enum hash_kind kind,
                     const struct hashes *now)
{
    for (size_t i = 0; i < s->nfiles; i++)
        if (artefact_is(s->files[i].name, ARTEFACT_LOG)
            && memcmp(s->files[i].hashes.value[kind], now->value[kind],
                      hash_sizes[kind]) == 0)
            return true;
    return false;
}

/* A checksum file of this set has its digest. */
static bool is_in_sums(struct verification *v, const char *path)
{
    bool is = false;

    for (int k = 0; k < HASH_KINDS && !is; k++) {
        struct err e = ERR_INIT;
        struct hashes now = { 0 };
        struct sums s = { 0 };

        if (!v->ev.sums_paths[k])
            continue;
        if (sums_read(v->ev.sums_paths[k], (enum hash_kind)k, &s, &e) == 0
            && hash_file(path, HASH_BIT(k), &now, &e) == 0)
            is = is_named(&s, (enum hash_kind)k, &now);
        sums_free(&s);
    }
    return is;
}

static bool same(const struct hashes *a, const struct hashes *b)
{
    unsigned both = a->have & b->have;

    for (int k = 0; k < HASH_KINDS; k++)
        if ((both & HASH_BIT(k))
            && memcmp(a->value[k], b->value[k], hash_sizes[k]) != 0)
            return false;
    return both != 0;
}

static bool stores_digests(const char *path, const struct hashes *of)
{
    struct err ignored = ERR_INIT;
    struct image_info info;
    struct image image;
    bool is = false;

    if (image_open(path, &image, &ignored) < 0)
        return false;
    if (image.format->info(&image, &info, &ignored) == 0) {
        is = same(&info.stored, of);
        image_info_free(&info);
    }
    image_close(&image);
    return is;
}

/* Of two runs of one snapshot the digests are the same: that one is this
 * image's, the name must say, or that no other image has it. */
static bool has_no_image(struct verification *v, const char *path)
{
    struct err ignored = ERR_INIT;
    autofree char *stem = join(path, strlen(path) - strlen(LOG_SUFFIX), "");
    struct evidence other;
    bool alone;

    (void)v;
    if (!stem)
        return false;
    alone = evidence_find(stem, &other, &ignored) == 0 && !other.images[0];
    evidence_free(&other);
    return alone;
}

static bool is_of_image(struct verification *v, const char *path)
{
    struct err ignored = ERR_INIT;
    struct run_record r;
    bool is = v->ev.images[0]
        && run_record_read(path, &r, &ignored) == 0
        && stores_digests(v->ev.images[0], &r.stream)
        && (strcmp(file_name(r.prefix), file_name(v->ev.prefix)) == 0
            || has_no_image(v, path));

    if (v->ev.images[0])
        run_record_free(&r);
    return is;
}

/* Nothing proves it, and it may be all that there is. */
static void hint(struct verification *v)
{
    struct search s = { v, LOG_SUFFIX, has_no_image, NULL, 0, 0 };
    autofree char *other = search(&s);

    if (other)
        findings_add(&v->found, FINDING_NOTE, file_name(other), "is the log "
                     "of an acquisition, and nothing here shows of which: if "
                     "it is of this one, give both one name");
}

void verify_find_log(struct verification *v)
{
    struct search by_sums = { v, LOG_SUFFIX, is_in_sums, NULL, 0, 0 };
    struct search by_image = { v, LOG_SUFFIX, is_of_image, NULL, 0, 0 };
    const char *why = "the checksum files have its digest";

    if (v->ev.log_path)
        return;
    v->ev.log_path = search(&by_sums);
    if (!v->ev.log_path) {
        v->ev.log_path = search(&by_image);
        why = "the digests in it are those in the image";
    }
    if (v->ev.log_path)
        tell(v, v->ev.log_path, why);
    else
        hint(v);
}

/* ------------------------------------------------------------ the others */

static bool is_manifest(struct verification *v, const char *path)
{
    const struct run_record *r = &v->ev.log;
    struct err ignored = ERR_INIT;
    struct hashes now = { 0 };

    return r->manifest_known
        && hash_file(path, HASH_BIT(HASH_SHA256), &now, &ignored) == 0
        && memcmp(now.value[HASH_SHA256], r->manifest_sha256,
                  MANIFEST_HASH) == 0;
}

static void find_manifest(struct verification *v)
{
    struct search s = { v, MANIFEST_SUFFIX, is_manifest, NULL, 0, 0 };

    if (v->ev.manifest_path)
        return;
    v->ev.manifest_path = search(&s);
    if (v->ev.manifest_path)
        tell(v, v->ev.manifest_path, "the log has its digest");
}

#define BY_NAME "it has the name of the log, or that which the log gives it"

static void take_path(struct verification *v, char **to, char **from)
{
    if (*to || !*from)
        return;
    *to = *from;
    *from = NULL;
    tell(v, *to, BY_NAME);
}

static void take_rest(struct verification *v, struct evidence *from)
{
    struct evidence *ev = &v->ev;

    take_path(v, &ev->summary_path, &from->summary_path);
    for (int k = 0; k < HASH_KINDS; k++)
        take_path(v, &ev->sums_paths[k], &from->sums_paths[k]);
    if (ev->images[0] || v->opt->image)
        return;
    memcpy(ev->images, from->images, sizeof(ev->images));
    memset(from->images, 0, sizeof(from->images));
    for (size_t i = 0; ev->images[i]; i++)
        tell(v, ev->images[i], BY_NAME);
}

/* What is called so, when no other log claims it. */
static void take_from(struct verification *v, const char *stem)
{
    struct err ignored = ERR_INIT;
    struct evidence other;

    if (strcmp(stem, v->ev.prefix) == 0
        || (file_exists(stem) && !file_is_folder(stem)))
        return;
    if (evidence_find(stem, &other, &ignored) == 0
        && (!other.log_path || strcmp(other.log_path, v->ev.log_path) == 0))
        take_rest(v, &other);
    evidence_free(&other);
}

static bool is_image_of_log(struct verification *v, const char *path)
{
    autofree char *log = join(path, strlen(path) - strlen(E01_SUFFIX),
                              LOG_SUFFIX);

    return log && !file_exists(log)
        && stores_digests(path, &v->ev.log.stream);
}

/* It has a name of its own, and is to be looked at by that. */
static void hint_image(struct verification *v)
{
    struct search s = { v, E01_SUFFIX, is_image_of_log, NULL, 0, 0 };
    autofree char *path = v->ev.images[0] || v->opt->image ? NULL : search(&s);

    if (path)
        findings_add(&v->found, FINDING_NOTE, file_name(path), "holds the "
                     "digests that the log has: it may be the image under "
                     "another name, which ebsimg verify of that file tells");
}

void verify_find_others(struct verification *v)
{
    const char *log = v->ev.log_path;
    autofree char *own = NULL, *old = NULL;

    if (!v->ev.log.present)
        return;
    find_manifest(v);
    own = join(log, strlen(log) - strlen(LOG_SUFFIX), "");
    old = in_folder(&v->ev, evidence_base(&v->ev));
    if (own)
        take_from(v, own);
    if (old)
        take_from(v, old);
    hint_image(v);
}
