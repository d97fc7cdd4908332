/* SPDX-License-Identifier: Apache-2.0 */
/* Where a list of EC2 goes on.  EC2 may send short and empty pages, and ends
 * its list when it likes: what never comes to an end must be noticed. */
#ifndef EBSIMG_EBS_PAGER_H
#define EBSIMG_EBS_PAGER_H

#include <stdbool.h>

#include "base/err.h"

/* Of 1000 entries each: no account has so many snapshots (quota: 100,000 in a
 * region). */
#define PAGER_PAGES_MAX 500u

struct pager {
    char *next;      /* the token of the page that comes; NULL: the first */
    char *mark;      /* one that came before */
    unsigned pages;  /* that have come */
};

/* A page has come, and said this, which is freed; NULL: it was the last.
 * ERR_SERVICE when the list goes round in a circle. */
int pager_turn(struct pager *p, char *next, struct err *e);

/* There is a page more, and it is one of the first `most'. */
bool pager_goes_on(const struct pager *p, unsigned most);

void pager_free(struct pager *p);

#define autopager __attribute__((cleanup(pager_free)))

#endif
