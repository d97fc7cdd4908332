/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

void answer_clear(struct answer *a)
{
    bytes_free(&a->body);
    *a = (struct answer){ .status = 200 };
}

void answer_type(struct answer *a, const char *type)
{
    a->type = type;
}

static struct answer_header *find(struct answer *a, const char *name)
{
    for (size_t i = 0; i < a->header_count; i++)
        if (strcasecmp(a->headers[i].name, name) == 0)
            return &a->headers[i];
    assert(a->header_count < ANSWER_HEADERS);
    return &a->headers[a->header_count++];
}

void answer_header(struct answer *a, const char *name, const char *fmt, ...)
{
    struct answer_header *h = find(a, name);
    va_list ap;

    h->name = name;
    va_start(ap, fmt);
    vsnprintf(h->value, sizeof(h->value), fmt, ap);
    va_end(ap);
}
