/* SPDX-License-Identifier: Apache-2.0 */
#include "constraint.h"

#include <stdio.h>
#include <string.h>

#include "codec.h"
#include "request.h"

#define LETTERS_AND_DIGITS                                                \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool constraint_broken(struct request *r, const char *value,
                       const char *name, const char *constraint)
{
    fault_answer(r, FAULT_VALIDATION,
                 "1 validation error detected: Value '%.256s' at '%s' failed "
                 "to satisfy constraint: Member must %s",
                 value, name, constraint);
    return false;
}

static bool bound_broken(struct request *r, const char *value,
                         const char *name, const char *side, int64_t bound)
{
    char constraint[80];

    snprintf(constraint, sizeof(constraint),
             "have value %s than or equal to %lld", side, (long long)bound);
    return constraint_broken(r, value, name, constraint);
}

bool constraint_number(struct request *r, const char *value,
                       const char *name, int64_t min, int64_t max,
                       int64_t *out)
{
    bool negative = value[0] == '-';
    uint64_t size;

    if (!codec_number(value + negative, INT64_MAX, &size))
        return constraint_broken(r, value, name, "be a number");
    *out = negative ? -(int64_t)size : (int64_t)size;
    if (*out < min)
        return bound_broken(r, value, name, "greater", min);
    if (*out > max)
        return bound_broken(r, value, name, "less", max);
    return true;
}

static bool made_of(const char *value, const char *characters)
{
    return value[0] && strspn(value, characters) == strlen(value);
}

bool constraint_base64(struct request *r, const char *value,
                       const char *name)
{
    return made_of(value, LETTERS_AND_DIGITS "+/=") ||
           constraint_broken(r, value, name,
                             "satisfy regular expression pattern: "
                             "^[A-Za-z0-9+/=]+$");
}

bool constraint_token(struct request *r, const char *value, const char *name)
{
    return (strlen(value) <= 256 &&
            made_of(value, LETTERS_AND_DIGITS "+/=_-")) ||
           constraint_broken(r, value, name,
                             "satisfy regular expression pattern: "
                             "^[A-Za-z0-9+/=_-]+$");
}
