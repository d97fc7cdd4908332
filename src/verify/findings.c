/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

void findings_init(struct findings *f, size_t keep)
{
    memset(f, 0, sizeof(*f));
    pthread_mutex_init(&f->lock, NULL);
    f->keep = keep;
}

void findings_free(struct findings *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->list[i].about);
        free(f->list[i].text);
    }
    free(f->list);
    pthread_mutex_destroy(&f->lock);
}

/* Locked. */
static bool keep(struct findings *f, enum finding_kind kind)
{
    f->of[kind]++;
    if (kind < FINDING_MISSING)
        return true;
    if (f->kept >= f->keep) {
        f->dropped[kind]++;
        return false;
    }
    f->kept++;
    return true;
}

/* Locked.  Takes over `text'. */
static void append(struct findings *f, enum finding_kind kind,
                   const char *about, char *text)
{
    struct finding *more = realloc(f->list, (f->count + 1) * sizeof(*more));
    char *copy = strdup(about);

    if (more)
        f->list = more;
    if (!more || !copy || !text) {
        f->no_memory = true;
        free(copy);
        free(text);
        return;
    }
    more[f->count++] = (struct finding){ kind, copy, text };
}

void findings_add(struct findings *f, enum finding_kind kind,
                  const char *about, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    AUTOLOCK(&f->lock);

    if (!keep(f, kind))
        return;
    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0)
        text = NULL;
    va_end(ap);
    append(f, kind, about, text);
}

/* Locked.  The first reason stays. */
static void note_broken(struct findings *f, const struct err *e)
{
    if (f->broken.kind == ERR_NONE)
        f->broken = *e;
}

void findings_blame(struct findings *f, enum finding_kind kind,
                    const char *about, const struct err *e)
{
    if (e->kind != ERR_INTERNAL && e->kind != ERR_INTERRUPTED) {
        findings_add(f, kind, about, "%s", e->msg);
        return;
    }
    thread_lock(&f->lock);
    note_broken(f, e);
    thread_unlock(&f->lock);
}

int findings_broken(struct findings *f, struct err *e)
{
    AUTOLOCK(&f->lock);

    if (f->broken.kind == ERR_NONE)
        return 0;
    *e = f->broken;
    return -1;
}

void findings_append(struct findings *f, struct findings *from)
{
    AUTOLOCK(&f->lock);

    for (size_t i = 0; i < from->count; i++) {
        append(f, from->list[i].kind, from->list[i].about,
               from->list[i].text);
        free(from->list[i].about);
    }
    for (int k = 0; k < FINDING_KINDS; k++) {
        f->of[k] += from->of[k];
        f->dropped[k] += from->dropped[k];
        from->of[k] = from->dropped[k] = 0;
    }
    f->kept += from->kept;
    f->no_memory |= from->no_memory;
    if (from->broken.kind != ERR_NONE)
        note_broken(f, &from->broken);
    from->count = 0;
    from->kept = 0;
}

size_t findings_bad(struct findings *f)
{
    size_t n = 0;
    AUTOLOCK(&f->lock);

    for (int k = FINDING_RESERVE; k < FINDING_KINDS; k++)
        n += f->of[k];
    return n;
}

size_t findings_dropped(const struct findings *f)
{
    size_t n = 0;

    for (int k = 0; k < FINDING_KINDS; k++)
        n += f->dropped[k];
    return n;
}
