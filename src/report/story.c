/* SPDX-License-Identifier: Apache-2.0 */
#include "report/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/event.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

struct reading {
    struct story *s;
    const cJSON *event;
    uint64_t line, wall;
    struct err *e;
};

/* ------------------------------------------------------------------- texts */

/* A copy, never NULL; what the event does not tell is "". */
static int take(char **to, const cJSON *event, const char *key,
                struct err *e)
{
    const char *text = event_text(event, key);

    free(*to);
    *to = strdup(text ? text : "");
    return *to ? 0 : err_nomem(e);
}

static uint64_t number(const cJSON *event, const char *key)
{
    uint64_t n = RUN_UNTOLD;

    event_number(event, key, &n);
    return n;
}

/* Room for one more, zeroed; NULL without an error when `max' are there. */
static void *more(void *list, size_t *n, size_t size, size_t max,
                  struct err *e)
{
    void **at = list;
    char *bigger;

    if (*n == max)
        return NULL;
    bigger = realloc(*at, (*n + 1) * size);
    if (!bigger) {
        err_nomem(e);
        return NULL;
    }
    *at = bigger;
    return memset(bigger + (*n)++ * size, 0, size);
}

/* ---------------------------------------------------------------- sessions */

static struct story_session *session(struct story *s)
{
    return s->nsessions && s->nsessions == s->all_sessions
        ? &s->sessions[s->nsessions - 1] : NULL;
}

/* As one line; words with blanks in quotes. */
static int take_command(char **to, const cJSON *event, struct err *e)
{
    const cJSON *word;
    struct text t = TEXT_INIT;

    text_add(&t, "");
    cJSON_ArrayForEach(word, json_member(event, "command_line"))
        if (cJSON_IsString(word)) {
            text_add(&t, t.len ? " " : "");
            text_add_quoted(&t, word->valuestring);
        }
    *to = t.s;
    return t.failed ? err_nomem(e) : 0;
}

static int take_libraries(char **to, const cJSON *event, struct err *e)
{
    static const char *const names[] = {
        "libcurl", "openssl", "libewf", "zlib", "deflate", "inflate",
        "digests",
    };
    struct text t = TEXT_INIT;

    text_add(&t, "");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = event_text(event, names[i]);

        if (value)
            text_addf(&t, "%s%s: %s", t.len ? "; " : "", names[i], value);
    }
    *to = t.s;
    return t.failed ? err_nomem(e) : 0;
}

static int take_machine(struct story_session *x, const cJSON *event,
                        struct err *e)
{
    return take(&x->version, event, "version", e) < 0
        || take(&x->build, event, "build", e) < 0
        || take(&x->host, event, "host", e) < 0
        || take(&x->system, event, "system", e) < 0
        || take(&x->kernel, event, "kernel", e) < 0
        || take(&x->machine, event, "machine", e) < 0
        || take(&x->user, event, "user", e) < 0
        || take_command(&x->command, event, e) < 0
        || take_libraries(&x->libraries, event, e) < 0 ? -1 : 0;
}

static int on_session(struct reading *r)
{
    struct story *s = r->s;
    struct story_session *x;

    s->all_sessions++;
    timeline_session(&s->time, r->wall);
    x = more(&s->sessions, &s->nsessions, sizeof(*x), STORY_SESSIONS, r->e);
    if (!x)
        return r->e->kind ? -1 : 0;
    x->number = s->all_sessions;
    x->line = r->line;
    x->offset = number(r->event, "offset");
    x->milliseconds = x->requests = x->retries = x->throttled = RUN_UNTOLD;
    return take_machine(x, r->event, r->e) < 0
        || take(&x->began, r->event, "time", r->e) < 0
        || take(&x->ended, NULL, "time", r->e) < 0
        || take(&x->verdict, NULL, "verdict", r->e) < 0
        || take(&x->error, NULL, "error", r->e) < 0 ? -1 : 0;
}

