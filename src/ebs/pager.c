/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/pager.h"

#include <stdlib.h>
#include <string.h>

static bool is_power_of_two(unsigned n)
{
    return (n & (n - 1)) == 0;
}

/* A circle of any length comes back to the mark, which is set anew after 1, 2,
 * 4, 8 ... pages: once it is in the circle and the next one is far enough. */
static int check_circle(struct pager *p, struct err *e)
{
    if (!p->next)
        return 0;
    if (p->mark && strcmp(p->mark, p->next) == 0)
        return err_set(e, ERR_SERVICE, 0, "EC2's list goes round in a circle: "
                       "it has the same token twice, after %u pages",
                       p->pages);
    if (!is_power_of_two(p->pages))
        return 0;
    free(p->mark);
    p->mark = strdup(p->next);
    return p->mark ? 0 : err_nomem(e);
}

int pager_turn(struct pager *p, char *next, struct err *e)
{
    free(p->next);
    p->next = next;
    p->pages++;
    return check_circle(p, e);
}

bool pager_goes_on(const struct pager *p, unsigned most)
{
    return p->next && p->pages < most;
}

void pager_free(struct pager *p)
{
    free(p->next);
    free(p->mark);
    p->next = p->mark = NULL;
}
