/* SPDX-License-Identifier: Apache-2.0 */
/* Lines for people, none of them wider than their terminal: a label, and words
 * that go on in the next line under themselves.  Words of others are escaped
 * here. */
#ifndef EBSIMG_READERS_LINES_H
#define EBSIMG_READERS_LINES_H

#include <stddef.h>

#include "base/text.h"

struct lines {
    struct text t;        /* t.failed: there was no memory */
    size_t width;
};

/* As wide as the terminal on standard output, or 80. */
void lines_begin(struct lines *l);

/* `indent' places, the label, and the words from the place `indent' + `label
 * width' on.  "" as words: nothing is added. */
void lines_add(struct lines *l, size_t indent, const char *label,
               const char *words);

#endif
