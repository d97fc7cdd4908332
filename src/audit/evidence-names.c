/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a piece of evidence are called in its record, and now. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "audit/evidence.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

static char *with_suffix(const char *prefix, const char *suffix)
{
    struct text t = TEXT_INIT;

    text_add(&t, prefix);
    text_add(&t, suffix);
    if (t.failed)
        text_free(&t);
    return t.s;
}


const char *evidence_base(const struct evidence *ev)
{
    if (ev->log.prefix && ev->log.prefix[0])
        return file_name(ev->log.prefix);
    return ev->base ? ev->base : file_name(ev->prefix);
}

bool evidence_is_renamed(const struct evidence *ev)
{
    return strcmp(evidence_base(ev), file_name(ev->prefix)) != 0;
}

static char *beside_prefix(const struct evidence *ev, const char *name)
{
    struct text t = TEXT_INIT;

    text_addn(&t, ev->prefix, (size_t)(file_name(ev->prefix) - ev->prefix));
    text_add(&t, file_name(name));
    if (t.failed)
        text_free(&t);
    return t.s;
}

/* A paper that was found under another name than the rest. */
static const char *found_apart(const struct evidence *ev, const char *recorded)
{
    const struct artefact *a = artefact_of(recorded);

    if (!a)
        return NULL;
    return a->role == ARTEFACT_LOG ? ev->log_path
        : a->role == ARTEFACT_MANIFEST ? ev->manifest_path
        : a->role == ARTEFACT_SUMMARY ? ev->summary_path : NULL;
}

/* Another run has taken the name that this one had. */
static bool is_taken(const struct evidence *ev)
{
    autofree char *old = beside_prefix(ev, evidence_base(ev));
    autofree char *log = old ? with_suffix(old, LOG_SUFFIX) : NULL;

    return log && file_exists(log)
        && (!ev->log_path || strcmp(log, ev->log_path) != 0);
}

/* The rest of the set was renamed, and this file was not: its digest tells
 * whether it is the one. */
static char *not_renamed(const struct evidence *ev, const char *recorded,
                         const char *tail)
{
    const char *apart = found_apart(ev, recorded);
    char *path = apart ? strdup(apart) : beside_prefix(ev, recorded);

    if (path && file_exists(path) && (apart || !is_taken(ev)))
        return path;
    free(path);
    return with_suffix(ev->prefix, tail);
}

/* Beside the prefix, whatever folder was recorded. */
char *evidence_path(const struct evidence *ev, const char *recorded)
{
    const char *tail = beside_tail(evidence_base(ev), recorded);
    char *path;

    if (!tail)
        return beside_prefix(ev, recorded);
    path = beside_path(&ev->beside, tail);
    return path ? path : not_renamed(ev, recorded, tail);
}

static void change_case(char *s, int (*to)(int c))
{
    for (; *s; s++)
        *s = (char)to((unsigned char)*s);
}

/* A run gives its files tails of one case: capitals and digits of an E01,
 * small letters of all others. */
const struct run_file *evidence_file(const struct evidence *ev,
                                     const char *now)
{
    const char *tail = beside_tail(ev->prefix, now);
    autofree char *name = tail ? with_suffix(evidence_base(ev), tail) : NULL;
    const struct run_file *f;
    char *point = name ? name + strlen(evidence_base(ev)) : NULL;

    if (!name)
        return run_record_file(&ev->log, now);
    f = run_record_file(&ev->log, name);
    if (!f) {
        change_case(point, toupper);
        f = run_record_file(&ev->log, name);
    }
    if (!f) {
        change_case(point, tolower);
        f = run_record_file(&ev->log, name);
    }
    return f;
}
