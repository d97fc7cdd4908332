/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the segments of an E01 to the disk while libewf, which never does,
 * writes them: a little all the time, and all of it for a checkpoint.  It
 * finds out on the way which of them are whole: libewf is done with one for
 * good when the next one is there. */
#ifndef EBSIMG_IMAGE_EWF_DURABLE_H
#define EBSIMG_IMAGE_EWF_DURABLE_H

#include <stdint.h>

#include "base/err.h"
#include "flow/sink.h"

struct ewf_durable;

/* `segment' is the first that is not on the disk yet; it may not exist. */
struct ewf_durable *ewf_durable_new(const char *base, unsigned segment,
                                    const struct file_watch *watch,
                                    struct err *e);
void ewf_durable_free(struct ewf_durable *d); /* NULL is fine */

/* So many bytes more were written.  Now and then it lets the disk begin. */
void ewf_durable_grow(struct ewf_durable *d, uint32_t bytes);

/* All that was written, with the names of its files. */
int ewf_durable_sync(struct ewf_durable *d, struct err *e);

#endif
