/* SPDX-License-Identifier: Apache-2.0 */
/* What there is of a chunk of a Windows event log, and the names in it. */
#ifndef EBSIMG_EVENTS_EVTX_NAME_H
#define EBSIMG_EVENTS_EVTX_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes `from' to `end' of a chunk, the first of them at `bytes'. */
struct evtx_view {
    const unsigned char *bytes;
    size_t from, end;
};

/* n bytes at `at' of the chunk; NULL: not there. */
const unsigned char *evtx_view_at(const struct evtx_view *v, size_t at,
                                  size_t n);

#define EVTX_NAME_HEAD 8u      /* next name, hash, characters */
#define EVTX_NAME_MAX 64u      /* bytes of a name that is shown */

struct evtx_name {
    char s[EVTX_NAME_MAX + 4];
};

/* The name at `at' of the chunk; false, and "?", when there is none, or its
 * hash says that it is another by now. */
bool evtx_name_read(struct evtx_name *name, const struct evtx_view *v,
                    size_t at);

#endif
