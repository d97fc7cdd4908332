/* SPDX-License-Identifier: Apache-2.0 */
/* A file of qemu's for what a machine writes that boots from an export, which
 * itself stays as it is. */
#ifndef EBSIMG_SERVE_OVERLAY_H
#define EBSIMG_SERVE_OVERLAY_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* A new qcow2 of `size' bytes, by qemu-img, over the export of this address,
 * which need not answer yet.  ERR_DEST: the file is there already, or cannot
 * be made; ERR_USAGE: there is no qemu-img. */
int overlay_make(const char *file, const char *uri, uint64_t size,
                 struct err *e);

/* The command that boots from it, to be pasted into a shell, and a newline. */
void overlay_add_command(const char *file, struct text *t);

#endif
