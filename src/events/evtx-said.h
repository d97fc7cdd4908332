/* SPDX-License-Identifier: Apache-2.0 */
/* What the binary XML of an event says, and the bounds of it. */
#ifndef EBSIMG_EVENTS_EVTX_SAID_H
#define EBSIMG_EVENTS_EVTX_SAID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define EVTX_WORD_MAX 512u     /* bytes of each but the data */
#define EVTX_DATA_MAX 16384u
#define EVTX_STEPS_MAX 20000u  /* tokens, values and 16 bytes of text */
#define EVTX_DEPTH_MAX 24u     /* elements */
#define EVTX_NEST_MAX 6u       /* templates in values of templates */

/* ... and so many for each byte that is looked through: many records may
 * name one large template.  Those of real logs take a half. */
#define EVTX_STEPS_PER_BYTE 8u

struct evtx_xml {
    uint64_t budget;           /* steps that all events may still take */
    struct text provider, event, channel, computer;
    struct text data;          /* "Name=value Name=value value" */
    /* A template, a name or a part is not there, or is nonsense: what else
     * was read stands in the others. */
    bool is_part;
    bool is_cut;               /* at one of the bounds */
};

#endif
