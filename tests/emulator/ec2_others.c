/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeVolumes, DescribeInstances and DescribeImages: what the snapshots
 * in the store tell about the things around them. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ec2filter.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "when.h"
#include "xml.h"

/* One of the three calls: which field of a snapshot names the thing, how a
 * request asks for it, and how it is printed. */
struct kind {
    size_t id;           /* offset in struct snapshot */
    const char *param;   /* VolumeId.1 ... */
    struct filter {
        const char *name;
        size_t field;
    } filters[2];
    const char *set;     /* the element around all items */
    void (*print)(struct bytes *b, struct snapshot *const *all, size_t count,
                  size_t at);
    bool volume;         /* forgotten when it was deleted */
    enum fault_id missing; /* the error when it is asked for by its id */
    const char *before;    /* what stands around the id in that error */
    const char *after;
};

static const char *text_at(const struct snapshot *s, size_t field)
{
    return (const char *)s + field;
}

static bool asked_for(const struct request *r, const char *param,
                      const char *id)
{
    const char *wanted;
    unsigned n = 1;

    for (; (wanted = params_nth(&r->params, param, n, "")); n++)
        if (strcmp(wanted, id) == 0)
            return true;
    return n == 1;
}

static const struct filter *find_filter(const struct kind *k,
                                        const char *name)
{
    for (size_t i = 0; i < COUNT(k->filters); i++)
        if (k->filters[i].name && strcmp(k->filters[i].name, name) == 0)
            return &k->filters[i];
    return NULL;
}

static bool filters_check(struct request *r, const struct kind *k)
{
    const char *name;

    for (unsigned n = 1;
         (name = params_nth(&r->params, "Filter", n, ".Name")); n++) {
        if (find_filter(k, name))
            continue;
        fault_answer(r, FAULT_EC2_PARAMETER, "The filter '%s' is invalid",
                     name);
        return false;
    }
    return true;
}

static bool filters_fit(const struct request *r, const struct kind *k,
                        const struct snapshot *s)
{
    const char *name;
    char list[32];

    for (unsigned n = 1;
         (name = params_nth(&r->params, "Filter", n, ".Name")); n++) {
        const struct filter *f = find_filter(k, name);

        snprintf(list, sizeof(list), "Filter.%u.Value", n);
        if (!f || !asked_for(r, list, text_at(s, f->field)))
            return false;
    }
    return true;
}

/* Things that the snapshots of several moments name come once. */
static bool came_before(const struct request *r, const struct kind *k,
                        struct snapshot *const *all, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(text_at(all[i], k->id), text_at(all[at], k->id)) == 0 &&
            filters_fit(r, k, all[i]))
            return true;
    return false;
}

static bool wanted(const struct request *r, const struct kind *k,
                   struct snapshot *const *all, size_t at)
{
    const char *id = text_at(all[at], k->id);

    return id[0] && ec2filter_here(r, all[at]) &&
           strcmp(id, "vol-ffffffff") != 0 &&
           !(k->volume && all[at]->volume_gone) &&
           asked_for(r, k->param, id) && filters_fit(r, k, all[at]) &&
           !came_before(r, k, all, at);
}

static bool exists(const struct kind *k, struct snapshot *const *all,
                   size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text_at(all[i], k->id), id) == 0 &&
            strcmp(id, "vol-ffffffff") != 0 &&
            !(k->volume && all[i]->volume_gone))
            return true;
    return false;
}

/* One id that is not there makes the whole call an error. */
static bool ids_exist(struct request *r, const struct kind *k,
                      struct snapshot *const *all, size_t count)
{
    const char *id;

    for (unsigned n = 1; (id = params_nth(&r->params, k->param, n, "")); n++) {
        if (exists(k, all, count, id))
            continue;
        fault_answer(r, k->missing, "%s%s%s", k->before, id, k->after);
        return false;
    }
    return true;
}

static void print_all(struct request *r, const struct kind *k)
{
    struct bytes *b = &r->answer.body;
    size_t count;
    autofree struct snapshot **all = store_all(r->server->store, &count);

    if (!filters_check(r, k) || !ids_exist(r, k, all, count))
        return;
    xml_ec2_begin(r);
    bytes_fmt(b, "<%s>", k->set);
    for (size_t i = 0; i < count; i++) {
        if (!wanted(r, k, all, i))
            continue;
        bytes_str(b, "<item>");
        k->print(b, all, count, i);
        bytes_str(b, "</item>");
    }
    bytes_fmt(b, "</%s>", k->set);
    xml_ec2_end(r);
}

