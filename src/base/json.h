/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: the members of an object that was read, and objects that are written.
 *
 * What is read was written by others: a member that is missing, null, or of
 * another type than is asked for is none, and a number is what it says or
 * nothing.  Members are found by their exact names; of two of one name the
 * first one counts (logcheck.h refuses such objects). */
#ifndef EBSIMG_BASE_JSON_H
#define EBSIMG_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/text.h"

static inline void json_delete(cJSON **j)
{
    cJSON_Delete(*j);
}

/* A value that frees itself. */
#define autojson __attribute__((cleanup(json_delete)))

/* ---------------------------------------------------------------- reading */

/* What a double holds, surely within 64 bits. */
#define JSON_WHOLE_MAX 1000000000000000000u

/* NULL when there is none, or it is null.  `object' may be NULL. */
const cJSON *json_member(const cJSON *object, const char *name);

/* As it stands in the object; NULL when it is no text. */
const char *json_text(const cJSON *object, const char *name);

/* A whole number from 0 to `max', at most JSON_WHOLE_MAX.  False leaves *out
 * as it is. */
bool json_whole(const cJSON *object, const char *name, uint64_t max,
                uint64_t *out);
/* The same of a value; it may be NULL. */
bool json_is_whole(const cJSON *value, uint64_t max, uint64_t *out);

/* `n' bytes that were written as 2n hex digits. */
bool json_hex(const cJSON *object, const char *name, void *out, size_t n);

/* ---------------------------------------------------------------- writing */

/* Into a text, which keeps a failure.  Each puts a comma in front when it is
 * not the first one of its object or array.  `name' is NULL in an array, and
 * for the value that all is. */
void json_open(struct text *t, const char *name, char bracket); /* { or [ */
void json_close(struct text *t, char bracket);                  /* } or ] */

void json_put_text(struct text *t, const char *name, const char *value);
                                               /* NULL: null */
void json_put_u64(struct text *t, const char *name, uint64_t value);
void json_put_bool(struct text *t, const char *name, bool value);
void json_put_seconds(struct text *t, const char *name, uint64_t ns);
void json_put_null(struct text *t, const char *name);
/* What is JSON already. */
void json_put_value(struct text *t, const char *name, const char *json);

#endif
