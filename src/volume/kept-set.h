/* SPDX-License-Identifier: Apache-2.0 */
/* Which blocks a cache has, what their digests are, and which of them nobody
 * has used for the longest time.  Without a lock of its own. */
#ifndef EBSIMG_VOLUME_KEPT_SET_H
#define EBSIMG_VOLUME_KEPT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/blockset.h"

/* The id of a request is a UUID; of another one nothing is known here. */
#define KEPT_ID 40

/* How a block came. */
struct kept_origin {
    uint64_t time;              /* wall ns */
    uint32_t attempts;
    char request_id[KEPT_ID];
};

struct kept_set {
    struct kept_page **pages;
    size_t count;               /* of them */
    bool origins;               /* these are wanted, too: 56 bytes a block */
    uint64_t blocks;            /* that are there */
    uint32_t oldest, newest;
};

/* `blocks' of the volume.  Memory is for what is kept. */
int kept_set_init(struct kept_set *s, uint64_t blocks, bool origins,
                  struct err *e);
void kept_set_free(struct kept_set *s); /* also of zeros */

/* The newest now.  -1: no memory; it is not there then. */
int kept_set_put(struct kept_set *s, uint32_t index,
                 const unsigned char sha256[32],
                 const struct kept_origin *from);
void kept_set_remove(struct kept_set *s, uint32_t index); /* or never there */

/* NULL: it is not there. */
const unsigned char *kept_set_digest(const struct kept_set *s,
                                     uint32_t index);
/* Of one that is there, when origins are wanted. */
const struct kept_origin *kept_set_origin(const struct kept_set *s,
                                          uint32_t index);

/* One that is there is used now, and stays until that has an end. */
void kept_set_hold(struct kept_set *s, uint32_t index);
void kept_set_release(struct kept_set *s, uint32_t index);

/* The one that was used longest ago and that nobody holds: false, none. */
bool kept_set_oldest(const struct kept_set *s, uint32_t *index);

/* All that are there, into a set with room for them. */
void kept_set_list(const struct kept_set *s, struct blockset *to);

#endif
