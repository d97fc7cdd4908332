/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a made-up volume through the real pipeline and the real sinks, and
 * the same bytes plainly, so that other people's programs can judge:
 *
 *   image-writer ARRANGEMENT SIZE OUT [name=value]...
 *
 * OUT.E01 ... and OUT.dd (or OUT.001 ...) come from the sinks, OUT.plain from
 * a simple loop.  Names: chunk, e01-segment, raw-segment, level (none, fast,
 * best), table (1: begin with a partition table), only (e01, raw, plain), hash
 * (none: no MD5 and SHA-1, which take hours where writing takes seconds). */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/scope.h"
#include "flow/pipeline.h"
#include "image/ewf.h"
#include "image/raw.h"
#include "volume.h"

struct settings {
    const char *out;
    const char *only;
    uint64_t chunk;
    uint64_t e01_segment;
    uint64_t raw_segment;
    enum deflate_level level;
    unsigned hashes;
};

static void die(const char *what)
{
    fprintf(stderr, "image-writer: %s\n", what);
    exit(1);
}

static uint64_t number(const char *s)
{
    uint64_t v;

    if (size_parse(s, &v) < 0)
        die(s);
    return v;
}

static enum deflate_level level(const char *s)
{
    return *s == 'n' ? DEFLATE_NONE : *s == 'f' ? DEFLATE_FAST : DEFLATE_BEST;
}

static void set(struct settings *o, struct volume *v, const char *arg)
{
    const char *value = strchr(arg, '=');

    if (!value++)
        die(arg);
    if (strncmp(arg, "chunk=", 6) == 0)
        o->chunk = number(value);
    else if (strncmp(arg, "e01-segment=", 12) == 0)
        o->e01_segment = number(value);
    else if (strncmp(arg, "raw-segment=", 12) == 0)
        o->raw_segment = number(value);
    else if (strncmp(arg, "level=", 6) == 0)
        o->level = level(value);
    else if (strncmp(arg, "table=", 6) == 0)
        v->table = *value == '1';
    else if (strcmp(arg, "hash=none") == 0)
        o->hashes = 0;
    else if (strncmp(arg, "only=", 5) == 0)
        o->only = value;
    else
        die(arg);
}

static bool wanted(const struct settings *o, const char *what)
{
    return !o->only || strcmp(o->only, what) == 0;
}

/* ----------------------------------------------------------------- plain */

static void write_plain(const struct settings *o, const struct volume *v)
{
    autofree char *path = NULL;
    static unsigned char block[BLOCK_SIZE];
    FILE *f;

    if (asprintf(&path, "%s.plain", o->out) < 0 || !(f = fopen(path, "w")))
        die("cannot create the plain file");
    for (uint64_t i = 0; i < v->blocks; i++) {
        if (v->kind(i, v->blocks) != DATA)
            continue;
        volume_fill(v, i, block);
        if (fseeko(f, (off_t)(i * BLOCK_SIZE), SEEK_SET) < 0
            || fwrite(block, 1, BLOCK_SIZE, f) != BLOCK_SIZE)
            die("cannot write the plain file");
    }
    if (fflush(f) != 0
        || ftruncate(fileno(f), (off_t)(v->blocks * BLOCK_SIZE)) < 0
        || fclose(f) != 0)
        die("cannot write the plain file");
}

/* ----------------------------------------------------------------- sinks */

static struct sink *open_e01(const struct settings *o,
                             const struct volume *v, struct err *e)
{
    struct image_config c = {
        .base = o->out,
        .volume_size = v->blocks * BLOCK_SIZE,
        .segment_size = o->e01_segment,
        .chunk_size = (uint32_t)o->chunk,
        .level = o->level,
        .case_number = "C-2026/17",
        .evidence_number = "3",
        .examiner = "Zo\xc3\xab \xe6\xbc\xa2",
        .description = "two\tlines\nof text",
        .notes = "a note",
        .model = "EBS snapshot",
        .serial = "snap-0123456789abcdef0",
        .software = "ebsimg",
        .system = "Linux",
    };

    return ewf_sink_new(&c, e);
}

static struct sink *open_raw(const struct settings *o,
                             const struct volume *v, struct err *e)
{
    struct image_config c = {
        .base = o->out,
        .volume_size = v->blocks * BLOCK_SIZE,
        .segment_size = o->raw_segment,
    };

    return raw_sink_new(&c, e);
}

static void write_images(const struct settings *o, struct volume *v)
{
    struct sink *sinks[2] = { NULL, NULL };
    struct err e = ERR_INIT;
    struct hashes h;
    struct pipeline p = {
        .source = &v->source,
        .sinks = sinks,
        .hashes = o->hashes,
        .workers = 2,
        .slots = 32,
    };

    if (wanted(o, "e01") && !(sinks[p.nsinks++] = open_e01(o, v, &e)))
        die(e.msg);
    if (wanted(o, "raw") && !(sinks[p.nsinks++] = open_raw(o, v, &e)))
        die(e.msg);
    if (pipeline_run(&p, &h, &e) < 0)
        die(e.msg);
    for (size_t i = 0; i < p.nsinks; i++) {
        if (sinks[i]->finish(sinks[i], &h, &e) < 0)
            die(e.msg);
        sinks[i]->free(sinks[i]);
    }
}

int main(int argc, char **argv)
{
    struct settings o = {
        .level = DEFLATE_FAST,
        .hashes = HASH_BIT(HASH_MD5) | HASH_BIT(HASH_SHA1),
    };
    struct volume v;

    if (argc < 4)
        die("usage: image-writer ARRANGEMENT SIZE OUT [name=value]...");
    setenv("TZ", "UTC", 1);
    volume_init(&v, argv[1], number(argv[2]) / BLOCK_SIZE);
    o.out = argv[3];
    for (int i = 4; i < argc; i++)
        set(&o, &v, argv[i]);
    if (wanted(&o, "plain"))
        write_plain(&o, &v);
    if (wanted(&o, "e01") || wanted(&o, "raw"))
        write_images(&o, &v);
    return 0;
}
