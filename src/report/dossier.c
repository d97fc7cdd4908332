/* SPDX-License-Identifier: Apache-2.0 */
#include "report/dossier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/belonging.h"
#include "audit/beside.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "report/chapters.h"
#include "report/forms.h"

/* PREFIX-SNAPSHOT, in whatever case. */
static char *prefix_of(const struct dossier *d, size_t i)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, d->prefix);
    text_add(&t, "-");
    text_add(&t, d->record.members[i].snapshot);
    return t.failed ? NULL : beside_spelling(t.s);
}

static void take_line(struct dossier_line *line, const struct report *r)
{
    const struct hashes *h = &r->log->stream;

    line->there = true;
    line->status = report_status(r);
    snprintf(line->headline, sizeof(line->headline), "%s",
             report_headline(r));
    memcpy(line->head, r->head, sizeof(line->head));
    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            hashes_hex(h, (enum hash_kind)k, line->digest);
}

static void write_member(struct dossier *d, const struct report *r,
                         const struct scribe_form *form)
{
    autotext struct text one = TEXT_INIT;

    if (form) {
        chapters_write_part(r, form, &d->people);
        return;
    }
    report_json(r, &one);
    d->json.failed |= one.failed;
    text_add(&d->json, d->json.len ? "," : "");
    text_add(&d->json, one.failed ? "" : one.s);
}

/* Good papers may be of another snapshot, or not those of the case log. */
static int judge_place(const struct dossier *d, size_t i,
                       const struct report *r, struct dossier_line *line,
                       struct err *e)
{
    const struct case_member_record *m = &d->record.members[i];
    enum belonging is;

    if (line->status > 1 || !d->record.path)
        return 0;
    if (belonging_find(d->record.path, m->snapshot, m->made, r->log, &is,
                       line->why, e) < 0)
        return e->kind == ERR_VERIFY ? 0 : -1;
    if (is == BELONGING_PROVED)
        return 0;
    line->status = is == BELONGING_ANOTHER ? 7 : 1;
    snprintf(line->headline, sizeof(line->headline), "%s",
             is == BELONGING_ANOTHER ? "NOT THE IMAGE OF THE CASE"
             : "THE CASE LOG DOES NOT HAVE THIS IMAGE");
    return 0;
}

/* A snapshot without papers has a line that says so. */
static int add_member(struct dossier *d, size_t i,
                      const struct scribe_form *form, struct err *e)
{
    autofree char *prefix = prefix_of(d, i);
    autofree struct report *r = malloc(sizeof(*r));
    struct err why = ERR_INIT;
    int status;

    if (!prefix || !r)
        return err_nomem(e);
    status = report_fill(r, prefix, NULL, &why);
    if (status == 0) {
        take_line(&d->lines[i], r);
        write_member(d, r, form);
        status = judge_place(d, i, r, &d->lines[i], &why);
    }
    report_free(r);
    if (status == 0 || (why.kind == ERR_USAGE && !d->lines[i].there))
        return 0;
    *e = why;
    return -1;
}

int dossier_fill(struct dossier *d, const char *prefix,
                 const struct scribe_form *form, struct err *e)
{
    memset(d, 0, sizeof(*d));
    d->prefix = prefix;
    d->made = clock_wall(&clock_system);
    if (case_record_read(prefix, &d->record, e) < 0)
        return -1;
    hex_encode(d->head, d->record.check.head, LOG_HASH);
    d->lines = calloc(d->record.count + 1, sizeof(*d->lines));
    if (!d->lines)
        return err_nomem(e);
    for (size_t i = 0; i < d->record.count; i++)
        if (interrupt_check(e) < 0 || add_member(d, i, form, e) < 0)
            return -1;
    return d->people.failed || d->json.failed ? err_nomem(e) : 0;
}

void dossier_free(struct dossier *d)
{
    case_record_free(&d->record);
    free(d->lines);
    text_free(&d->people);
    text_free(&d->json);
}

/* What nobody made is no better than what failed. */
static int member_status(const struct dossier *d, size_t i)
{
    return d->lines[i].there ? d->lines[i].status : 7;
}

int dossier_status(const struct dossier *d)
{
    int worst = 0;

    if (!d->record.present || d->record.rules.wrong[0]
        || !d->record.check.closed)
        return 7;
    if (!d->record.all_listed)
        worst = 1;
    for (size_t i = 0; i < d->record.count; i++)
        if (member_status(d, i) > worst)
            worst = member_status(d, i);
    return worst;
}

const char *dossier_headline(const struct dossier *d)
{
    if (!d->record.present)
        return "THE CASE LOG IS NOT SOUND";
    if (d->record.rules.wrong[0])
        return "THE CASE LOG CONTRADICTS ITSELF";
    if (!d->record.check.closed)
        return "THE CHAIN DID NOT FINISH";
    switch (dossier_status(d)) {
    case 0: return "ALL IMAGES COMPLETE";
    case 1: return "SOMETHING IS HELD AGAINST SOME IMAGES, OR MISSING";
    default: return "NOT ALL IMAGES ARE GOOD";
    }
}