static int on_end(struct reading *r)
{
    struct story_session *x = session(r->s);

    timeline_touch(&r->s->time, r->wall);
    if (!x)
        return 0;
    x->milliseconds = number(r->event, "milliseconds");
    x->requests = number(r->event, "requests");
    x->retries = number(r->event, "retries");
    x->throttled = number(r->event, "throttled");
    return take(&x->ended, r->event, "time", r->e) < 0
        || take(&x->verdict, r->event, "verdict", r->e) < 0
        || take(&x->error, r->event, "error", r->e) < 0 ? -1 : 0;
}

/* ---------------------------------------------------------------- troubles */

/* What was asked for. */
static const char *asked_for(const cJSON *event)
{
    const char *path = event_text(event, "path");

    if (!path)
        return "";
    if (strstr(path, "/blocks/"))
        return "a block";
    return strstr(path, "/blocks") ? "a list of blocks" : "something else";
}

static int on_trouble(struct reading *r)
{
    struct story *s = r->s;
    struct story_trouble *x;
    const char *name = event_name(r->event);
    const char *what = asked_for(r->event);
    uint64_t n = number(r->event, "more");

    n = n == RUN_UNTOLD ? 1 : n + 1;
    s->all_troubles += n;
    timeline_add(&s->time, strcmp(name, "throttled") == 0
                 ? TIMELINE_THROTTLED : TIMELINE_RETRIES, r->wall, n);
    for (size_t i = 0; i < s->ntroubles; i++) {
        x = &s->troubles[i];
        if (strcmp(x->event, name) == 0 && strcmp(x->what, what) == 0) {
            x->count += n;
            return 0;
        }
    }
    x = more(&s->troubles, &s->ntroubles, sizeof(*x), STORY_TROUBLES, r->e);
    if (!x)
        return r->e->kind ? -1 : 0;
    x->count = n;
    x->first_line = r->line;
    x->event = strdup(name);
    x->what = strdup(what);
    return x->event && x->what ? take(&x->first, r->event, "detail", r->e)
        : err_nomem(r->e);
}

static int on_unreadable(struct reading *r)
{
    struct story *s = r->s;
    struct story_unreadable *x;

    s->all_unreadable++;
    timeline_add(&s->time, TIMELINE_LOST, r->wall, 1);
    x = more(&s->unreadable, &s->nunreadable, sizeof(*x), STORY_UNREADABLE,
             r->e);
    if (!x)
        return r->e->kind ? -1 : 0;
    x->line = r->line;
    x->block = number(r->event, "block");
    x->offset = number(r->event, "offset");
    x->length = number(r->event, "length");
    x->attempts = number(r->event, "attempts");
    return take(&x->reason, r->event, "reason", r->e) < 0
        || take(&x->code, r->event, "code", r->e) < 0
        || take(&x->request_id, r->event, "request_id", r->e) < 0 ? -1 : 0;
}

/* ------------------------------------------------------------------ others */

static int keep_text(struct reading *r, const char *key)
{
    struct story *s = r->s;
    struct story_text *x;

    s->all_warnings++;
    x = more(&s->warnings, &s->nwarnings, sizeof(*x), STORY_WARNINGS, r->e);
    if (!x)
        return r->e->kind ? -1 : 0;
    x->line = r->line;
    return take(&x->text, r->event, key, r->e);
}

static int on_warning(struct reading *r)
{
    return keep_text(r, "text");
}

static int on_rewind(struct reading *r)
{
    return keep_text(r, "reason");
}

static int on_progress(struct reading *r)
{
    uint64_t blocks = number(r->event, "blocks");

    if (blocks == RUN_UNTOLD)
        timeline_touch(&r->s->time, r->wall);
    else
        timeline_passed(&r->s->time, r->wall, blocks);
    return 0;
}

static void free_tags(struct story *s)
{
    for (size_t i = 0; i < s->ntags; i++) {
        free(s->tags[i].key);
        free(s->tags[i].value);
    }
    free(s->tags);
    s->tags = NULL;
    s->ntags = 0;
    s->all_tags = 0;
}

