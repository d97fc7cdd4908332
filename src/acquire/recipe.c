/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/recipe.h"

#include <stdlib.h>

#include "acquire/recipe-options.h"
#include "base/block.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/snapshot-id.h"
#include "image/formats.h"

/* The form of checkpoints and of what they speak of: see
 * doc/resume.md. */
#define FORM 2

void recipe_write(const struct recipe *p, struct record *r)
{
    record_u64(r, "form", FORM);
    record_str(r, "version", p->version);
    record_time(r, "started", p->started);
    record_str(r, "snapshot", p->snapshot);
    origin_write(&p->origin, r);
    record_u64(r, "volume_size", p->volume_size);
    recipe_add_options(r, &p->options);
    if (p->options.since)
        record_str(r, "since", p->options.since);
}

/* --------------------------------------------------------------- reading */

static bool is_possible(const struct recipe *p)
{
    const struct acquire_options *o = &p->options;

    return p->started && p->snapshot && snapshot_id_ok(p->snapshot)
        && p->volume_size && p->volume_size % BLOCK_SIZE == 0
        && recipe_options_possible(o) && origin_possible(&p->origin)
        && (!formats_any(o->formats, FORMAT_CHUNKED) || o->chunk_size);
}

static void take(struct recipe *p)
{
    const char *started = json_text(p->line, "started");

    p->started = started ? clock_parse_iso(started) : 0;
    p->version = json_text(p->line, "version");
    p->snapshot = json_text(p->line, "snapshot");
    origin_read(p->line, &p->origin);
    p->volume_size = recipe_number(p->line, "volume_size");
    recipe_take_options(p->line, &p->options);
    p->options.since = json_text(p->line, "since");
}

static int check(const struct recipe *p, struct err *e)
{
    if (recipe_number(p->line, "form") != FORM)
        return err_set(e, ERR_USAGE, 0, "it was written by ebsimg %s, which "
                       "is needed to go on with it",
                       p->version ? p->version : "of another version");
    return is_possible(p) ? 0 : err_set(e, ERR_VERIFY, 0, "its first line is "
                                        "damaged");
}

/* Texts of the line stay where they are, in a copy of it. */
static struct recipe *hold(const cJSON *line, struct err *e)
{
    struct recipe *p = calloc(1, sizeof(*p));

    if (p)
        p->line = cJSON_Duplicate(line, 1);
    if (p && p->line)
        return p;
    free(p);
    err_nomem(e);
    return NULL;
}

struct recipe *recipe_read(const cJSON *line, struct record *again,
                           struct err *e)
{
    struct recipe *p = hold(line, e);

    if (!p)
        return NULL;
    take(p);
    if (check(p, e) < 0) {
        recipe_free(p);
        return NULL;
    }
    recipe_write(p, again);
    return p;
}

void recipe_free(struct recipe *p)
{
    if (!p)
        return;
    cJSON_Delete(p->line);
    free(p);
}

/* -------------------------------------------------------------- applying */

/* The earlier image may have been moved since; one that was not built upon
 * then is not now. */
int recipe_apply(const struct recipe *p, struct acquire_options *o,
                 const char *where, struct err *e)
{
    const char *then = p->options.since;

    if (recipe_apply_options(o, &p->options, where, e) < 0)
        return -1;
    if (!o->since)
        o->since = then;
    if (!o->since || then)
        return 0;
    return err_set(e, ERR_USAGE, 0, "the run in %s does not build upon an "
                   "earlier image: leave --since out", where);
}
