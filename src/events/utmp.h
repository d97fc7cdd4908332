/* SPDX-License-Identifier: Apache-2.0 */
/* The records of utmp, wtmp and btmp, as Linux writes them: of 384 bytes on
 * machines of the x86 family and most others, of 400 where time always had
 * 64 bits (aarch64).  Source: the structures of the C libraries. */
#ifndef EBSIMG_EVENTS_UTMP_H
#define EBSIMG_EVENTS_UTMP_H

#include "events/event.h"

extern const struct event_decoder utmp_decoder;

#endif
