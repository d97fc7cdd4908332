/* SPDX-License-Identifier: Apache-2.0 */
#include "events/evtx-name.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "events/utf16.h"
#include "fs/bytes.h"

const unsigned char *evtx_view_at(const struct evtx_view *v, size_t at,
                                  size_t n)
{
    return at >= v->from && at <= v->end && n <= v->end - at
        ? v->bytes + (at - v->from) : NULL;
}

/* What the log keeps with each name. */
static uint16_t hash_of(const unsigned char *p, size_t n)
{
    uint32_t hash = 0;

    for (size_t i = 0; i + 2 <= n; i += 2)
        hash = hash * 65599 + le16_at(p + i);
    return (uint16_t)hash;
}

bool evtx_name_read(struct evtx_name *name, const struct evtx_view *v,
                    size_t at)
{
    const unsigned char *head = evtx_view_at(v, at, EVTX_NAME_HEAD), *p;
    size_t n = head ? 2u * le16_at(head + 6) : 0;
    autotext struct text t = TEXT_INIT;

    p = head && n <= 4 * EVTX_NAME_MAX
        ? evtx_view_at(v, at + EVTX_NAME_HEAD, n) : NULL;
    if (p && hash_of(p, n) == le16_at(head + 4))
        utf16_add(&t, EVTX_NAME_MAX, p, n);
    strcpy(name->s, t.len ? t.s : "?");
    return t.len > 0;
}
