/* SPDX-License-Identifier: Apache-2.0 */
/* Is what somebody wants a policy for well-formed, and of one place? */
#include <string.h>

#include "policy/arn.h"
#include "policy/policy.h"

/* CloudTrail: of a trail's name. */
#define TRAIL_MIN 3
#define TRAIL_MAX 128

static const struct {
    unsigned kind;
    const char *prefix, *name;
} kinds[] = {
    { RIGHTS_SNAPSHOT, "snap-", "a snapshot" },
    { RIGHTS_VOLUME, "vol-", "a volume" },
    { RIGHTS_INSTANCE, "i-", "an instance" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* 0: of none. */
static unsigned kind_of(const char *id)
{
    for (size_t i = 0; i < KINDS; i++)
        if (arn_id_ok(kinds[i].prefix, id))
            return kinds[i].kind;
    return 0;
}

static size_t count(const struct policy_wish *w, unsigned kind)
{
    size_t n = 0;

    for (size_t i = 0; i < w->targets.count; i++)
        n += kind_of(w->targets.at[i]) == kind;
    return n;
}

unsigned policy_named(const struct policy_wish *w)
{
    size_t snapshots = count(w, RIGHTS_SNAPSHOT);
    unsigned named = RIGHTS_ALWAYS;

    for (size_t i = 0; i < KINDS; i++)
        if (count(w, kinds[i].kind))
            named |= kinds[i].kind;
    if (snapshots > 1)
        named |= RIGHTS_PAIR;
    if (w->chain || w->since)
        named |= RIGHTS_LINE;
    return named;
}

static int check_once(const char *what, const struct policy_names *n,
                      struct err *e)
{
    for (size_t i = 0; i < n->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(n->at[i], n->at[k]) == 0)
                return err_set(e, ERR_USAGE, 0, "%s%s%s is named twice", what,
                               *what ? " " : "", n->at[i]);
    return 0;
}

/* ----------------------------------------------------------------- targets */

static int check_target(const char *id, unsigned allowed, struct err *e)
{
    unsigned kind = kind_of(id);

    if (kind & allowed)
        return 0;
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return err_set(e, ERR_USAGE, 0, "%s is %s, and a snapshot is "
                           "wanted; `ebsimg chain %s' shows which there are",
                           id, kinds[i].name, id);
    return err_set(e, ERR_USAGE, 0, "\"%s\" is not the id of a snapshot, such "
                   "as snap-0123456789abcdef0: snap- and 8 or 17 hex digits "
                   "in small letters", id);
}

/* The snapshot of an earlier image is none of those that are read now. */
static int check_base(const struct policy_wish *w, struct err *e)
{
    if (!w->since)
        return 0;
    if (check_target(w->since, RIGHTS_SNAPSHOT, e) < 0)
        return err_in(e, "--since");
    for (size_t i = 0; i < w->targets.count; i++)
        if (strcmp(w->targets.at[i], w->since) == 0)
            return err_set(e, ERR_USAGE, 0, "--since %s is the snapshot of the "
                           "earlier image, and is named among the others, "
                           "too", w->since);
    return 0;
}

static int check_chain(const struct policy_wish *w, struct err *e)
{
    if (!w->chain || w->targets.count + (w->since != NULL) > 1)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--chain needs the name of every snapshot "
                   "of the chain, two at least; `ebsimg chain %s' shows them",
                   w->targets.count ? w->targets.at[0] : "SNAPSHOT");
}

static int check_targets(const struct policy_wish *w, struct err *e)
{
    unsigned allowed = w->command && w->command->targets
        ? w->command->targets : RIGHTS_SNAPSHOT;

    for (size_t i = 0; i < w->targets.count; i++)
        if (check_target(w->targets.at[i], allowed, e) < 0)
            return -1;
    return check_once("", &w->targets, e) < 0 || check_base(w, e) < 0
        ? -1 : check_chain(w, e);
}

/* ------------------------------------------------------------------ places */

/* A snapshot is encrypted with a key of its own region. */
static int check_place(const struct policy_wish *w, const char *option,
                       const char *text, const struct arn *a, struct err *e)
{
    if (strcmp(a->partition, w->partition) != 0)
        return err_set(e, ERR_USAGE, 0, "%s %s is in the partition %s, not in "
                       "%s", option, text, a->partition, w->partition);
    if (a->region[0] && w->region && strcmp(a->region, w->region) != 0)
        return err_set(e, ERR_USAGE, 0, "%s %s is in %s, not in %s: a "
                       "snapshot is encrypted with a key of its own region; "
                       "make a policy for each region", option, text,
                       a->region, w->region);
    return 0;
}

static int check_arns(const struct policy_wish *w, const char *option,
                      const struct policy_names *names,
                      int (*parse)(const char *text, struct arn *out,
                                   struct err *e), struct err *e)
{
    struct arn a;

    for (size_t i = 0; i < names->count; i++)
        if (parse(names->at[i], &a, e) < 0
            || check_place(w, option, names->at[i], &a, e) < 0)
            return -1;
    return check_once(option, names, e);
}

static int check_region(const char *region, struct err *e)
{
    if (!region || arn_region_ok(region))
        return 0;
    return err_set(e, ERR_USAGE, 0, "\"%s\" is not the name of a region, such "
                   "as eu-central-1", region);
}

/* Letters and digits, with single . _ - between them. */
static int check_trail(const char *name, struct err *e)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char *at = name;
    size_t n;

    while ((n = strspn(at, plain)) > 0 && at[n] && strchr("._-", at[n]))
        at += n + 1;
    if (n > 0 && !at[n] && strlen(name) >= TRAIL_MIN
        && strlen(name) <= TRAIL_MAX)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--trail \"%s\" is not the name of a "
                   "trail: %d to %d letters and digits with single . _ - "
                   "between them", name, TRAIL_MIN, TRAIL_MAX);
}

int policy_check(const struct policy_wish *w, struct err *e)
{
    if (check_region(w->region, e) < 0 || check_targets(w, e) < 0
        || check_arns(w, "--key", &w->keys, arn_parse_key, e) < 0
        || check_arns(w, "--role", &w->roles, arn_parse_role, e) < 0)
        return -1;
    return check_trail(w->trail, e);
}
