/* SPDX-License-Identifier: Apache-2.0 */
/* GetSnapshotBlock. */
#include <string.h>

#include "codec.h"
#include "constraint.h"
#include "page.h"
#include "request.h"
#include "store.h"
#include "token.h"

static bool check_token(struct request *r, const char *token)
{
    uint64_t index;

    if (token_check(r->server->tokens, TOKEN_BLOCK, r->snapshot, token,
                    r->now, &index) &&
        index == (uint64_t)r->block)
        return true;
    fault_answer(r, FAULT_BAD_BLOCK_TOKEN, "The block token %.200s is "
                 "invalid.", token);
    return false;
}

static bool check_form(struct request *r, const char *token)
{
    int64_t index;

    return constraint_number(r, r->block_text, "blockIndex", 0, INT32_MAX,
                             &index) &&
           constraint_token(r, token ? token : "", "blockToken");
}

static void headers(struct request *r, const struct blocks_record *record)
{
    char sum[DIGEST_BASE64_ROOM];

    codec_base64(BASE64_STANDARD, record->sha256, DIGEST_SIZE, sum);
    /* A well-formed checksum, of something else. */
    if (effect_on(&r->fx, FX_WRONG_CHECKSUM))
        sum[10] = sum[10] == 'A' ? 'B' : 'A';
    answer_type(&r->answer, "application/octet-stream");
    answer_header(&r->answer, "x-amz-Data-Length", "%lld",
                  (long long)effect_or(&r->fx, FX_DATA_LENGTH, BLOCK_SIZE));
    answer_header(&r->answer, "x-amz-Checksum", "%s", sum);
    answer_header(&r->answer, "x-amz-Checksum-Algorithm", "%s",
                  effect_on(&r->fx, FX_ALGORITHM) ? "SHA1" : "SHA256");
}

void op_get(struct request *r)
{
    const char *token = params_get(&r->params, "blockToken");
    struct snapshot *s;
    struct block block;
    struct fail f;

    if (!check_form(r, token))
        return;
    s = page_snapshot(r, r->snapshot);
    if (!s || !check_token(r, token))
        return;
    if (!blocks_find(&s->blocks, (uint64_t)r->block, &block)) {
        fault_answer(r, FAULT_BLOCK, "Block %s is not in the snapshot",
                     r->block_text);
        return;
    }
    r->answer.block = data_view(store_data(r->server->store),
                                block.record->file, block.record->slot, &f);
    if (r->answer.block)
        headers(r, block.record);
    else
        fault_answer(r, FAULT_500, "%s", f.msg);
}
