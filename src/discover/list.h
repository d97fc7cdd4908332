/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg list': which snapshots there are, in one region or in
 * all, and what is known of each.
 *
 * wanted.c reads what is looked for, ask.c asks EC2, details.c asks what needs
 * more rights, hold.c puts in order, and show.c writes rows (table.c, csv.c,
 * lines.c), a column at a time (columns.c). */
#ifndef EBSIMG_DISCOVER_LIST_H
#define EBSIMG_DISCOVER_LIST_H

#include "base/err.h"
#include "discover/options.h"

/* Whether the options can be meant: ERR_USAGE says what is wrong. */
int list_check(const struct list_options *opt, struct err *e);

/* Asks and shows.  The exit status: 1 when a region did not answer, a thing
 * that was named is not there, or a list does not end; or -1. */
int list_run(const struct list_options *opt, struct err *e);

#endif
