/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/ext.h"

#include <inttypes.h>

#include "fs/bytes.h"

enum {
    SUPERBLOCK = 1024,
    AT_STATE = 58, AT_REVISION = 76, AT_INCOMPAT = 96, AT_RO_COMPAT = 100,
    STATE_CLEAN = 1, STATE_ERRORS = 2,
    INCOMPAT_RECOVER = 4,
};

/* filetype, recover, extents, 64bit, mmp, flex_bg, csum_seed.  Not: compressed
 * and encrypted files, data in inodes, directories of other forms. */
#define KNOWN_INCOMPAT (0x2u | 0x4 | 0x40 | 0x80 | 0x100 | 0x200 | 0x2000)
/* sparse_super, large_file, btree_dir, huge_file, gdt_csum, dir_nlink,
 * extra_isize, quota, metadata_csum, readonly, project, verity, orphans.
 * Not: bigalloc, whose bitmaps count clusters. */
#define KNOWN_RO_COMPAT (0x1u | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x100 \
                         | 0x400 | 0x1000 | 0x2000 | 0x8000 | 0x10000)

static int refuse(const char *set, uint32_t bits, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "not attributed: feature 0x%" PRIx32
                   " (%s)", bits, set);
}

int ext_check(const struct fs_source *s, struct ext_facts *f, struct err *e)
{
    unsigned char b[1024];
    uint32_t incompat, ro_compat;
    unsigned state;

    if (fs_source_read(s, SUPERBLOCK, b, sizeof(b), e) < 0)
        return -1;
    incompat = le32_at(b + AT_INCOMPAT);
    ro_compat = le32_at(b + AT_RO_COMPAT);
    if (le32_at(b + AT_REVISION) > 1)
        return err_set(e, ERR_SOURCE, 0, "not attributed: revision %" PRIu32,
                       le32_at(b + AT_REVISION));
    if (incompat & ~KNOWN_INCOMPAT)
        return refuse("incompat", incompat & ~KNOWN_INCOMPAT, e);
    if (ro_compat & ~KNOWN_RO_COMPAT)
        return refuse("ro_compat", ro_compat & ~KNOWN_RO_COMPAT, e);
    state = le16_at(b + AT_STATE);
    f->unreplayed = incompat & INCOMPAT_RECOVER;
    f->unclean = !(state & STATE_CLEAN) || (state & STATE_ERRORS);
    return 0;
}
