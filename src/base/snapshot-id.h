/* SPDX-License-Identifier: Apache-2.0 */
/* What a snapshot is called. */
#ifndef EBSIMG_BASE_SNAPSHOT_ID_H
#define EBSIMG_BASE_SNAPSHOT_ID_H

#include <stdbool.h>

/* "snap-" and 1 to 59 hex digits, as the service wants it. */
bool snapshot_id_ok(const char *id);

#endif
