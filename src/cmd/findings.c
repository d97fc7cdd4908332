#include "cmd/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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
    if (kind != FINDING_BAD)
        return true;
    f->bad++;
    if (f->kept_bad == f->keep)
        return false;
    f->kept_bad++;
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

void findings_blame(struct findings *f, const char *about,
                    const struct err *e)
{
    if (e->kind != ERR_INTERNAL && e->kind != ERR_INTERRUPTED) {
        findings_add(f, FINDING_BAD, about, "%s", e->msg);
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
    f->bad += from->bad;
    f->kept_bad += from->kept_bad;
    f->no_memory |= from->no_memory;
    if (from->broken.kind != ERR_NONE)
        note_broken(f, &from->broken);
    from->count = 0;
    from->bad = 0;
    from->kept_bad = 0;
}

size_t findings_bad(struct findings *f)
{
    AUTOLOCK(&f->lock);

    return f->bad;
}

static const char *const marks[] = { "ok", "BAD", "note" };

static const char *verdict(const struct findings *f)
{
    if (f->bad)
        return " is not what was acquired, or its record is not whole\n";
    return f->no_log ? " is whole; without a log nothing says that it is what"
                       " was acquired\n"
                     : " is what was acquired\n";
}

static void compose_text(const struct findings *f, const char *name,
                         bool quiet, struct text *t)
{
    for (size_t i = 0; !quiet && i < f->count; i++) {
        const struct finding *x = &f->list[i];

        text_addf(t, "%-5s ", marks[x->kind]);
        text_add_shown(t, x->about);
        text_add(t, ": ");
        text_add_shown(t, x->text);
        text_add(t, "\n");
    }
    if (!quiet && f->bad > f->kept_bad)
        text_addf(t, "BAD   ... and %zu more; --verbose names them all\n",
                  f->bad - f->kept_bad);
    text_add(t, f->bad ? "FAILED: " : "VERIFIED: ");
    text_add_shown(t, name);
    text_add(t, verdict(f));
}

static void compose_json(const struct findings *f, const char *name,
                         const struct stats *stats, struct text *t)
{
    text_addf(t, "{\"verdict\":\"%s\",\"name\":",
              f->bad ? "failed" : "verified");
    text_add_json(t, name);
    text_addf(t, ",\"log\":%s,\"bad\":%zu,\"findings\":[",
              f->no_log ? "false" : "true", f->bad);
    for (size_t i = 0; i < f->count; i++) {
        text_addf(t, "%s{\"result\":\"%s\",\"about\":", i ? "," : "",
                  marks[f->list[i].kind]);
        text_add_json(t, f->list[i].about);
        text_add(t, ",\"text\":");
        text_add_json(t, f->list[i].text);
        text_add(t, "}");
    }
    text_add(t, "]");
    if (stats) {
        text_add(t, ",\"stats\":");
        stats_json(stats, t);
    }
    text_add(t, "}\n");
}

int findings_show(struct findings *f, const char *name,
                  const struct stats *stats, bool json, bool quiet,
                  struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (json)
        compose_json(f, name, stats, &t);
    else
        compose_text(f, name, quiet, &t);
    if (stats && !json)
        stats_text(stats, &t);
    if (t.failed || f->no_memory)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}
