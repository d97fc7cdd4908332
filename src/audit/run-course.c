/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/run-course.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/event.h"
#include "base/clock.h"
#include "base/text.h"

#define BLOCK (512 * 1024)

const char *const run_event_names[RUN_EVENTS] = {
    [RUN_START] = "start",       [RUN_CREDENTIALS] = "credentials",
    [RUN_SOURCE] = "source",     [RUN_OUTPUT] = "output",
    [RUN_LIST] = "list",         [RUN_FILE] = "file",
    [RUN_MANIFEST] = "manifest", [RUN_HASHES] = "hashes",
    [RUN_END] = "end",
};

static void vremark(struct run_course *c, uint64_t line, bool note,
                    const char *fmt, va_list ap)
{
    struct run_remark *r = &c->remarks[c->nremarks];

    if (c->nremarks == RUN_REMARKS)
        return;
    c->nremarks++;
    r->line = line;
    r->note = note;
    vsnprintf(r->text, sizeof(r->text), fmt, ap);
}

__attribute__((format(printf, 4, 5)))
static void remark(struct run_course *c, uint64_t line, bool note,
                   const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vremark(c, line, note, fmt, ap);
    va_end(ap);
}

void run_course_blame(struct run_course *c, uint64_t line,
                      const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vremark(c, line, false, fmt, ap);
    va_end(ap);
}

/* ------------------------------------------------------------------ time */

/* A clock that begins in 1970 is a poor one, but it has a time. */
static bool is_time(const char *text, uint64_t ns)
{
    return ns || strncmp(text, "1970-01-01T00:00:00", 19) == 0;
}

/* Between two sessions, and before an `end' that takes back another one,
 * nobody looks at the clock. */
static void check_time(struct run_course *c, const cJSON *event,
                       uint64_t line)
{
    const char *text = event_text(event, "time");
    uint64_t now = text ? clock_parse_iso(text) : 0, back;

    if (!text || !is_time(text, now))
        remark(c, line, false, "its time is none");
    else if (now < c->time && !event_number(event, "clock_back_ms", &back))
        remark(c, line, !c->tells_clock || c->ended,
               "its time is before that of the line before, and no line "
               "says that the clock was set back");
    c->clock_set |= now < c->time;
    c->clock_set_between |= now < c->time
        && strcmp(event_name(event), "resume") == 0;
    c->time = now;
}

/* -------------------------------------------------------------- sessions */

static void check_resume(struct run_course *c, const cJSON *event,
                         const struct logcheck *before, uint64_t line)
{
    const char *head = event_text(event, "previous_head");
    char hex[2 * LOG_HASH + 1];
    uint64_t session = 0, events = 0;

    hex_encode(hex, before->head, LOG_HASH);
    if (!event_number(event, "session", &session)
        || session != c->sessions + 1)
        remark(c, line, false, "is not session %" PRIu64, c->sessions + 1);
    if (!event_number(event, "previous_events", &events)
        || events != before->events || !head || strcmp(head, hex) != 0)
        remark(c, line, false, "names another end of the session before");
}

/* The blocks from here on are asked for again. */
static void go_back(struct run_course *c, const cJSON *event)
{
    uint64_t offset;
    size_t kept = 0;

    if (!event_number(event, "offset", &offset))
        return;
    for (size_t i = 0; i < c->nunreadable; i++)
        if ((uint64_t)c->unreadable[i] * BLOCK < offset)
            c->unreadable[kept++] = c->unreadable[i];
    c->nunreadable = kept;
}

static void begin_session(struct run_course *c, const cJSON *event,
                          const struct logcheck *before, bool first)
{
    uint64_t line = before->events + 1, form;

    if (first ? line != 1 : line == 1)
        remark(c, line, false, first ? "a run has only one start"
                                     : "the first event is not start");
    if (!first) {
        check_resume(c, event, before, line);
        go_back(c, event);
    }
    c->sessions++;
    c->seen = RUN_EVENT_BIT(RUN_START);
    c->lines[RUN_START] = line;
    c->tells_clock = event_number(event, "summary", &form);
}

/* ----------------------------------------------------------------- order */

static bool is_single(enum run_event x)
{
    return x == RUN_SOURCE || x == RUN_OUTPUT || x == RUN_LIST
        || x == RUN_MANIFEST || x == RUN_HASHES;
}

static void check_order(struct run_course *c, enum run_event x,
                        uint64_t line)
{
    enum run_event before = x == RUN_END ? RUN_START : x - 1;

    if (!(c->seen & RUN_EVENT_BIT(before)))
        remark(c, line, false, "%s comes before %s", run_event_names[x],
               run_event_names[before]);
    if (is_single(x) && (c->seen & RUN_EVENT_BIT(x)))
        remark(c, line, false, "a second %s in one session",
               run_event_names[x]);
    c->seen |= RUN_EVENT_BIT(x);
    c->lines[x] = line;
}

/* ------------------------------------------------------------ unreadable */

static int add_unreadable(struct run_course *c, const cJSON *event,
                          uint64_t line, struct err *e)
{
    uint64_t block;

    if (!event_number(event, "block", &block) || block > UINT32_MAX) {
        remark(c, line, false, "names no block");
        return 0;
    }
    if (c->nunreadable == c->room) {
        size_t room = c->room ? 2 * c->room : 16;
        uint32_t *more = realloc(c->unreadable, room * sizeof(*more));

        if (!more)
            return err_nomem(e);
        c->unreadable = more;
        c->room = room;
    }
    c->unreadable[c->nunreadable++] = (uint32_t)block;
    return 0;
}

static int by_index(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

uint64_t run_course_unreadable(struct run_course *c)
{
    uint64_t n = 0;

    if (c->nunreadable)
        qsort(c->unreadable, c->nunreadable, sizeof(*c->unreadable),
              by_index);
    for (size_t i = 0; i < c->nunreadable; i++)
        n += i == 0 || c->unreadable[i] != c->unreadable[i - 1];
    return n;
}

/* ------------------------------------------------------------------ step */

static int follow(struct run_course *c, const cJSON *event, const char *name,
                  const struct logcheck *before, struct err *e)
{
    uint64_t line = before->events + 1;

    if (strcmp(name, "start") == 0 || strcmp(name, "resume") == 0) {
        begin_session(c, event, before, name[0] == 's');
        return 0;
    }
    if (line == 1)
        remark(c, line, false, "the first event is not start");
    if (strcmp(name, "rewind") == 0)
        go_back(c, event);
    if (strcmp(name, "unreadable") == 0)
        return add_unreadable(c, event, line, e);
    for (int x = RUN_START + 1; x < RUN_EVENTS; x++)
        if (strcmp(name, run_event_names[x]) == 0)
            check_order(c, (enum run_event)x, line);
    return 0;
}

int run_course_step(struct run_course *c, const cJSON *event,
                    const struct logcheck *before, struct err *e)
{
    const char *name = event_name(event);
    bool is_end = strcmp(name, "end") == 0;
    bool is_resume = strcmp(name, "resume") == 0;

    if (c->ended && !is_end && !is_resume)
        remark(c, before->events + 1, false, "stands behind the end");
    if (is_resume)
        c->tells_clock = false;
    check_time(c, event, before->events + 1);
    c->ended = is_end;
    return follow(c, event, name, before, e);
}

void run_course_free(struct run_course *c)
{
    free(c->unreadable);
    c->unreadable = NULL;
    c->nunreadable = c->room = 0;
}
