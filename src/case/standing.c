/* SPDX-License-Identifier: Apache-2.0 */
#include "case/standing.h"

#include <stdio.h>

#include "audit/beside.h"
#include "audit/evidence.h"
#include "audit/voucher.h"
#include "base/scope.h"
#include "audit/stage.h"

char *standing_prefix(const char *chain, const struct case_member *m,
                      struct err *e)
{
    char *prefix = NULL;

    if (asprintf(&prefix, "%s-%s", chain, m->snapshot) >= 0)
        return prefix;
    err_nomem(e);
    return NULL;
}

char *standing_spelled(const char *chain, const struct case_member *m,
                       struct err *e)
{
    autofree char *prefix = standing_prefix(chain, m, e);
    char *spelled = prefix ? beside_spelling(prefix) : NULL;

    if (prefix && !spelled)
        err_nomem(e);
    return spelled;
}

bool standing_is_made(const struct case_member *m)
{
    return m->status == 0 || m->status == 1;
}

int standing_check_image(const char *prefix, struct err *e)
{
    struct evidence ev;
    int r = evidence_find(prefix, &ev, e);

    if (r == 0 && !evidence_image(&ev, e))
        r = -1;
    evidence_free(&ev);
    return r;
}

/* Its image was made, and its log is where it was. */
static bool is_there(const struct case_member *m, const char *prefix)
{
    enum stage_left left = STAGE_NOTHING;
    struct err ignored = ERR_INIT;

    return standing_is_made(m) && stage_look(prefix, &left, &ignored) == 0
        && left == STAGE_FINISHED;
}

/* 1 when it is made, and there. */
static int check_member(const struct case_log *c, const char *chain,
                        const struct case_member *m, struct err *e)
{
    autofree char *prefix = standing_prefix(chain, m, e);

    if (!prefix)
        return -1;
    if (!is_there(m, prefix))
        return 0;
    return standing_check_image(prefix, e) < 0
        || voucher_check_image(prefix, e) < 0
        ? err_in(e, "the chain of %s", c->path) : 1;
}

int standing_check(const struct case_log *c, const char *chain, struct err *e)
{
    size_t there = 0;

    for (size_t i = 0; i < c->count; i++) {
        int r = check_member(c, chain, &c->members[i], e);

        if (r < 0)
            return -1;
        there += (size_t)r;
    }
    if (there < c->count)
        return 0;
    return err_set(e, ERR_USAGE, 0, "the chain of %s is complete: there is "
                   "nothing to go on with", c->path);
}
