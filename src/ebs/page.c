/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/block.h"
#include "base/json.h"
#include "base/text.h"

#define VOLUME_GIB_MAX 65536 /* EBS: 64 TiB */

/* cJSON takes 64 bytes for each value, so that a page of nothing but "0,0,0"
 * would need forty times its size.  An entry has three members today. */
#define VALUES_MAX (8 * PAGE_ENTRIES)

/* Of the error, which has no code of the service. */
#define OTHER_BLOCKS "other block size"

int page_bad(struct err *e, const char *what)
{
    return err_set(e, ERR_SERVICE, 0,
                   "the list of blocks makes no sense: %s", what);
}

static bool token_ok(const char *s)
{
    size_t n = strlen(s);

    if (n == 0 || n > TOKEN_MAX)
        return false;
    for (; *s; s++)
        if (*s <= ' ' || *s > '~')
            return false;
    return true;
}

/* It makes sense, only not to us. */
static int other_blocks(uint64_t bytes, struct err *e)
{
    err_set(e, ERR_SERVICE, 0, "the list of blocks says that a block has %"
            PRIu64 " bytes, and this program reads only blocks of %u bytes, "
            "which is what EBS has", bytes, BLOCK_SIZE);
    strcpy(e->code, OTHER_BLOCKS);
    return -1;
}

bool page_has_other_blocks(const struct err *e)
{
    return strcmp(e->code, OTHER_BLOCKS) == 0;
}

static int read_geometry(const cJSON *page, struct page_head *head,
                         struct err *e)
{
    const cJSON *size = json_member(page, "BlockSize");
    const cJSON *volume = json_member(page, "VolumeSize");
    uint64_t bytes = BLOCK_SIZE;

    if (size && (!json_is_whole(size, UINT32_MAX, &bytes) || bytes == 0))
        return page_bad(e, "its block size is none, let alone 524288 bytes");
    if (bytes != BLOCK_SIZE)
        return other_blocks(bytes, e);
    if (volume && (!json_is_whole(volume, VOLUME_GIB_MAX, &head->volume_gib)
                   || head->volume_gib == 0))
        return page_bad(e, "its volume size is not 1 to 65536 GiB");
    return 0;
}

static int read_next(const cJSON *page, struct page_head *head,
                     struct err *e)
{
    const char *token;

    /* An empty token could be the end or a fault: never guess. */
    if (page_token(page, "NextToken", &token, e) < 0)
        return page_bad(e, "its NextToken is not a token");
    if (token)
        strcpy(head->next, token);
    return 0;
}

static int read_entries(const cJSON *page, const char *name,
                        const cJSON **entries, struct err *e)
{
    *entries = json_member(page, name);
    if (!cJSON_IsArray(*entries))
        return err_set(e, ERR_SERVICE, 0,
                       "the list of blocks makes no sense: it has no %s",
                       name);
    if (cJSON_GetArraySize(*entries) > PAGE_ENTRIES)
        return page_bad(e, "it has more entries than were asked for");
    return 0;
}

/* Values beyond the first of an array or object; those in strings count too,
 * and tokens have none. */
static bool is_crowded(const char *json, size_t n)
{
    return text_count(json, n, ',') > VALUES_MAX;
}

cJSON *page_read(const char *json, size_t n, const char *name,
                 struct page_head *head, const cJSON **entries,
                 struct err *e)
{
    cJSON *page;

    memset(head, 0, sizeof(*head));
    if (is_crowded(json, n)) {
        page_bad(e, "it has more values than a page can have");
        return NULL;
    }
    page = cJSON_ParseWithLength(json, n);
    if (!cJSON_IsObject(page))
        page_bad(e, "it is not JSON");
    else if (read_geometry(page, head, e) == 0
             && read_next(page, head, e) == 0
             && read_entries(page, name, entries, e) == 0)
        return page;
    cJSON_Delete(page);
    return NULL;
}

int page_index(const cJSON *entry, const uint32_t *last, uint32_t *out,
               struct err *e)
{
    uint64_t index;

    if (!json_whole(entry, "BlockIndex", VOLUME_GIB_MAX * BLOCKS_PER_GIB - 1,
                    &index))
        return page_bad(e, "an entry has no valid block index");
    if (last && index <= *last)
        return page_bad(e, "its block indexes do not ascend");
    *out = (uint32_t)index;
    return 0;
}

int page_token(const cJSON *entry, const char *name, const char **out,
               struct err *e)
{
    const cJSON *token = json_member(entry, name);

    *out = NULL;
    if (!token)
        return 0;
    if (!cJSON_IsString(token) || !token_ok(token->valuestring))
        return page_bad(e, "an entry has no valid block token");
    *out = token->valuestring;
    return 0;
}
