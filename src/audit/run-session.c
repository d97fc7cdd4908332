/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/run-session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/event.h"
#include "base/json.h"

/* Of what a file system could not do; the search for two takes its square. */
#define LACKS_MAX 64

enum { ORIGIN, RECHECK, FOLDER, KINDS };

/* Behind which event of the course each stands, and before which; whether it
 * is of a run that is gone on with alone. */
static const struct {
    const char *name;
    enum run_event behind, before;
    bool gone_on;
} kinds[KINDS] = {
    [ORIGIN] = { "origin", RUN_CREDENTIALS, RUN_SOURCE, true },
    [RECHECK] = { "recheck", RUN_CREDENTIALS, RUN_SOURCE, true },
    [FOLDER] = { "folder", RUN_SOURCE, RUN_OUTPUT, false },
};

/* Which event tells a fact.  One that must be the same and is not ends the
 * run before `origin'. */
static const struct {
    const char *name, *event, *member;
    bool may_differ;
} facts[RUN_FACTS] = {
    { "partition", "credentials", "partition", false },
    { "region", "credentials", "region", false },
    { "endpoint", "credentials", "endpoint", true },
    { "account", "caller", "account", true },
    { "caller", "caller", "arn", true },
    { "owner", "snapshot", "owner", false },
    { "volume", "snapshot", "volume", false },
    { "start_time", "snapshot", "start_time", false },
};

/* ----------------------------------------------------------------- facts */

static int set(char **to, const char *text, struct err *e)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        return err_nomem(e);
    free(*to);
    *to = copy;
    return 0;
}

static int take_facts(struct run_session *s, const cJSON *event,
                      struct err *e)
{
    char **facts_of = s->course->sessions == 1 ? s->begun : s->now;

    for (size_t i = 0; i < RUN_FACTS; i++)
        if (strcmp(event_name(event), facts[i].event) == 0
            && set(&facts_of[i], event_text(event, facts[i].member), e) < 0)
            return -1;
    return 0;
}

static void begin(struct run_session *s)
{
    s->seen = 0;
    s->rows_told = false;
    for (size_t i = 0; i < RUN_FACTS; i++) {
        free(s->now[i]);
        s->now[i] = NULL;
    }
}

static void take_rows(struct run_session *s, const cJSON *event)
{
    s->rows_told = event_number(event, "rows", &s->rows);
}

/* ---------------------------------------------------------------- origin */

static size_t times_in(const cJSON *list, const char *text)
{
    const cJSON *item;
    size_t n = 0;

    cJSON_ArrayForEach(item, list)
        n += cJSON_IsString(item) && strcmp(item->valuestring, text) == 0;
    return n;
}

/* Its element of `other', the last one; *n is how many there are. */
static const cJSON *find_other(const cJSON *list, const char *fact, size_t *n)
{
    const cJSON *item, *found = NULL;

    *n = 0;
    cJSON_ArrayForEach(item, list) {
        const char *what = event_text(item, "what");

        if (!what || strcmp(what, fact) != 0)
            continue;
        found = item;
        ++*n;
    }
    return found;
}

static bool is_text(const cJSON *object, const char *key, const char *told)
{
    const char *text = event_text(object, key);

    return !told || (text && strcmp(text, told) == 0);
}

static void check_other(struct run_session *s, size_t i, const cJSON *other,
                        uint64_t line)
{
    const char *name = facts[i].name;

    if (!facts[i].may_differ)
        run_course_blame(s->course, line,
                         "another %s is no run to go on with", name);
    if (!is_text(other, "then", s->begun[i])
        || !is_text(other, "now", s->now[i]))
        run_course_blame(s->course, line,
                         "the %s was or is another one, by the "
                         "other events of the log", name);
}

static void check_fact(struct run_session *s, size_t i, const cJSON *event,
                       uint64_t line)
{
    const char *name = facts[i].name;
    const char *then = s->begun[i], *now = s->now[i];
    size_t others, same = times_in(json_member(event, "same"), name);
    size_t unknown = times_in(json_member(event, "unknown"), name);
    const cJSON *other = find_other(json_member(event, "other"), name, &others);

    if (same + unknown + others > 1)
        run_course_blame(s->course, line, "names the %s twice", name);
    if (other)
        check_other(s, i, other, line);
    if (!then || !now)
        return;
    if (unknown)
        run_course_blame(s->course, line,
                         "the %s is known all the same", name);
    if ((strcmp(then, now) == 0) == (others > 0))
        run_course_blame(s->course, line, others ? "the %s is the same one"
                         : "does not say that the %s is another one", name);
}

