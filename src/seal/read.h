/* SPDX-License-Identifier: Apache-2.0 */
/* The small files of a seal, as they are read back: whatever stands in their
 * place is hostile. */
#ifndef EBSIMG_SEAL_READ_H
#define EBSIMG_SEAL_READ_H

#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

#define SEAL_LIMIT (16u * 1024 * 1024)     /* of a document */
#define SEAL_DER_LIMIT (1u * 1024 * 1024)  /* of a signature, a token */

/* ERR_VERIFY when it is no regular file, or larger than `limit'. */
int seal_slurp(const char *path, size_t limit, struct text *out,
               struct err *e);

#endif
