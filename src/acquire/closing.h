/* SPDX-License-Identifier: Apache-2.0 */
/* The end of an acquisition: the papers and the names, or what stays of one
 * that failed. */
#ifndef EBSIMG_ACQUIRE_CLOSING_H
#define EBSIMG_ACQUIRE_CLOSING_H

#include "acquire/acquisition.h"

/* The image is whole: writes what quotes it, closes the log, and gives all
 * files their names. */
int closing_good(struct acquisition *a, struct err *e);
/* --dry-run: nothing is left. */
void closing_dry(struct acquisition *a);
/* The run failed: keeps what can be gone on with, and its log says why. */
void closing_bad(struct acquisition *a, const struct err *why);

#endif
