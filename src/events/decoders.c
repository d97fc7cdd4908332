/* SPDX-License-Identifier: Apache-2.0 */
#include "events/event.h"
#include "events/evtx.h"
#include "events/journal.h"
#include "events/lines.h"
#include "events/utmp.h"

/* Text comes last: anything may look like it. */
const struct event_decoder *const event_decoders[] = {
    &evtx_decoder,
    &journal_decoder,
    &utmp_decoder,
    &lines_decoder,
};

const size_t event_decoder_count = sizeof(event_decoders)
    / sizeof(*event_decoders);
