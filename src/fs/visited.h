/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that were seen before: of directories, so that a loop of them on a
 * hostile disk ends.  Takes up to 32 bytes for each, and of more than
 * VISITED_MAX none. */
#ifndef EBSIMG_FS_VISITED_H
#define EBSIMG_FS_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define VISITED_MAX (16u << 20)

struct visited {
    uint64_t *slots;           /* 0: free; the number + 1 */
    size_t room, used;
};

/* *seen: it was there before; it is there now. */
int visited_add(struct visited *v, uint64_t number, bool *seen,
                struct err *e);
void visited_free(struct visited *v);

#endif
