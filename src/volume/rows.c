/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/rows.h"

#include <inttypes.h>
#include <string.h>

#include "base/block.h"

bool row_proves(const struct manifest_row *row)
{
    return row->class != BLOCK_UNREADABLE && row->provider;
}

bool rows_same_bytes(const struct manifest_row *a,
                     const struct manifest_row *b)
{
    return row_proves(a) && row_proves(b)
        && memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0;
}

static void take(struct rows *r, const struct manifest_row *row)
{
    blockset_add(r->stored, row->index);
    if (row->class == BLOCK_ZERO)
        blockset_add(r->zero, row->index);
    if (row->class == BLOCK_UNREADABLE)
        blockset_add(r->unread, row->index);
    if (!row_proves(row))
        blockset_add(r->unproved, row->index);
}

static int take_all(struct rows *r, struct manifest_reader *m, uint64_t size,
                    struct err *e)
{
    struct blockset **sets[] = { &r->stored, &r->zero, &r->unread,
                                 &r->unproved };
    struct manifest_row row;
    int n;

    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (!(*sets[i] = blockset_new(size / BLOCK_SIZE, e)))
            return -1;
    while ((n = manifest_next(m, &row, e)) > 0)
        take(r, &row);
    if (n == 0)
        manifest_hashes(m, r->sha256, r->root);
    return n;
}

static int check_size(const struct manifest_header *h, uint64_t size,
                      struct err *e)
{
    if (h->volume_size == size)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "holds %" PRIu64 " bytes, its manifest "
                   "says %" PRIu64, size, h->volume_size);
}

int rows_read(const struct evidence *ev, uint64_t size, struct rows *r,
              struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *m = evidence_rows(ev, &h, e);
    int n = m ? check_size(&h, size, e) : -1;

    memset(r, 0, sizeof(*r));
    if (n == 0) {
        memcpy(r->snapshot, h.snapshot, sizeof(r->snapshot));
        n = take_all(r, m, size, e);
    }
    manifest_close(m);
    return n;
}

void rows_free(struct rows *r)
{
    blockset_free(r->stored);
    blockset_free(r->zero);
    blockset_free(r->unread);
    blockset_free(r->unproved);
    memset(r, 0, sizeof(*r));
}
