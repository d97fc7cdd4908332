/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as it is written, indented for people or all in one line.  The caller
 * keeps the brackets in order.  Pure. */
#ifndef EBSIMG_POLICY_JSONOUT_H
#define EBSIMG_POLICY_JSONOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct jsonout {
    struct text *to;     /* its `failed' is for the caller to look at */
    bool flat;           /* no blanks, no lines */
    unsigned depth;
    bool inside;         /* something stands before in this bracket */
};

/* `name' is NULL in a list and for the whole; `bracket' is { or [. */
void jsonout_open(struct jsonout *j, const char *name, char bracket);
void jsonout_close(struct jsonout *j, char bracket); /* } or ] */
void jsonout_string(struct jsonout *j, const char *name, const char *value);

/* A list of strings; one alone is a list, too. */
void jsonout_strings(struct jsonout *j, const char *name,
                     const char *const *values, size_t n);

#endif
