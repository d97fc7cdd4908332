/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of IAM that lets a command do its work. */
#include <ctype.h>

#include "policy/statement.h"

static const char *const sids[RIGHTS_SCOPES] = {
    [RIGHTS_NAMED] = "ReadSnapshots",
    [RIGHTS_AND_BASE] = "ListChanges",
    [RIGHTS_ANY] = "AskAbout",
    [RIGHTS_KEYS] = "UseKeysForEbs",
    [RIGHTS_MAKE] = "MakeSnapshots",
    [RIGHTS_TAG] = "TagThemWhenMade",
};

static bool is_used(const struct policy_wish *w,
                    const struct rights_row *r, enum rights_scope scope)
{
    return r->scope == scope
        && rights_used(r, w->command, policy_named(w), w->least);
}

/* The rights of one scope; how many.  With `j' NULL they are only counted. */
static size_t add_rights(struct jsonout *j, const struct policy_wish *w,
                         enum rights_scope scope)
{
    size_t n = 0;

    for (size_t i = 0; i < rights_rows; i++) {
        if (!is_used(w, &rights_table[i], scope))
            continue;
        if (j)
            jsonout_string(j, NULL, rights_table[i].right);
        n++;
    }
    return n;
}

/* Is there anything to grant them on? */
static bool has_resource(const struct policy_wish *w, enum rights_scope scope)
{
    bool snapshot = policy_named(w) & RIGHTS_SNAPSHOT;

    switch (scope) {
    case RIGHTS_NAMED:
    case RIGHTS_AND_BASE:
        return snapshot;
    case RIGHTS_KEYS: /* for reading what is encrypted with them */
        return snapshot && w->keys.count > 0;
    default:
        return true;
    }
}

/* EC2 knows no resources for its questions, but they can be kept to a
 * region. */
static void add_anything(struct jsonout *j, const struct policy_wish *w)
{
    jsonout_string(j, "Resource", "*");
    if (!w->region)
        return;
    jsonout_open(j, "Condition", '{');
    jsonout_open(j, "StringEquals", '{');
    jsonout_string(j, "aws:RequestedRegion", w->region);
    jsonout_close(j, '}');
    jsonout_close(j, '}');
}

/* Only what is tagged in the moment that it is made. */
static void add_when_made(struct jsonout *j)
{
    static const char *const calls[] = { "CreateSnapshot",
                                         "CreateSnapshots" };

    jsonout_open(j, "Condition", '{');
    jsonout_open(j, "StringEquals", '{');
    jsonout_strings(j, "ec2:CreateAction", calls, 2);
    jsonout_close(j, '}');
    jsonout_close(j, '}');
}

static void add_resource(struct jsonout *j, const struct policy_wish *w,
                         enum rights_scope scope)
{
    switch (scope) {
    case RIGHTS_NAMED:
        policy_add_snapshots(j, w, NULL);
        break;
    case RIGHTS_AND_BASE:
        policy_add_snapshots(j, w, w->since);
        break;
    case RIGHTS_KEYS:
        jsonout_strings(j, "Resource", w->keys.at, w->keys.count);
        policy_add_via_ebs(j, w);
        break;
    case RIGHTS_MAKE:
        policy_add_sources(j, w);
        break;
    case RIGHTS_TAG:
        policy_add_new(j, w);
        add_when_made(j);
        break;
    default:
        add_anything(j, w);
    }
}

static void add_statement(struct jsonout *j, const struct policy_wish *w,
                          enum rights_scope scope)
{
    policy_begin_statement(j, sids[scope], "Allow");
    jsonout_open(j, "Action", '[');
    add_rights(j, w, scope);
    jsonout_close(j, ']');
    add_resource(j, w, scope);
    jsonout_close(j, '}');
}

int policy_write_allow(const struct policy_wish *w, struct text *out,
                       struct err *e)
{
    struct jsonout j;

    policy_begin(&j, out);
    for (int i = 0; i < RIGHTS_SCOPES; i++) {
        enum rights_scope scope = (enum rights_scope)i;

        if (has_resource(w, scope) && add_rights(NULL, w, scope))
            add_statement(&j, w, scope);
    }
    return policy_end(&j, e);
}

size_t policy_size(const char *json)
{
    bool quoted = false;
    size_t n = 0;

    for (; *json; json++) {
        if (*json == '"')
            quoted = !quoted;  /* what is written here has none in strings */
        n += quoted || !isspace((unsigned char)*json);
    }
    return n;
}
