/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "base/build-id.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "report/chapters-private.h"
#include "report/dossier.h"

static void say_state(struct scribe *s, const struct dossier *d)
{
    const struct case_record *c = &d->record;

    if (!c->present)
        scribe_item(s, "The case log is not sound: %s.  What stands behind "
                    "that is left out.", c->why);
    else if (c->rules.wrong[0])
        scribe_item(s, "The case log is not one that this program wrote: %s.  "
                    "What stands behind that was not taken from it.",
                    c->rules.wrong);
    else if (!c->check.closed)
        scribe_item(s, "The case log has no end: the chain is at work, or was "
                    "killed, or its machine failed.");
    if (!c->all_listed)
        scribe_item(s, "%s", c->apart
                    ? "Not all that was asked for is here."
                    : "EC2 did not list all snapshots of the volume: there "
                    "may be more.");
    for (size_t i = 0; i < c->warnings.count; i++)
        scribe_item(s, "The case log warns: %s", c->warnings.list[i]);
    for (size_t i = 0; i < c->count; i++)
        if (!d->lines[i].there)
            scribe_item(s, "%s: there is no image, and no log of one%s%s",
                        c->members[i].snapshot, c->members[i].error[0]
                        ? ": " : ".", c->members[i].error);
        else if (d->lines[i].status)
            scribe_item(s, "%s: %s%s%s", c->members[i].snapshot,
                        d->lines[i].headline, d->lines[i].why[0] ? ": " : "",
                        d->lines[i].why);
    scribe_item(s, "Nothing but the head of the case log, kept somewhere "
                "else, shows one that was made anew.  It is %s: it commits to "
                "the heads of all logs.", d->head);
}

static void add_verdict(struct scribe *s, const struct dossier *d)
{
    enum tone tone = dossier_status(d) == 0 ? TONE_GOOD
        : dossier_status(d) == 1 ? TONE_RESERVE : TONE_BAD;

    scribe_chapter(s, "Verdict");
    scribe_verdict(s, tone, dossier_headline(d));
    say_state(s, d);
}

static void add_members(struct scribe *s, const struct dossier *d)
{
    static const char *const heads[] = {
        "Item", "Snapshot", "Point in time", "Built upon", "Verdict now",
        "Digest of the volume",
    };

    scribe_chapter(s, "The images, oldest first, and what each rests on");
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < d->record.count; i++) {
        const struct case_member_record *m = &d->record.members[i];
        char number[24];

        snprintf(number, sizeof(number), "%zu", i + 1);
        scribe_row(s, (const char *[]){ number, m->snapshot, m->time,
                   m->since, d->lines[i].there ? d->lines[i].headline
                   : "no image", d->lines[i].digest }, COUNT(heads));
    }
    scribe_fact(s, "Case log", file_name(d->record.path));
    scribe_fact(s, "Its head", d->head);
    scribe_count(s, "Events", d->record.check.events);
    scribe_fact(s, "Began", d->record.began);
    scribe_fact(s, "Ended", d->record.ended);
}

static void add_branch(struct scribe *s, const struct dossier *d, size_t i)
{
    const struct case_member_record *m = &d->record.members[i];

    if (m->since[0])
        scribe_item(s, "%s is built upon %s", m->snapshot,
                    file_name(m->since));
    else
        scribe_item(s, "%s stands by itself%s", m->snapshot,
                    m->told ? "" : ": no image of it was begun");
}

static void add_lineage(struct scribe *s, const struct dossier *d)
{
    scribe_section(s, "Lineage");
    for (size_t i = 0; i < d->record.count; i++)
        add_branch(s, d, i);
}

static void add_custody(struct scribe *s, const struct dossier *d)
{
    static const char *const heads[] = { "Item", "Snapshot", "Head of its log",
                                         "Digest of the volume" };

    scribe_new_page(s);
    scribe_chapter(s, "Chain of custody of all items");
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < d->record.count; i++) {
        char number[24];

        snprintf(number, sizeof(number), "%zu", i + 1);
        scribe_row(s, (const char *[]){ number,
                   d->record.members[i].snapshot, d->lines[i].head,
                   d->lines[i].digest }, COUNT(heads));
    }
    chapter_custody_blanks(s);
}

void dossier_write(struct dossier *d, const struct scribe_form *form,
                   struct text *t)
{
    autotext struct text title = TEXT_INIT;
    char made[CLOCK_TEXT];
    struct scribe s;

    text_add(&title, "Report on the case ");
    text_add(&title, file_name(d->prefix));
    t->failed |= title.failed;
    if (title.failed)
        return;
    scribe_begin(&s, form, t, title.s);
    add_verdict(&s, d);
    add_members(&s, d);
    add_lineage(&s, d);
    add_custody(&s, d);
    scribe_chapter(&s, "This report");
    scribe_fact(&s, "Made by", "ebsimg " PACKAGE_VERSION);
    scribe_fact(&s, "Build", build_id);
    scribe_fact(&s, "Made at", clock_text(made, d->made));
    scribe_say(&s, "Each image has its own part below; a certification and a "
               "custody form of one are in the report of that image alone.");
    scribe_insert(&s, &d->people);
    scribe_end(&s);
}

/* ebsimg report -f json of each, in an array. */
void dossier_json(const struct dossier *d, struct text *t)
{
    const struct case_record *c = &d->record;
    char made[CLOCK_TEXT];

    json_open(t, NULL, '{');
    json_put_u64(t, "case_report", 1);
    json_put_text(t, "made", clock_text(made, d->made));
    json_put_text(t, "headline", dossier_headline(d));
    json_put_u64(t, "status", (uint64_t)dossier_status(d));
    json_put_text(t, "head", d->head);
    json_put_bool(t, "all_listed", c->all_listed);
    json_put_bool(t, "apart", c->apart);
    json_open(t, "warnings", '[');
    for (size_t i = 0; i < c->warnings.count; i++)
        json_put_text(t, NULL, c->warnings.list[i]);
    json_close(t, ']');
    json_open(t, "members", '[');
    for (size_t i = 0; i < c->count; i++) {
        json_open(t, NULL, '{');
        json_put_text(t, "snapshot", c->members[i].snapshot);
        json_put_text(t, "start_time", c->members[i].time);
        json_put_text(t, "since", c->members[i].since[0]
                      ? c->members[i].since : NULL);
        json_put_text(t, "headline", d->lines[i].there
                      ? d->lines[i].headline : NULL);
        json_put_text(t, "error", c->members[i].error[0]
                      ? c->members[i].error : NULL);
        json_close(t, '}');
    }
    json_close(t, ']');
    json_open(t, "reports", '[');
    if (d->json.len)
        text_add(t, d->json.s);
    text_add(t, "]}\n");
}
