/* SPDX-License-Identifier: Apache-2.0 */
#include "report/uco-node.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/digest.h"
#include "base/clock.h"
#include "base/json.h"

/* The name space of URLs, RFC 9562, 6.6. */
static const unsigned char urls[16] = {
    0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
    0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
};

/* Version 5, by name: RFC 9562, 5.5. */
static void name_uuid(const char *name, unsigned char out[16])
{
    struct digest d;
    struct hashes h;

    digest_begin(&d, HASH_BIT(HASH_SHA1));
    digest_add(&d, urls, sizeof(urls));
    digest_add(&d, name, strlen(name));
    digest_end(&d, &h);
    memcpy(out, h.value[HASH_SHA1], 16);
    out[6] = (unsigned char)((out[6] & 0x0f) | 0x50);
    out[8] = (unsigned char)((out[8] & 0x3f) | 0x80);
}

char *uco_id(char out[UCO_ID], const char *head, const char *class,
             uint64_t n)
{
    unsigned char u[16];
    char name[192], hex[33];

    snprintf(name, sizeof(name), "urn:ebsimg:%.64s:%.40s:%" PRIu64, head,
             class, n);
    name_uuid(name, u);
    hex_encode(hex, u, sizeof(u));
    snprintf(out, UCO_ID, "kb:%.40s-%.8s-%.4s-%.4s-%.4s-%.12s", class, hex,
             hex + 8, hex + 12, hex + 16, hex + 20);
    return out;
}

void uco_open(struct text *t, const char *member, const char *id,
              const char *type)
{
    json_open(t, member, '{');
    json_put_text(t, "@id", id);
    json_put_text(t, "@type", type);
}

void uco_put_ref(struct text *t, const char *member, const char *id)
{
    json_open(t, member, '{');
    json_put_text(t, "@id", id);
    json_close(t, '}');
}

void uco_put_time(struct text *t, const char *member, const char *iso)
{
    char whole[CLOCK_TEXT];
    uint64_t ns = clock_parse_iso(iso);

    if (!ns)
        return;
    clock_text(whole, ns);
    strcpy(strrchr(whole, '.') + 7, "Z");
    json_open(t, member, '{');
    json_put_text(t, "@type", "xsd:dateTime");
    json_put_text(t, "@value", whole);
    json_close(t, '}');
}

void uco_put_text(struct text *t, const char *member, const char *value)
{
    if (value && value[0])
        json_put_text(t, member, value);
}

void uco_put_relation(struct text *t, const char *id, const char *source,
                      const char *kind, const char *target)
{
    uco_open(t, NULL, id, "observable:ObservableRelationship");
    uco_put_ref(t, "core:source", source);
    uco_put_ref(t, "core:target", target);
    json_put_text(t, "core:kindOfRelationship", kind);
    json_put_bool(t, "core:isDirectional", true);
    json_close(t, '}');
}
