/* SPDX-License-Identifier: Apache-2.0 */
/* LVM2: physical volumes, the volume groups on them, and the logical volumes
 * of these, each as a run of bytes of its own.
 *
 *   lvm_new      nothing yet
 *   lvm_add      each physical volume there is, in any order
 *   lvm_map      what volume groups there are, by the newest text of each
 *   lvm_volume   the logical volumes
 *
 * Volumes that are linear or striped are read; all others (thin, RAID,
 * mirrors, caches, snapshots and what belongs to them) are named, with the
 * reason why they are not.  One thread. */
#ifndef EBSIMG_FS_LVM_H
#define EBSIMG_FS_LVM_H

#include "fs/lvm-volume.h"

#define LVM_SOURCES 256u       /* physical volumes */

struct lvm;

struct lvm *lvm_new(struct err *e);
void lvm_free(struct lvm *l); /* NULL is fine */

/* `s' outlives it.  ERR_SOURCE: it has no label that is whole; it is not
 * there, and the next one can be added. */
int lvm_add(struct lvm *l, const struct fs_source *s, struct err *e);

/* Once, after the last lvm_add(). */
int lvm_map(struct lvm *l, struct err *e);

size_t lvm_count(const struct lvm *l);
const struct lvm_volume *lvm_volume(const struct lvm *l, size_t i);

/* What is odd or damaged, a sentence each; NULL behind the last. */
const char *lvm_note(const struct lvm *l, size_t i);

/* Where the bytes of a volume that can be read lie: a run from `offset' on,
 * which is inside of it, of *n bytes at most what *n was, in the source that
 * was the *which-th to be added, at *at. */
void lvm_place(const struct lvm *l, size_t i, uint64_t offset, uint64_t *n,
               size_t *which, uint64_t *at);

#endif
