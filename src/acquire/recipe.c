#include "acquire/recipe.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/snapshot-id.h"

/* The form of checkpoints and of what they speak of: see
 * doc/resume.md. */
#define FORM 2

static void *value(struct acquire_options *o, const struct option_row *r)
{
    return (char *)o + r->offset;
}

/* --------------------------------------------------------------- writing */

static void add_option(struct record *r, const struct acquire_options *o,
                       const struct option_row *row)
{
    const void *v = (const char *)o + row->offset;

    switch (row->type) {
    case OPTION_TEXT:
        record_str(r, row->name, *(const char *const *)v);
        break;
    case OPTION_CHOICE:
        record_u64(r, row->name, (uint64_t)*(const int *)v);
        break;
    case OPTION_SET:
        record_u64(r, row->name, *(const unsigned *)v);
        break;
    default:
        record_u64(r, row->name, *(const uint64_t *)v);
    }
}

void recipe_add_options(struct record *r, const struct acquire_options *o)
{
    for (const struct option_row *w = acquire_rows; !option_is_end(w); w++)
        if (w->kept)
            add_option(r, o, w);
}

static void compose(const struct acquisition *a, const struct origin *from,
                    const struct acquire_options *o, struct record *r)
{
    record_u64(r, "form", FORM);
    record_str(r, "version", a->begun_by);
    record_time(r, "started", a->started);
    record_str(r, "snapshot", a->snapshot);
    origin_write(from, r);
    record_u64(r, "volume_size", a->volume_size);
    recipe_add_options(r, o);
    if (o->since)
        record_str(r, "since", o->since);
}

/* An earlier image that was looked at and not built upon is not tried a
 * second time: the sample that showed its list to be wrong is not taken
 * again. */
void recipe_write(const struct acquisition *a, struct record *r)
{
    struct acquire_options o = *a->opt;
    struct origin from = preflight_origin(a);

    o.chunk_size = a->chunk_size; /* the default may change one day */
    o.since = a->since.used ? a->since.path : NULL;
    compose(a, &from, &o, r);
}

/* --------------------------------------------------------------- reading */

/* What is missing, or no number, is 0: the options refuse it, or the line is
 * another one when it is made once more. */
static uint64_t number(const cJSON *line, const char *key)
{
    uint64_t n = 0;

    json_whole(line, key, JSON_WHOLE_MAX, &n);
    return n;
}

/* No choice and no set has so many words: what does not fit is not made to. */
static int narrow(uint64_t n)
{
    return n < INT_MAX ? (int)n : INT_MAX;
}

static void take_option(const cJSON *line, struct acquire_options *o,
                        const struct option_row *r)
{
    void *v = value(o, r);

    switch (r->type) {
    case OPTION_TEXT:
        *(const char **)v = json_text(line, r->name);
        break;
    case OPTION_CHOICE:
        *(int *)v = narrow(number(line, r->name));
        break;
    case OPTION_SET:
        *(unsigned *)v = (unsigned)narrow(number(line, r->name));
        break;
    default:
        *(uint64_t *)v = number(line, r->name);
    }
}

void recipe_take_options(const cJSON *line, struct acquire_options *o)
{
    for (const struct option_row *r = acquire_rows; !option_is_end(r); r++)
        if (r->kept)
            take_option(line, o, r);
}

void recipe_add_count(struct record *r, const char *key, uint64_t n)
{
    if (n == OPTION_ALL)
        record_str(r, key, "all");
    else
        record_u64(r, key, n);
}

int recipe_take_count(const cJSON *line, const char *key, uint64_t *n)
{
    const char *word = json_text(line, key);

    if (!word)
        return json_whole(line, key, UINT32_MAX, n) ? 0 : -1;
    if (strcmp(word, "all") != 0)
        return -1;
    *n = OPTION_ALL;
    return 0;
}

static bool is_chunk(uint64_t size)
{
    return size >= 32 * KIB && size <= MIB && (size & (size - 1)) == 0;
}

/* Every reader of an E01 checks its MD5. */
static bool has_its_digest(const struct acquire_options *o)
{
    return !(o->formats & (1u << FORMAT_E01))
        || (o->hashes & HASH_BIT(HASH_MD5));
}

static bool is_segment(uint64_t size)
{
    const struct option_row *r = option_find(acquire_rows, "segment-size");

    return size == 0 || (size >= r->min && size <= r->max);
}

/* What an option may be was checked when it was typed; what this line says
 * must be no more than that. */
