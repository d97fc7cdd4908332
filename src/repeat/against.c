/* SPDX-License-Identifier: Apache-2.0 */
/* With what another program made: a raw or an E01 image of any name. */
#include <stdlib.h>
#include <sys/stat.h>

#include "audit/evidence.h"
#include "base/file.h"
#include "base/number.h"
#include "repeat/repeat.h"

#define MEMORY (16 * MIB)

/* Under whatever name: it would be the same in any case. */
static int refuse_itself(const struct repeat *r, struct err *e)
{
    struct stat a, b;

    if (file_stat(r->opt->against, &a) < 0)
        return 0; /* who opens it tells why not */
    for (size_t i = 0; r->own.image.paths[i]; i++)
        if (file_stat(r->own.image.paths[i], &b) == 0
            && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
            return err_set(e, ERR_USAGE, 0, "--against: %s is the image "
                           "itself", r->opt->against);
    return 0;
}

/* What lies beside it is not asked: its bytes are compared with others, and
 * need no proof of their own. */
static int open_other(struct repeat *r, struct err *e)
{
    if (volume_open(&r->other, r->opt->against, &r->opt->service, NULL, NULL,
                    e) < 0)
        return -1;
    if (r->other.is_snapshot)
        return err_set(e, ERR_USAGE, 0, "--against takes a file; --remote "
                       "reads the snapshot of the image");
    free(r->other.evidence.manifest_path);
    r->other.evidence.manifest_path = NULL;
    r->other_reader = volume_reader_new(&r->other, MEMORY, e);
    return r->other_reader ? 0 : -1;
}

/* Both have bytes of so many blocks. */
static uint64_t common_blocks(const struct repeat *r)
{
    uint64_t size = r->own.size < r->other.size ? r->own.size
                                                : r->other.size;

    return (size + BLOCK_SIZE - 1) / BLOCK_SIZE;
}

int repeat_against(struct repeat *r, struct err *e)
{
    uint64_t blocks;

    if (refuse_itself(r, e) < 0 || open_other(r, e) < 0)
        return -1;
    blocks = common_blocks(r);
    r->unread = r->own.rows.unread ? blockset_count(r->own.rows.unread) : 0;
    for (uint64_t i = 0; i < blocks; i++) {
        if (blockset_has(r->own.rows.unread, i))
            continue;
        if (repeat_block(r, i, e) < 0)
            return -1;
        repeat_show(r, (i + 1) * BLOCK_SIZE);
    }
    return 0;
}
