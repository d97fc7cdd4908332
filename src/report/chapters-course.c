/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/chapters-private.h"

static const char *number(char buf[24], uint64_t n)
{
    if (n == RUN_UNTOLD)
        return "";
    snprintf(buf, 24, "%" PRIu64, n);
    return buf;
}

/* ----------------------------------------------------------------- retries */

static const char *event_words(const char *event)
{
    static const struct { const char *word, *shown; } rows[] = {
        { "retry", "made again" },
        { "throttled", "slowed down by the service" },
        { "rejected", "answer that cannot be right, thrown away" },
        { "failed", "given up" },
        { "not_ready", "snapshot not ready yet" },
        { "token", "permission to read the block renewed" },
        { "clock", "time refused by the service" },
        { "expired", "keys expired, and newer ones awaited" },
        { "late", "asked for a second time, because it took long" },
        { "not_carried", "earlier image not as its manifest: fetched" },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(event, rows[i].word) == 0)
            return rows[i].shown;
    return event;
}

static void add_troubles(struct scribe *s, const struct story *x)
{
    static const char *const heads[] = {
        "Times", "What", "Asked for", "First in line", "The first of them",
    };
    char count[24], line[24];

    if (!x->ntroubles) {
        scribe_say(s, "The log has no request that did not end well.");
        return;
    }
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < x->ntroubles; i++) {
        const struct story_trouble *y = &x->troubles[i];

        scribe_row(s, (const char *[]){ number(count, y->count),
                   event_words(y->event), y->what,
                   number(line, y->first_line), y->first }, 5);
    }
    scribe_say(s, "A block that is fetched again is held against the "
               "provider's checksum as any other: a retry is no reserve.  "
               "Blocks that could not be had in the end have a chapter of "
               "their own.");
}

static void add_warnings(struct scribe *s, const struct story *x)
{
    if (!x->all_warnings)
        return;
    scribe_section(s, "Warnings in the log");
    for (size_t i = 0; i < x->nwarnings; i++)
        scribe_item(s, "line %" PRIu64 ": %s", x->warnings[i].line,
                    x->warnings[i].text);
    if (x->all_warnings > x->nwarnings)
        scribe_item(s, "and %" PRIu64 " more", x->all_warnings
                    - x->nwarnings);
}

/* ---------------------------------------------------------------- sessions */

static void add_session(struct scribe *s, const struct story_session *x)
{
    char n[24], offset[24], took[48] = "";
    autotext struct text how = TEXT_INIT;

    if (x->milliseconds != RUN_UNTOLD)
        duration_text(took, x->milliseconds / 1000);
    text_add(&how, x->ended[0] ? x->verdict : "ended without a word");
    if (x->error[0]) {
        text_add(&how, ": ");
        text_add(&how, x->error);
    }
    s->t->failed |= how.failed;
    scribe_row(s, (const char *[]){ number(n, x->number), x->began, x->ended,
               took, x->offset == RUN_UNTOLD ? "0" : number(offset,
                                                            x->offset),
               x->user, x->host, x->version, how.failed ? "" : how.s }, 9);
}

static void add_moves(struct scribe *s, const struct run_record *l)
{
    for (size_t i = 0; i < l->nmoves; i++)
        scribe_item(s, "From session %" PRIu64 " on with the %s %s, before "
                    "with %s", l->moves[i].session, l->moves[i].what,
                    l->moves[i].now, l->moves[i].then);
    if (some(l->rechecked))
        scribe_item(s, "Of %" PRIu64 " blocks that earlier sessions had kept, "
                    "%" PRIu64 " were fetched again and are what the service "
                    "has.", l->kept, l->rechecked);
    else if (some(l->kept))
        scribe_item(s, "None of the %" PRIu64 " blocks that earlier sessions "
                    "had kept was fetched again.", l->kept);
}

static void add_sessions(struct scribe *s, const struct report *r)
{
    static const char *const heads[] = {
        "Session", "Began", "Ended", "Took", "From byte", "User", "Machine",
        "ebsimg", "How it ended",
    };
    const struct story *x = &r->story;

    scribe_section(s, "Runs and resumes");
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < x->nsessions; i++)
        add_session(s, &x->sessions[i]);
    if (x->all_sessions > x->nsessions)
        scribe_say(s, "and %" PRIu64 " more sessions; the log has them.",
                   x->all_sessions - x->nsessions);
    add_moves(s, r->log);
}

static void add_counts(struct scribe *s, const struct story *x)
{
    uint64_t requests = 0, retries = 0, throttled = 0;

    for (size_t i = 0; i < x->nsessions; i++) {
        requests += some(x->sessions[i].requests) ? x->sessions[i].requests
                                                  : 0;
        retries += some(x->sessions[i].retries) ? x->sessions[i].retries : 0;
        throttled += some(x->sessions[i].throttled)
            ? x->sessions[i].throttled : 0;
    }
    scribe_count(s, "Requests, counted", requests);
    scribe_count(s, "Made again", retries);
    scribe_count(s, "Slowed down", throttled);
}

/* There is something to be drawn: a short run has no `progress'. */
static bool has_course(const struct timeline *t)
{
    for (int k = 0; k < TIMELINE_KINDS; k++)
        if (timeline_top(t, (enum timeline_kind)k))
            return true;
    return false;
}

void chapter_course(struct scribe *s, const struct report *r)
{
    scribe_chapter(s, "Errors, retries, and the course of the run");
    add_counts(s, &r->story);
    add_troubles(s, &r->story);
    if (has_course(&r->story.time))
        scribe_timeline(s, r);
    add_warnings(s, &r->story);
    add_sessions(s, r);
}

/* -------------------------------------------------------------- unreadable */

static void add_unreadable(struct scribe *s, const struct story_unreadable *x)
{
    char block[24], from[24], sector[24], attempts[24];
    autotext struct text why = TEXT_INIT;

    text_add(&why, x->reason);
    if (x->code[0]) {
        text_add(&why, " (");
        text_add(&why, x->code);
        text_add(&why, ")");
    }
    s->t->failed |= why.failed;
    scribe_row(s, (const char *[]){ number(block, x->block),
               number(from, x->offset),
               x->offset == RUN_UNTOLD ? "" : number(sector, x->offset / 512),
               number(attempts, x->attempts), why.failed ? "" : why.s,
               x->request_id }, 6);
}

void chapter_unreadable(struct scribe *s, const struct report *r)
{
    static const char *const heads[] = {
        "Block", "From byte", "From sector", "Tries", "Why",
        "Provider's request",
    };
    const struct story *x = &r->story;

    if (!x->all_unreadable)
        return;
    scribe_chapter(s, "Blocks that could not be read");
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < x->nunreadable; i++)
        add_unreadable(s, &x->unreadable[i]);
    if (x->all_unreadable > x->nunreadable)
        scribe_say(s, "and %" PRIu64 " more; the log has an event for each.",
                   x->all_unreadable - x->nunreadable);
    scribe_say(s, "A block is 524288 bytes.%s", r->story.all_sessions > 1
               ? "  A later session may have read blocks that an earlier one "
                 "could not: the number in the table of what the image holds "
                 "is that of the image." : "");
}
