/* DescribeVolumes, DescribeInstances and DescribeImages: what the snapshots
 * in the store tell about the things around them. */
#include <string.h>

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
    const char *set;     /* the element around all items */
    void (*print)(struct bytes *b, const struct snapshot *s);
};

static const char *id_of(const struct kind *k, const struct snapshot *s)
{
    return (const char *)s + k->id;
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

/* Things that the snapshots of several moments name come once. */
static bool is_first(const struct kind *k, struct snapshot *const *all,
                     size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(id_of(k, all[i]), id_of(k, all[at])) == 0)
            return false;
    return true;
}

static void print_all(struct request *r, const struct kind *k)
{
    struct bytes *b = &r->answer.body;
    size_t count;
    autofree struct snapshot **all = store_all(r->server->store, &count);

    xml_ec2_begin(r);
    bytes_fmt(b, "<%s>", k->set);
    for (size_t i = 0; i < count; i++) {
        const char *id = id_of(k, all[i]);

        if (!id[0] || strcmp(id, "vol-ffffffff") == 0 ||
            !asked_for(r, k->param, id) || !is_first(k, all, i))
            continue;
        bytes_str(b, "<item>");
        k->print(b, all[i]);
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

static void print_volume(struct bytes *b, const struct snapshot *s)
{
    char time[WHEN_ROOM];

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

static void print_instance(struct bytes *b, const struct snapshot *s)
{
    bytes_xml(b, "ownerId", s->owner);
    bytes_str(b, "<instancesSet><item>");
    bytes_xml(b, "instanceId", s->instance);
    bytes_str(b, "<instanceState><code>16</code><name>running</name>"
                 "</instanceState>");
    bytes_xml(b, "rootDeviceName", s->device);
    bytes_str(b, "<blockDeviceMapping><item>");
    bytes_xml(b, "deviceName", s->device);
    bytes_str(b, "<ebs>");
    bytes_xml(b, "volumeId", s->volume);
    bytes_xml(b, "status", "attached");
    bytes_str(b, "</ebs></item></blockDeviceMapping></item></instancesSet>");
}

static void print_image(struct bytes *b, const struct snapshot *s)
{
    bytes_xml(b, "imageId", s->image);
    bytes_xml(b, "imageOwnerId", s->owner);
    bytes_xml(b, "imageState", "available");
    bytes_xml(b, "rootDeviceName", s->device);
    bytes_str(b, "<blockDeviceMapping><item>");
    bytes_xml(b, "deviceName", s->device);
    bytes_str(b, "<ebs>");
    bytes_xml(b, "snapshotId", s->id);
    bytes_fmt(b, "<volumeSize>%llu</volumeSize>",
              (unsigned long long)s->size_gib);
    bytes_xml(b, "encrypted", s->encrypted ? "true" : "false");
    bytes_str(b, "</ebs></item></blockDeviceMapping>");
}

void ec2_volumes(struct request *r)
{
    static const struct kind kind = { offsetof(struct snapshot, volume),
                                      "VolumeId", "volumeSet",
                                      print_volume };

    print_all(r, &kind);
}

void ec2_instances(struct request *r)
{
    static const struct kind kind = { offsetof(struct snapshot, instance),
                                      "InstanceId", "reservationSet",
                                      print_instance };

    print_all(r, &kind);
}

void ec2_images(struct request *r)
{
    static const struct kind kind = { offsetof(struct snapshot, image),
                                      "ImageId", "imagesSet", print_image };

    print_all(r, &kind);
}
