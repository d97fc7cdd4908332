/* SPDX-License-Identifier: Apache-2.0 */
/* The progress of several acquisitions that go on at once, as one line: the
 * sum of all.  Each has a thread of its own. */
#ifndef EBSIMG_SHOW_TOGETHER_H
#define EBSIMG_SHOW_TOGETHER_H

#include <stddef.h>
#include <stdint.h>

#include "show/progress.h"

struct together;

/* `all': how many there will be; NULL without memory. */
struct together *together_new(enum progress_style style, size_t all,
                              uint64_t now);
void together_free(struct together *t); /* ends the line */

/* The caller's own: where one of them is. */
struct together_part {
    struct progress_facts facts;
};

/* It begins, of so many bytes of which so many were done before; it is so far
 * now; it has ended.  What it has done stays in the sum. */
void together_join(struct together *t, struct together_part *p,
                   uint64_t total, uint64_t from);
void together_show(struct together *t, struct together_part *p,
                   const struct progress_facts *f, uint64_t now);
void together_leave(struct together *t);

#endif
