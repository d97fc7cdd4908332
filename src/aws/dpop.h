/* SPDX-License-Identifier: Apache-2.0 */
/* A proof that a request comes from who has a key (RFC 9449): what `aws login'
 * sessions are renewed with. */
#ifndef EBSIMG_AWS_DPOP_H
#define EBSIMG_AWS_DPOP_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* Adds the proof for a POST to `url', made at `now' (s since 1970), with the
 * P-256 key in `pem'.  `id' must be another one each time.  ERR_ACCESS for a
 * key that cannot be used; no message shows anything of it. */
int dpop_add(struct text *out, const char *pem, const char *url,
             uint64_t now, const char *id, struct err *e);

#endif
