/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of what to look for, read from text: doc/scan-rules.md tells the
 * format.  A rule brings its own proof: what it must find, and what not.
 *
 * A rule is an expression that both Hyperscan and PCRE2 understand; `^' and
 * `$' are the ends of lines.  What is the secret in a match is its group
 * `secret', else its group 1, else all of it; the group `subject', if there
 * is one, is shown with it (whose it is) and must not be secret.  Pure. */
#ifndef EBSIMG_SCAN_RULES_H
#define EBSIMG_SCAN_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Bytes of a rule file, and of rules in all; a longer one is refused. */
#define RULES_FILE_MAX ((size_t)4 << 20)
#define RULES_MAX 20000u

struct rule_example {
    char *bytes;               /* may hold any byte */
    size_t len;
};

struct rule_examples {
    struct rule_example *list;
    size_t count;
};

struct rule_words {
    char **list;               /* expressions for PCRE2 */
    size_t count;
};

struct rule {
    char *id, *title, *pattern;
    double entropy;            /* bits a character that the secret has at
                                * least; 0: whatever it has */
    bool fuzzy;                /* common words may follow its keywords: the
                                * expressions of `allow-all' count too */
    struct rule_words allow;   /* a secret like that is none */
    struct rule_words allow_match; /* and a match like that holds none */
    struct rule_examples finds, ignores;
};

struct rules {
    struct rule *list;
    size_t count;
    struct rule_words allow_all;
};

/* Those in `text', `n' bytes, behind those that are there.  ERR_USAGE with
 * `name' and the line; the caller frees them then, too. */
int rules_read(struct rules *r, const char *text, size_t n, const char *name,
               struct err *e);
void rules_free(struct rules *r); /* and it is empty */

#endif
