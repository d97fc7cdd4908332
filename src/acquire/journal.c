/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/journal.h"

#include "show/tell.h"


void journal_begin(struct journal *j, const struct acquire_options *o,
                   const struct clock *clock)
{
    *j = (struct journal){
        .opt = o,
        .clock = clock,
        .begun_by = PACKAGE_VERSION,
    };
    j->started = j->session = clock_wall(clock);
    j->woke = clock_monotonic(clock);
    span_begin(&j->span, clock);
}

int journal_warning(struct journal *j, const char *text, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "text", text);
    tell_warning("%s", text);
    return log_write(j->log, "warning", &r, e);
}
