/* SPDX-License-Identifier: Apache-2.0 */
#include "events/journal-text.h"

#include <string.h>

static void take(struct journal_field *f, const char *name,
                 const struct journal_data *d)
{
    size_t n = strlen(name);

    if (f->s || d->payload_size < n || memcmp(d->payload, name, n) != 0)
        return;
    f->s = d->payload + n;
    f->n = d->payload_size - n;
}

void journal_fields_add(struct journal_fields *f, const struct journal_data *d)
{
    take(&f->message, "MESSAGE=", d);
    take(&f->host, "_HOSTNAME=", d);
    take(&f->identifier, "SYSLOG_IDENTIFIER=", d);
    take(&f->command, "_COMM=", d);
    take(&f->pid, "_PID=", d);
    take(&f->priority, "PRIORITY=", d);
}

static bool add(struct text *t, const struct journal_field *f, size_t limit)
{
    text_addn(t, (const char *)f->s, f->n < limit ? f->n : limit);
    return f->n <= limit;
}

static const char *priority_of(const struct journal_field *f)
{
    static const char *const names[] = { "emerg", "alert", "crit", "err",
                                         "warning", "notice", "info",
                                         "debug" };

    return f->s && f->n == 1 && f->s[0] >= '0' && f->s[0] <= '7'
        ? names[f->s[0] - '0'] : NULL;
}

bool journal_fields_tell(const struct journal_fields *f, struct text *t)
{
    const struct journal_field *who = f->identifier.s ? &f->identifier
        : &f->command;
    const char *priority = priority_of(&f->priority);

    if (who->s)
        add(t, who, JOURNAL_WORD_MAX);
    if (f->pid.s) {
        text_add(t, "[");
        add(t, &f->pid, JOURNAL_WORD_MAX);
        text_add(t, "]");
    }
    if (priority)
        text_addf(t, "%s(%s)", t->len ? " " : "", priority);
    if (!f->message.s)
        return false;
    text_add(t, t->len ? ": " : "");
    if (!add(t, &f->message, JOURNAL_MESSAGE_MAX))
        text_add(t, " (cut)");
    return true;
}
