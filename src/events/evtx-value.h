/* SPDX-License-Identifier: Apache-2.0 */
/* Values in the binary XML of a Windows event, as text.
 *
 * Source of facts: [MS-EVEN6] 2.2.12 to 2.2.17 (types of values), and the
 * types 0x10 to 0x15 as the Windows event log writes them. */
#ifndef EBSIMG_EVENTS_EVTX_VALUE_H
#define EBSIMG_EVENTS_EVTX_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum {
    EVTX_NULL = 0x00,
    EVTX_STRING = 0x01,        /* UTF-16 */
    EVTX_BINXML = 0x21,        /* a fragment: not of here */
    EVTX_ARRAY = 0x80,         /* with one of the others */
};

/* Appends the value, as utf16_add() does: false when there was more of it.  A
 * value of an unknown type, or of a size that its type cannot have, is shown
 * in hexadecimal. */
bool evtx_value_add(struct text *t, size_t limit, unsigned type,
                    const unsigned char *p, size_t n);

#endif
