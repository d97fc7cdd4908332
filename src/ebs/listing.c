#include "ebs/listing.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "flow/slot.h"

#define VOLUME_GIB_MAX 65536 /* EBS: 64 TiB */
#define ENTRIES_MAX 10000    /* EBS: the most that maxResults can ask for */

/* cJSON takes 64 bytes for each value, so that a page of nothing but "0,0,0"
 * would need forty times its size.  An entry has two members today. */
#define VALUES_MAX (8 * ENTRIES_MAX)

static void free_json(cJSON **j)
{
    cJSON_Delete(*j);
}

#define autojson __attribute__((cleanup(free_json)))

static int bad(struct err *e, const char *what)
{
    return err_set(e, ERR_SERVICE, 0,
                   "the list of blocks makes no sense: %s", what);
}

/* A whole number from 0 to max; cJSON reads numbers as doubles, which hold
 * every value that can occur here exactly. */
static int whole(const cJSON *j, uint64_t max, uint64_t *out)
{
    if (!cJSON_IsNumber(j) || !(j->valuedouble >= 0)
        || j->valuedouble > (double)max
        || j->valuedouble != floor(j->valuedouble))
        return -1;
    *out = (uint64_t)j->valuedouble;
    return 0;
}

static const cJSON *member(const cJSON *j, const char *name)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(j, name);

    return cJSON_IsNull(m) ? NULL : m;
}

static int token_ok(const char *s)
{
    size_t n = strlen(s);

    if (n == 0 || n > TOKEN_MAX)
        return 0;
    for (; *s; s++)
        if (*s <= ' ' || *s > '~')
            return 0;
    return 1;
}

static int read_geometry(const cJSON *page, struct listing *out,
                         struct err *e)
{
    const cJSON *size = member(page, "BlockSize");
    const cJSON *volume = member(page, "VolumeSize");
    uint64_t bytes = BLOCK_SIZE;

    if (size && (whole(size, UINT32_MAX, &bytes) < 0 || bytes != BLOCK_SIZE))
        return bad(e, "its block size is not 524288 bytes");
    if (volume && (whole(volume, VOLUME_GIB_MAX, &out->volume_gib) < 0
                   || out->volume_gib == 0))
        return bad(e, "its volume size is not 1 to 65536 GiB");
    return 0;
}

static int read_next(const cJSON *page, struct listing *out, struct err *e)
{
    const cJSON *next = member(page, "NextToken");

    if (!next)
        return 0;
    /* An empty token could be the end or a fault: never guess. */
    if (!cJSON_IsString(next) || !token_ok(next->valuestring))
        return bad(e, "its NextToken is not a token");
    strcpy(out->next, next->valuestring);
    return 0;
}

static int read_entry(const cJSON *item, struct listing *out, size_t *used,
                      struct err *e)
{
    const cJSON *token = member(item, "BlockToken");
    struct listing_entry *x = &out->entries[out->count];
    uint64_t index;

    if (whole(member(item, "BlockIndex"),
              VOLUME_GIB_MAX * BLOCKS_PER_GIB - 1, &index) < 0)
        return bad(e, "an entry has no valid block index");
    if (!cJSON_IsString(token) || !token_ok(token->valuestring))
        return bad(e, "an entry has no valid block token");
    if (out->count && index <= x[-1].index)
        return bad(e, "its block indexes do not ascend");
    x->index = (uint32_t)index;
    x->token = (uint32_t)*used;
    strcpy(out->tokens + *used, token->valuestring);
    *used += strlen(token->valuestring) + 1;
    out->count++;
    return 0;
}

static size_t token_bytes(const cJSON *blocks)
{
    const cJSON *item;
    size_t n = 1;

    cJSON_ArrayForEach(item, blocks) {
        const cJSON *token = member(item, "BlockToken");

        n += cJSON_IsString(token) ? strlen(token->valuestring) + 1 : 1;
    }
    return n;
}

static int read_entries(const cJSON *page, struct listing *out,
                        struct err *e)
{
    const cJSON *blocks = member(page, "Blocks");
    const cJSON *item;
    size_t used = 0;
    size_t count;

    if (!cJSON_IsArray(blocks))
        return bad(e, "it has no Blocks");
    count = (size_t)cJSON_GetArraySize(blocks);
    if (count > ENTRIES_MAX)
        return bad(e, "it has more entries than were asked for");
    out->entries = calloc(count + 1, sizeof(*out->entries));
    out->tokens = malloc(token_bytes(blocks));
    if (!out->entries || !out->tokens)
        return err_nomem(e);
    cJSON_ArrayForEach(item, blocks)
        if (read_entry(item, out, &used, e) < 0)
            return -1;
    return 0;
}

/* Values beyond the first of an array or object; those in strings count too,
 * and tokens have none. */
static bool is_crowded(const char *json, size_t n)
{
    size_t commas = 0;

    for (size_t i = 0; i < n; i++)
        commas += json[i] == ',';
    return commas > VALUES_MAX;
}

int listing_parse(const char *json, size_t n, struct listing *out,
                  struct err *e)
{
    autojson cJSON *page = NULL;

    memset(out, 0, sizeof(*out));
    if (is_crowded(json, n))
        return bad(e, "it has more values than a page can have");
    page = cJSON_ParseWithLength(json, n);
    if (!cJSON_IsObject(page))
        return bad(e, "it is not JSON");
    if (read_geometry(page, out, e) < 0 || read_next(page, out, e) < 0
        || read_entries(page, out, e) < 0) {
        listing_free(out);
        return -1;
    }
    return 0;
}

void listing_free(struct listing *l)
{
    free(l->entries);
    free(l->tokens);
    memset(l, 0, sizeof(*l));
}
