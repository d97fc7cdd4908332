/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/keeping.h"

#include "aws/endpoint.h"
#include "base/file.h"
#include "show/tell.h"
#include "volume/access.h"
#include "volume/kept.h"

/* A name in the folder that no file of ours has. */
#define PROBE ".probe"

int keeping_enter(struct private_folder *p, const char *path, struct err *e)
{
    if (!path)
        return 0;
    if (!file_exists(path))
        return private_make(p, path, PROBE, e);
    return private_enter(p, path, PROBE, e) < 0 ? -1
        : private_check(p, path, e);
}

static int counts(void *ctx, const char *log,
                  const unsigned char head[LOG_HASH], uint64_t blocks,
                  struct err *e)
{
    return access_kept(ctx, log, head, blocks, e);
}

static int dropped(void *ctx, uint32_t index, struct err *e)
{
    return access_dropped(ctx, index, e);
}

int keeping_open(const char *folder, uint64_t most, struct volume *v,
                 struct err *e)
{
    const struct settings *set = &v->service.settings;
    struct kept_config c = {
        .folder = folder,
        .of = {
            .snapshot = v->name,
            .partition = set->region ? endpoint_partition(set->region) : NULL,
            .region = set->region,
            .endpoint = set->endpoint_url[AWS_EBS],
            .size = v->size,
        },
        .most = most / BLOCK_SIZE,
        .note = tell_hook_warning,
        .counts = counts,
        .dropped = dropped,
        .ctx = v->access,
    };

    if (!folder || !v->is_snapshot)
        return 0;
    v->kept = kept_open(&c, e);
    return v->kept ? 0 : -1;
}
