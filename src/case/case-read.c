/* SPDX-License-Identifier: Apache-2.0 */
/* What a case log says of a chain that is gone on with.  Whoever can write in
 * its folder can write it. */
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"
#include "case/case-log.h"

#include <string.h>

#include "acquire/recipe-options.h"
#include "audit/logcheck.h"
#include "audit/reserves.h"
#include "audit/outcome.h"
#include "base/snapshot-id.h"

static int nonsense(const char *event, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "its event \"%s\" makes no sense",
                   event);
}

static int on_case(struct case_log *c, const cJSON *event, struct err *e)
{
    const cJSON *options;

    if (c->begin)
        return nonsense("case", e);
    c->begin = cJSON_Duplicate(event, 1);
    if (!c->begin)
        return err_nomem(e);
    options = json_member(c->begin, "options");
    if (!options)
        return err_set(e, ERR_USAGE, 0, "it was written by another version "
                       "of ebsimg, which cannot go on with it");
    c->partial = cJSON_IsFalse(json_member(c->begin, "all_listed"));
    c->apart = cJSON_IsTrue(json_member(c->begin, "apart"));
    recipe_take_options(options, &c->options);
    if (!recipe_options_possible(&c->options)
        || recipe_take_count(options, "audit", &c->options.audit) < 0
        || !json_whole(c->begin, "snapshots", UINT32_MAX, &c->expected))
        return nonsense("case", e);
    return 0;
}

static struct case_member *member_of(const struct case_log *c,
                                     const char *snapshot)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->members[i].snapshot, snapshot) == 0)
            return &c->members[i];
    return NULL;
}

static int on_member(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *snapshot = json_text(event, "snapshot");

    if (!c->begin || !snapshot || !snapshot_id_ok(snapshot)
        || member_of(c, snapshot))
        return nonsense("member", e);
    return case_add_member(c, snapshot, json_text(event, "start_time"),
                           cJSON_IsTrue(json_member(event, "usable")), e);
}

static int on_image(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *snapshot = json_text(event, "snapshot");
    const char *verdict = json_text(event, "verdict");
    struct case_member *m = snapshot ? member_of(c, snapshot) : NULL;
    uint64_t status, audited = 0;

    if (!m || !verdict || outcome_parse(verdict, &m->outcome) < 0
        || reserves_read(json_member(event, "reserves"), &m->reserves) < 0
        || !json_whole(event, "exit_status", 255, &status))
        return nonsense("image", e);
    m->status = (int)status;
    m->counted = json_whole(event, "fetched", UINT32_MAX, &m->fetched)
        && json_whole(event, "carried", UINT32_MAX, &m->carried)
        && json_whole(event, "audited", UINT32_MAX, &audited);
    m->fetched += audited;
    return 0;
}

/* More of them are none that anybody is told. */
#define NOTES_MAX 1000

/* A session that goes on with it may write others: they are of one image. */
static int on_warning(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *text = json_text(event, "text");

    if (c->begun || !text || c->notes.count == NOTES_MAX)
        return 0;
    return notes_add(&c->notes, e, "%s", text);
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    static const struct {
        const char *name;
        int (*take)(struct case_log *c, const cJSON *event, struct err *e);
    } rows[] = {
        { "case", on_case }, { "member", on_member },
        { "warning", on_warning }, { "image", on_image },
    };
    struct case_log *c = ctx;
    const char *name = json_text(event, "event");

    c->begun |= strcmp(name, "image") == 0 || strcmp(name, "resume") == 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].take(c, event, e);
    return 0;
}

static int on_look(void *ctx, const cJSON *event, struct err *e)
{
    struct case_log *c = ctx;

    if (case_rules_event(&c->rules, event, e) < 0)
        return -1;
    return c->rules.wrong[0] ? 0 : on_event(c, event, e);
}

static int read_events(struct case_log *c, struct err *e)
{
    struct logcheck check;
    struct err why = ERR_INIT;
    int r = logcheck_run(c->path, on_event, c, &check, &why);

    c->end = (struct log_place){ check.events, check.size, { 0 } };
    memcpy(c->end.head, check.head, LOG_HASH);
    if (r < 0 && why.kind == ERR_VERIFY)
        return logcheck_rest(c->lock.fd, c->path, c->end.size, &why, &c->cut,
                             e);
    if (r < 0)
        *e = why;
    return r;
}

int case_look(struct case_log *c, struct logcheck *check, struct err *e)
{
    struct err why = ERR_INIT;
    int r = logcheck_read(c->path, on_look, c, check, &why);
    autoclose int fd = -1;

    if (r < 0 && why.kind == ERR_VERIFY && file_open(c->path, &fd, e) == 0)
        return logcheck_rest(fd, c->path, check->taken, &why, &c->cut, e);
    if (r < 0)
        *e = why;
    return r;
}

int case_read(struct case_log *c, struct err *e)
{
    if (case_take_lock(c, e) < 0)
        return -1;
    if (read_events(c, e) < 0)
        return err_in(e, "the chain of %s cannot be gone on with", c->path);
    if (c->begin && c->count == c->expected)
        return 0;
    return err_set(e, ERR_USAGE, 0, "the chain of %s ended before there was "
                   "anything to go on with: move that file away and start anew",
                   c->path);
}

const char *case_since(const struct case_log *c)
{
    return json_text(c->begin, "since");
}

bool case_is_of(const struct case_log *c, char **names, size_t n)
{
    const cJSON *asked = json_member(c->begin, "asked_for");
    size_t i = 0;

    for (const cJSON *j = asked ? asked->child : NULL; j; j = j->next, i++)
        if (i >= n || !cJSON_IsString(j)
            || strcmp(j->valuestring, names[i]) != 0)
            return false;
    return i == n;
}
