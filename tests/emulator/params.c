/* SPDX-License-Identifier: Apache-2.0 */
#include "params.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"

#define MAX_PARAMS 1000

static bool add(struct params *p, const char *at, size_t len)
{
    const char *equals = memchr(at, '=', len);
    size_t name = equals ? (size_t)(equals - at) : len;
    struct param *list;
    struct param *last;

    if (p->count == MAX_PARAMS)
        return false;
    list = realloc(p->list, (p->count + 1) * sizeof(*list));
    if (!list)
        return false;
    p->list = list;
    last = &list[p->count++];
    last->name = codec_unpercent(at, name);
    last->value = equals ? codec_unpercent(equals + 1, len - name - 1)
                         : codec_unpercent("", 0);
    return last->name && last->value;
}

bool params_parse(struct params *p, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "&");

        if (len && !add(p, text, len))
            return false;
        text += len + (text[len] == '&');
    }
    return true;
}

void params_free(struct params *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->list[i].name);
        free(p->list[i].value);
    }
    free(p->list);
    *p = (struct params){ 0 };
}

const char *params_get(const struct params *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->list[i].name, name) == 0)
            return p->list[i].value;
    return NULL;
}

const char *params_nth(const struct params *p, const char *name, unsigned n,
                       const char *suffix)
{
    char full[128];

    snprintf(full, sizeof(full), "%s.%u%s", name, n, suffix);
    return params_get(p, full);
}
