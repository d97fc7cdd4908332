/* SPDX-License-Identifier: Apache-2.0 */
/* The first line of the checkpoints, which anybody may have written who can
 * write in the folder.  Each line of the input is a JSON object; what is taken
 * must be what somebody could have typed, and is made again as it was read.
 */
#include <stdlib.h>
#include <string.h>

#include "acquire/recipe-options.h"
#include "acquire/recipe.h"
#include "base/block.h"
#include "base/json.h"
#include "base/scope.h"
#include "base/snapshot-id.h"
#include "fuzz.h"

static cJSON *parse(const struct record *r)
{
    autotext struct text t = TEXT_INIT;

    MUST(r->json.s && !r->json.failed);
    text_addf(&t, "{%s}", r->json.s + 1);
    MUST(fuzz_is_utf8(t.s));
    return cJSON_Parse(t.s);
}

/* The line that is made again is a line like that, and stays what it is. */
static void check_again(const struct record *first)
{
    autorecord struct record second = RECORD_INIT;
    autojson cJSON *line = parse(first);
    struct err e = ERR_INIT;
    struct recipe *p;

    MUST(line);
    p = recipe_read(line, &second, &e);
    MUST(p && strcmp(first->json.s, second.json.s) == 0);
    recipe_free(p);
}

static void check_values(const struct recipe *p)
{
    const struct acquire_options *o = &p->options;

    MUST(p->started && snapshot_id_ok(p->snapshot));
    MUST(p->volume_size && p->volume_size % BLOCK_SIZE == 0);
    MUST(origin_possible(&p->origin) && recipe_options_possible(o));
    MUST(o->formats && o->formats < 1u << FORMATS && o->hashes <= HASH_ALL);
    MUST(o->compression >= 0 && o->chunk_size <= MIB);
}

/* Taken over into a command line that asks for nothing. */
static void check_applied(const struct recipe *p)
{
    struct acquire_options o;
    struct err e = ERR_INIT;

    acquire_defaults(&o);
    MUST(recipe_apply(p, &o, "x", &e) == 0);
    MUST(o.formats == p->options.formats && o.hashes == p->options.hashes);
    MUST(o.since == p->options.since);
}

static void read_line(const char *text)
{
    autorecord struct record again = RECORD_INIT;
    autojson cJSON *line = cJSON_Parse(text);
    struct err e = ERR_INIT;
    struct recipe *p;

    if (!line)
        return;
    p = recipe_read(line, &again, &e);
    if (p) {
        check_values(p);
        check_applied(p);
        check_again(&again);
    } else {
        MUST(e.kind == ERR_VERIFY || e.kind == ERR_USAGE);
        MUST(fuzz_is_shown(e.msg));
    }
    recipe_free(p);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree char *text = fuzz_text(data, size);

    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        read_line(line);
    return 0;
}
