/* SPDX-License-Identifier: Apache-2.0 */
/* The members of one event of a log, as logcheck_run() hands it out. */
#ifndef EBSIMG_AUDIT_EVENT_H
#define EBSIMG_AUDIT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

const char *event_name(const cJSON *event);

/* NULL when there is none, or it is no text. */
const char *event_text(const cJSON *event, const char *key);

/* A whole number from 0 to 10^18; false leaves *out as it is. */
bool event_number(const cJSON *event, const char *key, uint64_t *out);

#endif
