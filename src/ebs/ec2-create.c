/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/ec2-create.h"

#include <stdio.h>
#include <stdlib.h>

static void add_label(struct call *c, size_t n, const char *part,
                      const char *value)
{
    char name[64];

    snprintf(name, sizeof(name), "TagSpecification.1.Tag.%zu.%s", n, part);
    call_form(c, name, value);
}

void ec2_create(struct call *c, const struct ec2_order *o)
{
    ec2_begin(c, o->instance ? "CreateSnapshots" : "CreateSnapshot");
    if (o->instance)
        call_form(c, "InstanceSpecification.InstanceId", o->instance);
    else
        call_form(c, "VolumeId", o->volume);
    if (o->description)
        call_form(c, "Description", o->description);
    call_form(c, "TagSpecification.1.ResourceType", "snapshot");
    for (size_t i = 0; i < o->nlabels; i++) {
        add_label(c, i + 1, "Key", o->labels[i].key);
        add_label(c, i + 1, "Value", o->labels[i].value);
    }
}

/* The two answers have the same in other places. */
#define ROW(item, name, type, member, required) \
    { item name, type, offsetof(struct ec2_made, member), required }
#define ROWS(item, state_name) { \
    ROW(item, "/snapshotId", XML_TEXT, id, true), \
    ROW(item, "/volumeId", XML_TEXT, volume_id, true), \
    ROW(item, state_name, XML_TEXT, state, false), \
    ROW(item, "/startTime", XML_TEXT, start_time, false), \
    ROW(item, "/volumeSize", XML_NUMBER, gib, false) }

#define ONE "CreateSnapshotResponse"
#define ALL "CreateSnapshotsResponse"
#define ITEM ALL "/snapshotSet/item"

static const struct xml_field one_rows[] = ROWS(ONE, "/status");
static const struct xml_field all_rows[] = ROWS(ITEM, "/state");

#define FIELDS(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }

static const struct xmllist_kind one = {
    .name = "a new snapshot", .root = ONE, .item = ONE,
    .fields = FIELDS(one_rows), .size = sizeof(struct ec2_made), .max = 1,
};

static const struct xmllist_kind all = {
    .name = "new snapshots", .root = ALL, .item = ITEM,
    .fields = FIELDS(all_rows), .size = sizeof(struct ec2_made), .max = 1000,
};

int ec2_parse_made(const char *xml, size_t n, const struct ec2_order *o,
                   struct xmllist *out, struct err *e)
{
    char *next = NULL;
    int r = xmllist_read(o->instance ? &all : &one, xml, n, out, &next, e);

    free(next);
    if (r == 0 && !out->count)
        return err_set(e, ERR_SERVICE, 0, "the answer of EC2 has no new "
                       "snapshot");
    return r;
}

/* The texts are the same ones. */
void ec2_made_free(struct xmllist *l)
{
    xmllist_free(&all, l);
}
