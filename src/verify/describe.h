/* SPDX-License-Identifier: Apache-2.0 */
/* What a piece of evidence is and how it was acquired, without reading all of
 * it: what each image says of itself, and what the log says of the run. */
#ifndef EBSIMG_VERIFY_DESCRIBE_H
#define EBSIMG_VERIFY_DESCRIBE_H

#include "audit/evidence.h"
#include "show/facts.h"

/* Reads the log.  Begins *out and ends it; free out->t in every case.
 * ERR_VERIFY when an image is not whole, or the log's chain is broken. */
int describe(struct evidence *ev, bool json, struct facts *out,
             struct err *e);
/* The same into facts that are begun. */
int describe_into(struct evidence *ev, struct facts *f, struct err *e);

#endif
