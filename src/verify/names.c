/* SPDX-License-Identifier: Apache-2.0 */
/* A set that was renamed, or whose names are in another case, is the set that
 * it was: what it is called now is held against its record. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "audit/sums.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "verify/verification.h"

/* What stands before the suffix of a file of a run, or NULL. */
static char *base_of(const char *name)
{
    const struct artefact *a = artefact_of(name);
    const char *point = strrchr(name, '.');

    if (!a || a->role == ARTEFACT_CASE || !point)
        return NULL;
    if (a->is_piece && a->is_piece(point + 1))
        return strndup(name, (size_t)(point - name));
    return strndup(name, strlen(name) - strlen(a->suffix));
}

static bool names_own(const struct verification *v, const struct sums *s)
{
    for (size_t i = 0; i < s->nfiles; i++)
        if (beside_tail(v->ev.prefix, s->files[i].name))
            return true;
    return false;
}

/* Checksum files of many things: only when all that it names is of one set,
 * and none has the name of this one, it is of this one. */
static char *one_base(const struct sums *s)
{
    char *base = s->nfiles ? base_of(s->files[0].name) : NULL;

    for (size_t i = 1; base && i < s->nfiles; i++) {
        if (beside_tail(base, s->files[i].name))
            continue;
        free(base);
        base = NULL;
    }
    return base;
}

int verify_learn_base(struct verification *v, const struct sums *s,
                      struct err *e)
{
    (void)e;
    if (v->ev.log.present || v->ev.base || names_own(v, s))
        return 0;
    v->ev.base = one_base(s);
    return 0;
}

static bool is_recased(const char *path, const char *suffix)
{
    return path && !text_ends_with(path, suffix);
}

static bool is_image_recased(const char *path)
{
    const struct artefact *a;

    for (size_t i = 0; (a = artefact_image(i)); i++)
        if (text_ends_with(path, a->suffix))
            return false;
    return true;
}

/* An image that is called by its name may have any. */
static bool any_recased(const struct evidence *ev, bool named)
{
    autofree char *seal = beside_path(&ev->beside, SEAL_SUFFIX);
    autofree char *custody = beside_path(&ev->beside, CUSTODY_SUFFIX);
    bool any = is_recased(ev->log_path, LOG_SUFFIX)
        || is_recased(ev->manifest_path, MANIFEST_SUFFIX)
        || is_recased(ev->summary_path, SUMMARY_SUFFIX);

    any |= is_recased(seal, SEAL_SUFFIX);
    any |= is_recased(custody, CUSTODY_SUFFIX);
    for (size_t i = 0; ev->log.present && !named && ev->images[i]; i++)
        any |= is_image_recased(ev->images[i]);
    for (int k = 0; k < HASH_KINDS; k++)
        any |= is_recased(ev->sums_paths[k],
                          artefact_sums_suffix((enum hash_kind)k));
    return any;
}

/* Somebody may have looked at the other one. */
static void tell_doubles(struct verification *v)
{
    const struct beside *b = &v->ev.beside;

    for (size_t i = 1; i < b->count; i++)
        if (strcasecmp(b->tails[i - 1], b->tails[i]) == 0)
            findings_add(&v->found, FINDING_NOTE, file_name(v->ev.prefix),
                         "has both %s and %s behind it: of files whose names "
                         "differ in case alone one is read", b->tails[i - 1],
                         b->tails[i]);
}

void verify_tell_names(struct verification *v)
{
    const char *name = file_name(v->ev.prefix);

    v->renamed = evidence_is_renamed(&v->ev);
    v->recased = any_recased(&v->ev, v->opt->image != NULL);
    if (v->renamed)
        findings_add(&v->found, FINDING_NOTE, name, "was called %s when it "
                     "was acquired: its files were renamed since",
                     evidence_base(&v->ev));
    if (v->recased)
        findings_add(&v->found, FINDING_NOTE, name,
                     "names of its files are in another case than they were");
    tell_doubles(v);
}
