/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/case-record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/beside.h"
#include "audit/event.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"
#include "base/snapshot-id.h"
#include "base/text.h"

/* NULL: there is none, in whatever case. */
static char *path_of(const char *prefix, struct err *e)
{
    struct beside b;
    char *path = beside_read(&b, prefix, e) == 0
        ? beside_path(&b, CASE_SUFFIX) : NULL;

    beside_free(&b);
    return path;
}

bool case_record_exists(const char *prefix)
{
    struct err ignored = ERR_INIT;
    autofree char *path = path_of(prefix, &ignored);

    return path != NULL;
}

static int take(char **to, const cJSON *event, const char *key,
                struct err *e)
{
    const char *text = event_text(event, key);

    free(*to);
    *to = strdup(text ? text : "");
    return *to ? 0 : err_nomem(e);
}

static struct case_member_record *find(struct case_record *r,
                                       const char *snapshot)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->members[i].snapshot, snapshot) == 0)
            return &r->members[i];
    return NULL;
}

static int on_member(struct case_record *r, const cJSON *event,
                     struct err *e)
{
    const char *snapshot = event_text(event, "snapshot");
    struct case_member_record *more, *m;

    if (!snapshot || !snapshot_id_ok(snapshot) || find(r, snapshot))
        return err_set(e, ERR_VERIFY, 0, "has a member that is none");
    if (r->count == CASE_MEMBERS_MAX)
        return err_set(e, ERR_VERIFY, 0, "has more than %d members",
                       CASE_MEMBERS_MAX);
    more = realloc(r->members, (r->count + 1) * sizeof(*more));
    if (!more)
        return err_nomem(e);
    r->members = more;
    m = &more[r->count];
    memset(m, 0, sizeof(*m));
    r->count++;
    m->usable = cJSON_IsTrue(json_member(event, "usable"));
    return take(&m->snapshot, event, "snapshot", e) < 0
        || take(&m->time, event, "start_time", e) < 0
        || take(&m->since, NULL, "", e) < 0
        || take(&m->verdict, NULL, "", e) < 0
        || take(&m->error, NULL, "", e) < 0 ? -1 : 0;
}

/* Of several of one snapshot the last one counts. */
static int on_image(struct case_record *r, const cJSON *event, struct err *e)
{
    const char *snapshot = event_text(event, "snapshot");
    struct case_member_record *m = snapshot ? find(r, snapshot) : NULL;

    if (!m)
        return err_set(e, ERR_VERIFY, 0, "has an image of no member");
    m->told = true;
    if (!event_number(event, "exit_status", &m->status))
        m->status = 9;
    m->made = m->status <= 1;
    return take(&m->since, event, "since", e) < 0
        || take(&m->verdict, event, "verdict", e) < 0
        || take(&m->error, event, "error", e) < 0 ? -1 : 0;
}

/* Those behind the first image are of one of them. */
static int on_warning(struct case_record *r, const cJSON *event,
                      struct err *e)
{
    const char *text = event_text(event, "text");

    if (r->begun || !text || r->warnings.count == CASE_MEMBERS_MAX)
        return 0;
    return notes_add(&r->warnings, e, "%s", text);
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct case_record *r = ctx;
    const char *name = event_name(event);

    if (case_rules_event(&r->rules, event, e) < 0)
        return -1;
    if (r->rules.wrong[0])
        return 0;
    if (strcmp(name, "case") == 0) {
        r->all_listed = !cJSON_IsFalse(json_member(event, "all_listed"));
        r->apart = cJSON_IsTrue(json_member(event, "apart"));
        return take(&r->began, event, "time", e);
    }
    if (strcmp(name, "member") == 0)
        return on_member(r, event, e);
    if (strcmp(name, "warning") == 0)
        return on_warning(r, event, e);
    r->begun = true;
    if (strcmp(name, "resume") == 0)
        return take(&r->ended, NULL, "", e);
    if (strcmp(name, "end") == 0)
        return take(&r->ended, event, "time", e);
    return strcmp(name, "image") == 0 ? on_image(r, event, e) : 0;
}

/* Part of a line at the end is what a run that died leaves. */
static int read_log(struct case_record *r, struct err *e)
{
    struct err why = ERR_INIT;
    autoclose int fd = -1;
    uint64_t cut;

    if (file_check_regular(r->path, e) < 0)
        return -1;
    if (logcheck_read(r->path, on_event, r, &r->check, &why) == 0)
        return 0;
    if (why.kind == ERR_VERIFY && file_open(r->path, &fd, e) == 0)
        return logcheck_rest(fd, r->path, r->check.taken, &why, &cut, e);
    if (why.kind != ERR_VERIFY)
        *e = why;
    return -1;
}

int case_record_read(const char *prefix, struct case_record *out,
                     struct err *e)
{
    struct err why = ERR_INIT;

    memset(out, 0, sizeof(*out));
    out->all_listed = true; /* until it says that it is not so */
    out->path = path_of(prefix, e);
    if (!out->path || take(&out->began, NULL, "", e) < 0
        || take(&out->ended, NULL, "", e) < 0)
        return err_nomem(e);
    if (read_log(out, &why) == 0) {
        out->present = true;
        return 0;
    }
    snprintf(out->why, sizeof(out->why), "%.250s", why.msg);
    if (why.kind == ERR_VERIFY)
        return 0;
    *e = why;
    return -1;
}

void case_record_free(struct case_record *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct case_member_record *m = &r->members[i];

        free(m->snapshot);
        free(m->time);
        free(m->since);
        free(m->verdict);
        free(m->error);
    }
    free(r->members);
    case_rules_free(&r->rules);
    notes_free(&r->warnings);
    free(r->path);
    free(r->began);
    free(r->ended);
    memset(r, 0, sizeof(*r));
}
