/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences for the reader that are kept until the end.  What they quote may
 * be hostile: whoever shows them escapes it. */
#ifndef EBSIMG_BASE_NOTES_H
#define EBSIMG_BASE_NOTES_H

#include <stddef.h>

#include "base/err.h"

struct notes {
    char **list;
    size_t count;
};

int notes_add(struct notes *n, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void notes_free(struct notes *n);

#endif
