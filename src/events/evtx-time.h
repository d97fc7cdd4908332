/* SPDX-License-Identifier: Apache-2.0 */
/* Times of Windows: 100 ns since 1601-01-01 UTC. */
#ifndef EBSIMG_EVENTS_EVTX_TIME_H
#define EBSIMG_EVENTS_EVTX_TIME_H

#include <stdint.h>

#define EVTX_TIME_1970 UINT64_C(116444736000000000)

/* In ns since 1970; 0 when it is not between 1970 and 2262-04-11. */
static inline uint64_t evtx_time(uint64_t filetime)
{
    uint64_t units = filetime - EVTX_TIME_1970;

    return filetime > EVTX_TIME_1970 && units <= INT64_MAX / 100
        ? units * 100 : 0;
}

#endif
