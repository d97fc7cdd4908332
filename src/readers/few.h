/* SPDX-License-Identifier: Apache-2.0 */
/* Different texts and how often each came, the first few of them: addresses,
 * programs, errors.  What has no room is counted.  Pure. */
#ifndef EBSIMG_READERS_FEW_H
#define EBSIMG_READERS_FEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define FEW_MAX 8
#define FEW_TEXT 128   /* bytes that are kept of one */

struct few_row {
    char *text;
    uint64_t count;
};

struct few {
    struct few_row rows[FEW_MAX];
    size_t n;
    uint64_t others;   /* that came when there was no room */
};

/* "" is none. */
int few_add(struct few *f, const char *text, struct err *e);
bool few_has(const struct few *f, const char *text);
void few_free(struct few *f);

#endif
