/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/recipe-options.h"

#include <limits.h>
#include <string.h>

#include "audit/hash.h"
#include "base/block.h"
#include "base/json.h"
#include "base/option.h"
#include "image/deflate.h"
#include "image/formats.h"

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

/* --------------------------------------------------------------- reading */

/* What is missing, or no number, is 0: the options refuse it, or the line is
 * another one when it is made once more. */
uint64_t recipe_number(const cJSON *line, const char *key)
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
        *(int *)v = narrow(recipe_number(line, r->name));
        break;
    case OPTION_SET:
        *(unsigned *)v = (unsigned)narrow(recipe_number(line, r->name));
        break;
    default:
        *(uint64_t *)v = recipe_number(line, r->name);
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

static bool is_segment(uint64_t size)
{
    const struct option_row *r = option_find(acquire_rows, "segment-size");

    return size == 0 || (size >= r->min && size <= r->max);
}

/* What an option may be was checked when it was typed; what this line says
 * must be no more than that. */
bool recipe_options_possible(const struct acquire_options *o)
{
    return o->formats && o->formats < FORMAT_BIT(FORMATS)
        && o->hashes <= HASH_ALL && o->file_hashes <= HASH_ALL
        && formats_have_proof(o->formats, o->hashes)
        && o->compression <= DEFLATE_BEST
        && (!o->chunk_size || is_chunk(o->chunk_size))
        && is_segment(o->segment_size);
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

    if (option_given(acquire_rows, &o->given, r->name)
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