static void check_origin(struct run_session *s, const cJSON *event,
                         uint64_t line)
{
    for (size_t i = 0; i < RUN_FACTS; i++)
        check_fact(s, i, event, line);
}

/* --------------------------------------------------------------- recheck */

/* How many of these there were to compare; false: the log does not tell. */
static bool due(const cJSON *event, uint64_t there, uint64_t *out)
{
    const char *all = event_text(event, "asked_for");
    uint64_t n;

    if (all && strcmp(all, "all") == 0)
        *out = there;
    else if (event_number(event, "asked_for", &n))
        *out = n < there ? n : there;
    else
        return false;
    return true;
}

static void check_sample(struct run_session *s, const cJSON *event,
                         uint64_t kept, uint64_t line)
{
    uint64_t compared, then, now, n;

    if (!event_number(event, "compared", &compared)
        || !event_number(event, "unreadable_then", &then)
        || !event_number(event, "unreadable_now", &now))
        return;
    if (then > kept)
        run_course_blame(s->course, line,
                         "more were unreadable than were kept");
    else if (due(event, kept - then, &n) && compared + now != n)
        run_course_blame(s->course, line,
                         "%" PRIu64 " blocks were to be compared, "
                         "and it tells of %" PRIu64, n, compared + now);
}

static void check_recheck(struct run_session *s, const cJSON *event,
                          uint64_t line)
{
    uint64_t kept;

    if (!event_number(event, "kept", &kept))
        return;
    if (s->rows_told && kept != s->rows)
        run_course_blame(s->course, line,
                         "%" PRIu64 " blocks were kept, and the "
                         "session goes on behind %" PRIu64, kept, s->rows);
    check_sample(s, event, kept, line);
}

/* ---------------------------------------------------------------- folder */

static void check_folder(struct run_session *s, const cJSON *event,
                         uint64_t line)
{
    const cJSON *item, *list = json_member(event, "not_had");

    if (cJSON_GetArraySize(list) > LACKS_MAX)
        return; /* which the record finds odd */
    cJSON_ArrayForEach(item, list)
        if (cJSON_IsString(item) && times_in(list, item->valuestring) > 1) {
            run_course_blame(s->course, line,
                             "names something twice that the file "
                             "system could not do");
            return;
        }
}

/* ------------------------------------------------------------------ step */

static void check_place(struct run_session *s, int kind, uint64_t line)
{
    const char *name = kinds[kind].name;

    if (kinds[kind].gone_on && s->course->sessions < 2)
        run_course_blame(s->course, line,
                         "%s in a run that is not gone on with",
                         name);
    if (s->seen & 1u << kind)
        run_course_blame(s->course, line, "a second %s in one session", name);
    if (!(s->course->seen & RUN_EVENT_BIT(kinds[kind].behind)))
        run_course_blame(s->course, line, "%s comes before %s", name,
                         run_event_names[kinds[kind].behind]);
    if (s->course->seen & RUN_EVENT_BIT(kinds[kind].before))
        run_course_blame(s->course, line, "%s comes behind %s", name,
                         run_event_names[kinds[kind].before]);
    s->seen |= 1u << kind;
}

static void check(struct run_session *s, const cJSON *event, uint64_t line)
{
    static void (*const checks[KINDS])(struct run_session *s,
                                       const cJSON *event, uint64_t line) = {
        [ORIGIN] = check_origin,
        [RECHECK] = check_recheck,
        [FOLDER] = check_folder,
    };

    for (int k = 0; k < KINDS; k++) {
        if (strcmp(event_name(event), kinds[k].name) != 0)
            continue;
        check_place(s, k, line);
        checks[k](s, event, line);
    }
}

int run_session_step(struct run_session *s, struct run_course *c,
                     const cJSON *event, uint64_t line, struct err *e)
{
    const char *name = event_name(event);

    s->course = c;
    if (strcmp(name, "resume") == 0)
        begin(s);
    if (strcmp(name, "resume") == 0 || strcmp(name, "rewind") == 0)
        take_rows(s, event);
    check(s, event, line);
    return take_facts(s, event, e);
}

void run_session_free(struct run_session *s)
{
    for (size_t i = 0; i < RUN_FACTS; i++) {
        free(s->begun[i]);
        free(s->now[i]);
    }
    memset(s, 0, sizeof(*s));
}
