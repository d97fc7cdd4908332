/* SPDX-License-Identifier: Apache-2.0 */
/* One reader, in each of the forms in which it is shown. */
#ifndef EBSIMG_READERS_TELL_READER_H
#define EBSIMG_READERS_TELL_READER_H

#include "base/text.h"
#include "readers/crowd.h"
#include "readers/lines.h"

void reader_lines(const struct reader *r, struct lines *l);

/* An object. */
void reader_json(const struct reader *r, struct text *t);

/* A row, and the row of the names of its columns. */
void reader_csv_names(struct text *t);
void reader_csv(const struct reader *r, struct text *t);

/* "0-17 20 33-54": as many ranges as that; the rest is counted, in words. */
void reader_ranges(const struct marks *m, size_t most, struct text *t);

#endif
