/* SPDX-License-Identifier: Apache-2.0 */
/* What was not looked into, in sentences, with every result: that there are
 * no entries never means that nothing has happened. */
#ifndef EBSIMG_EVENTS_LIMITS_H
#define EBSIMG_EVENTS_LIMITS_H

#include <stdbool.h>

#include "base/notes.h"
#include "events/events.h"

int events_limits(const struct events *s, struct notes *n, struct err *e);

/* Something that should have been looked at was not: a reserve. */
bool events_have_reserve(const struct events *s);

#endif