static void attachment(struct bytes *b, const struct snapshot *s)
{
    bytes_str(b, "<attachmentSet>");
    if (s->instance[0]) {
        bytes_str(b, "<item>");
        bytes_xml(b, "volumeId", s->volume);
        bytes_xml(b, "instanceId", s->instance);
        bytes_xml(b, "device", s->device);
        bytes_xml(b, "status", "attached");
        bytes_xml(b, "deleteOnTermination", "false");
        bytes_str(b, "</item>");
    }
    bytes_str(b, "</attachmentSet>");
}

static void print_volume(struct bytes *b, struct snapshot *const *all,
                         size_t count, size_t at)
{
    const struct snapshot *s = all[at];
    char time[WHEN_ROOM];

    (void)count;
    bytes_xml(b, "volumeId", s->volume);
    bytes_fmt(b, "<size>%llu</size>", (unsigned long long)s->size_gib);
    bytes_xml(b, "snapshotId", s->origin);
    bytes_xml(b, "status", s->instance[0] ? "in-use" : "available");
    bytes_xml(b, "createTime",
              when_text(WHEN_ISO, (int64_t)s->started, time));
    attachment(b, s);
    bytes_xml(b, "volumeType", "gp3");
    bytes_xml(b, "encrypted", s->encrypted ? "true" : "false");
}

/* The devices of an instance are the volumes of its snapshots; those of an
 * image the snapshots themselves. */
static bool is_device(struct snapshot *const *all, size_t i, size_t at,
                      size_t owner, size_t device)
{
    if (strcmp(text_at(all[i], owner), text_at(all[at], owner)) != 0)
        return false;
    for (size_t k = 0; k < i; k++)
        if (strcmp(text_at(all[k], owner), text_at(all[at], owner)) == 0 &&
            strcmp(text_at(all[k], device), text_at(all[i], device)) == 0)
            return false;
    return true;
}

static void print_device(struct bytes *b, const struct snapshot *s,
                         const char *name, const char *id)
{
    bytes_str(b, "<item>");
    bytes_xml(b, "deviceName", s->device);
    bytes_str(b, "<ebs>");
    bytes_xml(b, name, id);
    bytes_str(b, "</ebs></item>");
}

static void print_instance(struct bytes *b, struct snapshot *const *all,
                           size_t count, size_t at)
{
    const struct snapshot *s = all[at];

    bytes_xml(b, "ownerId", s->owner);
    bytes_str(b, "<instancesSet><item>");
    bytes_xml(b, "instanceId", s->instance);
    bytes_str(b, "<instanceState><code>16</code><name>running</name>"
                 "</instanceState>");
    bytes_xml(b, "rootDeviceName", s->device);
    bytes_str(b, "<blockDeviceMapping>");
    for (size_t i = 0; i < count; i++)
        if (is_device(all, i, at, offsetof(struct snapshot, instance),
                      offsetof(struct snapshot, volume)))
            print_device(b, all[i], "volumeId", all[i]->volume);
    bytes_str(b, "</blockDeviceMapping></item></instancesSet>");
}

static void print_image(struct bytes *b, struct snapshot *const *all,
                        size_t count, size_t at)
{
    const struct snapshot *s = all[at];

    bytes_xml(b, "imageId", s->image);
    bytes_xml(b, "imageOwnerId", s->owner);
    bytes_xml(b, "imageState", "available");
    bytes_xml(b, "rootDeviceName", s->device);
    bytes_str(b, "<blockDeviceMapping>");
    for (size_t i = 0; i < count; i++)
        if (is_device(all, i, at, offsetof(struct snapshot, image),
                      offsetof(struct snapshot, id)))
            print_device(b, all[i], "snapshotId", all[i]->id);
    bytes_str(b, "</blockDeviceMapping>");
}

#define FIELD(name) offsetof(struct snapshot, name)

void ec2_volumes(struct request *r)
{
    static const struct kind kind = {
        FIELD(volume), "VolumeId",
        { { "volume-id", FIELD(volume) }, { "snapshot-id", FIELD(origin) } },
        "volumeSet", print_volume, true, FAULT_EC2_NO_VOLUME,
        "The volume '", "' does not exist.",
    };

    print_all(r, &kind);
}

void ec2_instances(struct request *r)
{
    static const struct kind kind = {
        FIELD(instance), "InstanceId",
        { { "instance-id", FIELD(instance) } },
        "reservationSet", print_instance, false, FAULT_EC2_NO_INSTANCE,
        "The instance ID '", "' does not exist",
    };

    print_all(r, &kind);
}

void ec2_images(struct request *r)
{
    static const struct kind kind = {
        FIELD(image), "ImageId",
        { { "image-id", FIELD(image) },
          { "block-device-mapping.snapshot-id", FIELD(id) } },
        "imagesSet", print_image, false, FAULT_EC2_NO_IMAGE, "image id",
    };

    print_all(r, &kind);
}
