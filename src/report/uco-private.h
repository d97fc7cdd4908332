/* SPDX-License-Identifier: Apache-2.0 */
/* The graph of a report: what its two files share. */
#ifndef EBSIMG_REPORT_UCO_PRIVATE_H
#define EBSIMG_REPORT_UCO_PRIVATE_H

#include "report/model.h"
#include "report/uco-node.h"

/* The things that a report names more than once. */
struct cast {
    const char *head;
    char action[UCO_ID], check[UCO_ID], person[UCO_ID], tool[UCO_ID],
        reporter[UCO_ID], host[UCO_ID], snapshot[UCO_ID], volume[UCO_ID],
        account[UCO_ID], media[UCO_ID], exhibit[UCO_ID];
    bool image;    /* there is one */
};

/* uco-things.c: the snapshot, its volume and account; the ranges that could not
 * be read; the image, its files, and the exhibit that it is. */
void uco_put_things(struct text *t, const struct report *r,
                    const struct cast *n);

#endif
