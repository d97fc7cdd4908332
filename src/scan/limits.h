/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan has not looked into, in sentences, with every result: that
 * nothing was found never means that nothing is there. */
#ifndef EBSIMG_SCAN_LIMITS_H
#define EBSIMG_SCAN_LIMITS_H

#include <stdbool.h>

#include "base/notes.h"
#include "scan/scan.h"

int limits_add(const struct scan *s, struct notes *n, struct err *e);

/* Something that should have been looked at was not: a reserve. */
bool limits_are_a_reserve(const struct scan *s);

#endif