static int take_tags(struct reading *r)
{
    struct story *s = r->s;
    const cJSON *tag;

    free_tags(s);
    cJSON_ArrayForEach(tag, json_member(r->event, "tags")) {
        struct story_tag *x;

        s->all_tags++;
        x = more(&s->tags, &s->ntags, sizeof(*x), STORY_TAGS, r->e);
        if (!x && r->e->kind)
            return -1;
        if (x && (take(&x->key, tag, "key", r->e) < 0
                  || take(&x->value, tag, "value", r->e) < 0))
            return -1;
    }
    return 0;
}

static int on_snapshot(struct reading *r)
{
    struct story *s = r->s;

    return take_tags(r) < 0
        || take(&s->snapshot_request, r->event, "request_id", r->e) < 0
        || take(&s->completion_time, r->event, "completion_time", r->e) < 0
        || take(&s->status, r->event, "status", r->e) < 0
        || take(&s->tier, r->event, "tier", r->e) < 0 ? -1 : 0;
}

static int on_caller(struct reading *r)
{
    return take(&r->s->caller_request, r->event, "request_id", r->e) < 0
        || take(&r->s->user_id, r->event, "user_id", r->e) < 0 ? -1 : 0;
}

static int on_credentials(struct reading *r)
{
    return take(&r->s->key_id, r->event, "access_key_id", r->e);
}

static const struct {
    const char *event;
    int (*take)(struct reading *r);
} readers[] = {
    { "start", on_session },          { "resume", on_session },
    { "end", on_end },                { "progress", on_progress },
    { "retry", on_trouble },          { "throttled", on_trouble },
    { "rejected", on_trouble },       { "failed", on_trouble },
    { "not_ready", on_trouble },      { "token", on_trouble },
    { "clock", on_trouble },          { "expired", on_trouble },
    { "late", on_trouble },           { "not_carried", on_trouble },
    { "unreadable", on_unreadable },  { "warning", on_warning },
    { "rewind", on_rewind },          { "snapshot", on_snapshot },
    { "caller", on_caller },          { "credentials", on_credentials },
};

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct reading *r = ctx;
    const char *time = event_text(event, "time");

    r->line++;
    r->event = event;
    r->wall = time ? clock_parse_iso(time) : 0;
    r->e = e;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (strcmp(event_name(event), readers[i].event) == 0)
            return readers[i].take(r);
    return 0;
}

int story_read(struct story *s, const struct run_record *r, const char *path,
               struct err *e)
{
    struct reading reading = { .s = s };
    char **texts[] = {
        &s->snapshot_request, &s->caller_request, &s->user_id,
        &s->completion_time, &s->status, &s->tier, &s->key_id,
    };

    memset(s, 0, sizeof(*s));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (take(texts[i], NULL, "", e) < 0)
            return -1;
    return run_record_events(r, path, on_event, &reading, e);
}

static void free_sessions(struct story *s)
{
    for (size_t i = 0; i < s->nsessions; i++) {
        struct story_session *x = &s->sessions[i];
        char *const texts[] = {
            x->began, x->ended, x->verdict, x->error, x->version, x->build,
            x->host, x->system, x->kernel, x->machine, x->user, x->command,
            x->libraries,
        };

        for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
            free(texts[k]);
    }
    free(s->sessions);
}

void story_free(struct story *s)
{
    free_sessions(s);
    free_tags(s);
    for (size_t i = 0; i < s->ntroubles; i++) {
        free(s->troubles[i].event);
        free(s->troubles[i].what);
        free(s->troubles[i].first);
    }
    for (size_t i = 0; i < s->nunreadable; i++) {
        free(s->unreadable[i].reason);
        free(s->unreadable[i].code);
        free(s->unreadable[i].request_id);
    }
    for (size_t i = 0; i < s->nwarnings; i++)
        free(s->warnings[i].text);
    free(s->troubles);
    free(s->unreadable);
    free(s->warnings);
    free(s->snapshot_request);
    free(s->caller_request);
    free(s->user_id);
    free(s->completion_time);
    free(s->status);
    free(s->tier);
    free(s->key_id);
    memset(s, 0, sizeof(*s));
}
