/* SPDX-License-Identifier: Apache-2.0 */
/* A file for each export, for tools that know no NBD: nbdfuse (of libnbd)
 * shows it, as a client of ours. */
#ifndef EBSIMG_SERVE_MOUNT_H
#define EBSIMG_SERVE_MOUNT_H

#include <sys/types.h>

#include "base/err.h"

struct mount {
    char *file;     /* DIR/NAME.raw, made for it and removed with it */
    pid_t pid;      /* of nbdfuse; 0: none */
};

/* In `folder', which is there, the file of this export; it is there when it
 * can be read, some moments after a client could connect. */
int mount_start(struct mount *m, const char *folder, const char *name,
                char *uri, struct err *e);
/* It is still served: -1 with ERR_DEST when nbdfuse has ended. */
int mount_check(struct mount *m, struct err *e);
void mount_end(struct mount *m); /* also after a failure, and twice */

#endif
