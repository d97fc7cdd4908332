/* SPDX-License-Identifier: Apache-2.0 */
/* One or several expressions of PCRE2 as one, and its matches.  Bytes, no
 * UTF-8; `^' and `$' are the ends of lines. */
#ifndef EBSIMG_SCAN_MATCHER_H
#define EBSIMG_SCAN_MATCHER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "scan/rules.h"

struct matcher {
    void *code;                /* NULL: it matches nothing */
    unsigned secret, subject;  /* groups; subject 0: none */
};

struct match {
    size_t start, end;
    size_t secret, secret_len;
    size_t subject, subject_len;
};

/* What one thread needs. */
struct matcher_lane;
struct matcher_lane *matcher_lane_new(struct err *e);
void matcher_lane_free(struct matcher_lane *l); /* NULL is fine */

/* That matches where one of them does; with none, nowhere.  ERR_USAGE. */
int matcher_make(struct matcher *m, const struct rule_words *w,
                 struct err *e);
void matcher_free(struct matcher *m);

/* The first match in bytes[0 .. n) that begins from `at' on and not behind
 * `last': 1; 0: none; -1: PCRE2 gave up. */
int matcher_next(struct matcher_lane *l, const struct matcher *m,
                 const unsigned char *bytes, size_t n, size_t at, size_t last,
                 struct match *out);

/* Somewhere in it.  Where PCRE2 gives up, it is not. */
bool matcher_has(struct matcher_lane *l, const struct matcher *m,
                 const unsigned char *bytes, size_t n);

const char *matcher_version(void);

#endif
