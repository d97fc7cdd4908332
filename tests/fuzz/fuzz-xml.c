/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 and STS say, and errors in XML: one document for every reader. */
#include <stdlib.h>
#include <string.h>

#include "aws/endpoint.h"
#include "aws/fault-xml.h"
#include "ebs/ec2-details.h"
#include "ebs/ec2-search.h"
#include "ebs/ec2.h"
#include "ebs/sts.h"
#include "fuzz.h"

/* Room for every name, text and growing buffer; expat's own memory does not
 * count. */
static size_t bound(size_t size)
{
    return 64 * 1024 + 64 * size;
}

static void read_snapshot(const char *xml, size_t n)
{
    struct err e = ERR_INIT;
    struct ec2_snapshot s;
    int r;

    fuzz_count();
    r = ec2_parse_snapshot(xml, n, &s, &e);
    fuzz_spent_at_most(bound(n));
    if (r < 0)
        MUST(e.kind == ERR_SERVICE || e.kind == ERR_SOURCE);
    else if (ec2_snapshot_usable(&s, "snap-0123456789abcdef0", &e) == 0)
        MUST(strcmp(s.id, "snap-0123456789abcdef0") == 0
             && strcmp(s.status, "completed") == 0);
    MUST(fuzz_is_shown(e.msg));
    for (size_t i = 0; r == 0 && i < s.ntags; i++)
        MUST(s.tags[i].key && s.tags[i].value);
    ec2_snapshot_free(&s);
}

static void read_identity(const char *xml, size_t n)
{
    struct err e = ERR_INIT;
    struct sts_identity i;

    if (sts_parse_identity(xml, n, &i, &e) == 0)
        MUST(i.account && i.arn && i.user_id);
    else
        MUST(e.kind == ERR_SERVICE && fuzz_is_shown(e.msg));
    sts_identity_free(&i);
}

static void read_fault(const char *xml, size_t n)
{
    struct text code = TEXT_INIT;
    struct text message = TEXT_INIT;

    fuzz_count();
    fault_xml(xml, n, &code, &message);
    fuzz_spent_at_most(bound(n));
    text_free(&code);
    text_free(&message);
}

/* A region becomes a part of a host name. */
static void read_regions(const char *xml, size_t n)
{
    struct err e = ERR_INIT;
    struct xmllist l;
    char *next;
    int r;

    fuzz_count();
    r = ec2_parse_regions(xml, n, &l, &next, &e);
    fuzz_spent_at_most(bound(n));
    MUST(r == 0 ? l.count > 0 : e.kind == ERR_SERVICE);
    for (size_t i = 0; r == 0 && i < l.count; i++)
        MUST(endpoint_region_valid(ec2_region_at(&l, i)->name));
    MUST(fuzz_is_shown(e.msg));
    ec2_regions_free(&l);
    free(next);
}

/* Who is named has a name, and each lock a state. */
static void read_details(const char *xml, size_t n)
{
    struct err e = ERR_INIT;
    struct ec2_sharing s;
    struct xmllist l;
    char *next;
    int r;

    fuzz_count();
    r = ec2_parse_sharing(xml, n, &s, &e);
    fuzz_spent_at_most(bound(n));
    MUST(r == 0 || e.kind == ERR_SERVICE);
    for (size_t i = 0; r == 0 && i < s.permissions.count; i++) {
        const struct ec2_permission *p = s.permissions.items;

        MUST(p[i].account || p[i].group);
    }
    ec2_sharing_free(&s);
    r = ec2_parse_locks(xml, n, &l, &next, &e);
    for (size_t i = 0; r == 0 && i < l.count; i++)
        MUST(((const struct ec2_lock *)l.items)[i].state);
    ec2_locks_free(&l);
    free(next);
    ec2_parse_tiers(xml, n, &l, &next, &e);
    ec2_tiers_free(&l);
    free(next);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    char *xml = fuzz_text(data, size);

    read_snapshot(xml, size);
    read_identity(xml, size);
    read_fault(xml, size);
    read_regions(xml, size);
    read_details(xml, size);
    free(xml);
    return 0;
}
