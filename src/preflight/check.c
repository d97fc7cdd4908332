/* SPDX-License-Identifier: Apache-2.0 */
#include "preflight/check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const parts[] = {
    [PART_RIGHT] = "right",   [PART_SNAPSHOT] = "snapshot",
    [PART_FOLDER] = "folder", [PART_CLOCK] = "clock",
    [PART_WAY] = "way",       [PART_SPARE] = "not_needed",
};

static const char *const needs[] = {
    [NEED_TO_RUN] = "needed",
    [NEED_USEFUL] = "useful",
    [NEED_NONE] = "none",
};

static const char *const answers[] = {
    [CHECK_YES] = "yes",
    [CHECK_NO] = "no",
    [CHECK_UNKNOWN] = "unknown",
    [CHECK_SPARED] = "-",
};

const char *check_part_name(enum check_part part)
{
    return parts[part];
}

const char *check_need_name(enum check_need need)
{
    return needs[need];
}

const char *check_answer_name(enum check_answer answer)
{
    return answers[answer];
}

static int grow(struct checks *c, struct err *e)
{
    size_t room = c->room ? 2 * c->room : 32;
    struct check *more;

    if (c->count < c->room)
        return 0;
    more = realloc(c->list, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    c->list = more;
    c->room = room;
    return 0;
}

int checks_add(struct checks *c, const struct check *row, const char *says,
               const char *remedy, struct err *e)
{
    struct check *to;

    if (grow(c, e) < 0)
        return -1;
    to = &c->list[c->count++];
    *to = *row;
    to->says = strdup(says);
    to->remedy = remedy ? strdup(remedy) : NULL;
    return !to->says || (remedy && !to->remedy) ? err_nomem(e) : 0;
}

void checks_free(struct checks *c)
{
    for (size_t i = 0; i < c->count; i++) {
        free(c->list[i].says);
        free(c->list[i].remedy);
    }
    free(c->list);
    *c = (struct checks){ 0 };
}

struct checks_sum checks_sum(const struct checks *c)
{
    struct checks_sum sum = { 0 };

    for (size_t i = 0; i < c->count; i++) {
        const struct check *k = &c->list[i];
        bool lacks = k->answer == CHECK_NO || k->answer == CHECK_UNKNOWN;

        sum.missing += lacks && k->need == NEED_USEFUL;
        if (!lacks || k->need != NEED_TO_RUN)
            continue;
        sum.prevent++;
        if (!sum.first)
            sum.first = k;
    }
    return sum;
}
