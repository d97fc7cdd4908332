/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for a spreadsheet: RFC 4180.  Pure. */
#ifndef EBSIMG_BASE_CSV_H
#define EBSIMG_BASE_CSV_H

#include "base/text.h"

/* A cell of CSV (RFC 4180): escaped as for a terminal, quoted where it must
 * be, and never a formula to a spreadsheet: where it would begin with one of
 * = + - @ or a tab or CR, as they are or in full width, it gets an apostrophe
 * in front. */
void csv_add(struct text *t, const char *s);

#endif
