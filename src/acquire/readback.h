/* SPDX-License-Identifier: Apache-2.0 */
/* Reads back what an earlier run has left of the images, and compares each
 * block with the manifest: nothing on the disk is trusted because it is
 * there. */
#ifndef EBSIMG_ACQUIRE_READBACK_H
#define EBSIMG_ACQUIRE_READBACK_H

#include <stdint.h>

#include "base/err.h"

struct acquisition;

/* All images of `a' up to a->resume.at.offset, which their sinks have cut
 * them to.  ERR_VERIFY when one is not what was written; *good is then the
 * offset up to which it is. */
int readback_run(struct acquisition *a, uint64_t *good, struct err *e);

#endif