bool recipe_options_possible(const struct acquire_options *o)
{
    return o->formats && o->formats < 1u << FORMATS
        && o->hashes <= HASH_ALL && o->file_hashes <= HASH_ALL
        && has_its_digest(o)
        && o->compression <= DEFLATE_BEST
        && (!o->chunk_size || is_chunk(o->chunk_size))
        && is_segment(o->segment_size);
}

static bool is_possible(const struct acquisition *a)
{
    const struct acquire_options *o = &a->kept->options;

    return a->started && snapshot_id_ok(a->snapshot)
        && a->volume_size && a->volume_size % BLOCK_SIZE == 0
        && recipe_options_possible(o) && origin_possible(&a->kept->origin)
        && (!(o->formats & (1u << FORMAT_E01)) || o->chunk_size);
}

static int damaged(struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "its first line is damaged");
}

/* Texts of the line stay where they are, in a copy of it. */
int recipe_read(struct acquisition *a, const cJSON *line,
                struct record *again, struct err *e)
{
    struct kept *k = calloc(1, sizeof(*k));
    const char *started;

    a->kept = k;
    if (k)
        k->line = cJSON_Duplicate(line, 1);
    if (!k || !k->line)
        return err_nomem(e);
    started = json_text(k->line, "started");
    a->started = started ? clock_parse_iso(started) : 0;
    a->begun_by = json_text(k->line, "version");
    a->snapshot = json_text(k->line, "snapshot");
    origin_read(k->line, &k->origin);
    a->volume_size = number(k->line, "volume_size");
    recipe_take_options(k->line, &k->options);
    k->options.since = json_text(k->line, "since");
    a->chunk_size = (uint32_t)k->options.chunk_size;
    if (number(k->line, "form") != FORM)
        return err_set(e, ERR_USAGE, 0, "it was written by ebsimg %s, which "
                       "is needed to go on with it",
                       a->begun_by ? a->begun_by : "of another version");
    if (!a->snapshot || !is_possible(a))
        return damaged(e);
    compose(a, &k->origin, &k->options, again);
    return 0;
}

/* -------------------------------------------------------------- applying */

static bool is_same(const void *a, const void *b, const struct option_row *r)
{
    switch (r->type) {
    case OPTION_TEXT:
        return *(const char *const *)b
            && strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
    case OPTION_CHOICE:
        return *(const int *)a == *(const int *)b;
    case OPTION_SET:
        return *(const unsigned *)a == *(const unsigned *)b;
    default:
        return *(const uint64_t *)a == *(const uint64_t *)b;
    }
}

static size_t size_of(const struct option_row *r)
{
    switch (r->type) {
    case OPTION_TEXT:
        return sizeof(const char *);
    case OPTION_CHOICE:
    case OPTION_SET:
        return sizeof(int);
    default:
        return sizeof(uint64_t);
    }
}

static int apply(const struct option_row *r, struct acquire_options *o,
                 const struct acquire_options *kept, const char *where,
                 struct err *e)
{
    void *now = value(o, r);
    const void *then = (const char *)kept + r->offset;

    if (option_given(acquire_rows, o->given, r->name)
        && !is_same(now, then, r))
        return err_set(e, ERR_USAGE, 0, "--%s is not what the run in %s was "
                       "begun with: leave it out, it is taken from there",
                       r->name, where);
    memcpy(now, then, size_of(r));
    return 0;
}

int recipe_apply_options(struct acquire_options *o,
                         const struct acquire_options *kept,
                         const char *where, struct err *e)
{
    for (const struct option_row *r = acquire_rows; !option_is_end(r); r++)
        if (r->kept && apply(r, o, kept, where, e) < 0)
            return -1;
    return 0;
}

/* The earlier image may have been moved since; one that was not built upon
 * then is not now. */
static int apply_since(const struct acquisition *a,
                       struct acquire_options *o, struct err *e)
{
    const char *then = a->kept->options.since;

    if (!o->since)
        o->since = then;
    if (!o->since || then)
        return 0;
    return err_set(e, ERR_USAGE, 0, "the run in %s does not build upon an "
                   "earlier image: leave --since out",
                   stage_folder(a->stage));
}

int recipe_apply(struct acquisition *a, struct acquire_options *o,
                 struct err *e)
{
    if (recipe_apply_options(o, &a->kept->options, stage_folder(a->stage),
                             e) < 0)
        return -1;
    return apply_since(a, o, e);
}

void recipe_free(struct acquisition *a)
{
    if (!a->kept)
        return;
    cJSON_Delete(a->kept->line);
    free(a->kept);
    a->kept = NULL;
}
