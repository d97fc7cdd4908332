/* What a case log says of a chain that is gone on with.  Whoever can write in
 * its folder can write it. */
#include "case/case-log.h"

#include <string.h>

#include "acquire/recipe-options.h"
#include "audit/logcheck.h"
#include "audit/reserves.h"
#include "audit/outcome.h"
#include "base/snapshot-id.h"

static const cJSON *member(const cJSON *event, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(event, key);
}

static const char *text(const cJSON *event, const char *key)
{
    const cJSON *j = member(event, key);

    return cJSON_GetStringValue(j);
}

static bool number(const cJSON *event, const char *key, uint64_t max,
                   uint64_t *n)
{
    const cJSON *j = member(event, key);

    if (!cJSON_IsNumber(j) || j->valuedouble < 0
        || j->valuedouble > (double)max)
        return false;
    *n = (uint64_t)j->valuedouble;
    return true;
}

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
    options = member(c->begin, "options");
    if (!options)
        return err_set(e, ERR_USAGE, 0, "it was written by another version "
                       "of ebsimg, which cannot go on with it");
    c->partial = cJSON_IsFalse(member(c->begin, "all_listed"));
    recipe_take_options(options, &c->options);
    if (!recipe_options_possible(&c->options)
        || recipe_take_count(options, "audit", &c->options.audit) < 0
        || !number(c->begin, "snapshots", UINT32_MAX, &c->expected))
        return nonsense("case", e);
    return 0;
}

static int on_member(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *snapshot = text(event, "snapshot");

    if (!c->begin || !snapshot || !snapshot_id_ok(snapshot))
        return nonsense("member", e);
    return case_add_member(c, snapshot, text(event, "start_time"),
                           cJSON_IsTrue(member(event, "usable")), e);
}

static struct case_member *member_of(const struct case_log *c,
                                     const char *snapshot)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->members[i].snapshot, snapshot) == 0)
            return &c->members[i];
    return NULL;
}

static int on_image(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *snapshot = text(event, "snapshot");
    const char *verdict = text(event, "verdict");
    struct case_member *m = snapshot ? member_of(c, snapshot) : NULL;
    uint64_t status, audited = 0;

    if (!m || !verdict || outcome_parse(verdict, &m->outcome) < 0
        || reserves_read(member(event, "reserves"), &m->reserves) < 0
        || !number(event, "exit_status", 255, &status))
        return nonsense("image", e);
    m->status = (int)status;
    m->counted = number(event, "fetched", UINT32_MAX, &m->fetched)
        && number(event, "carried", UINT32_MAX, &m->carried)
        && number(event, "audited", UINT32_MAX, &audited);
    m->fetched += audited;
    return 0;
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    static const struct {
        const char *name;
        int (*take)(struct case_log *c, const cJSON *event, struct err *e);
    } rows[] = {
        { "case", on_case }, { "member", on_member }, { "image", on_image },
    };
    const char *name = text(event, "event");

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].take(ctx, event, e);
    return 0;
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
    return text(c->begin, "since");
}

bool case_is_of(const struct case_log *c, char **names, size_t n)
{
    const cJSON *asked = member(c->begin, "asked_for");
    size_t i = 0;

    for (const cJSON *j = asked ? asked->child : NULL; j; j = j->next, i++)
        if (i >= n || !cJSON_IsString(j)
            || strcmp(j->valuestring, names[i]) != 0)
            return false;
    return i == n;
}
