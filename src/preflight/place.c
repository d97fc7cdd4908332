/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of the output: may a run write there, is there room, how fast is
 * it.  The files that this takes are gone afterwards. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/filesystem.h"
#include "base/folder.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "plan/estimate.h"
#include "plan/prices.h"
#include "preflight/preflight-private.h"

/* So much is written at most, and for so long; of what is free an eighth. */
#define SPEED_BYTES (64 * MIB)
#define SPEED_NS (2 * NS_PER_S)
#define SPEED_PIECE MIB

struct place_row {
    const char *name, *needed_for;
    enum check_need need;
    enum check_answer answer;
};

static int add(struct preflight *p, const struct place_row *row,
               const char *says, const char *remedy, struct err *e)
{
    const struct check k = {
        .part = PART_FOLDER,
        .need = row->need,
        .answer = row->answer,
        .name = row->name,
        .target = p->opt->output,
        .needed_for = row->needed_for,
        .kind = ERR_DEST,
    };

    return checks_add(&p->checks, &k, says, remedy, e);
}

static int refuse(struct preflight *p, const struct err *why, struct err *e)
{
    const struct place_row row = { "the folder", "image and papers",
                                   NEED_TO_RUN, CHECK_NO };

    return add(p, &row, why->msg, "name another one with --output", e);
}

/* ------------------------------------------------------------ file system */

static int add_filesystem(struct preflight *p, const struct filesystem *fs,
                          struct err *e)
{
    struct place_row row = { "the folder", "image and papers", NEED_USEFUL,
                             fs->lacks ? CHECK_NO : CHECK_YES };
    autotext struct text says = TEXT_INIT;
    const char *between = ", which lacks ";

    text_addf(&says, "files can be made there; %s", fs->name);
    for (int i = 0; i < FILESYSTEM_LACKS; i++) {
        if (!(fs->lacks & 1u << i))
            continue;
        text_addf(&says, "%s%s", between, filesystem_lack_names[i]);
        between = ", ";
    }
    if (says.failed)
        return err_nomem(e);
    return add(p, &row, says.s, fs->lacks ? "a run goes on there with less "
               "protection, and its log says so; ext4 and xfs lack nothing"
               : NULL, e);
}

/* ------------------------------------------------------------------- room */

static struct plan_estimate estimate(const struct preflight *p)
{
    const struct plan_prices none = { 0 };
    struct plan_estimate sum = { 0 }, one;

    for (size_t i = 0; i < p->n; i++) {
        const struct ec2_snapshot *f = &p->subjects[i].facts;
        struct plan_volume v = { 0 };

        if (!p->subjects[i].known)
            continue;
        plan_take_count(&v, f->volume_gib * GIB, &f->full_size);
        plan_estimate(&v, &none, &one);
        plan_add(&sum, &one);
    }
    return sum;
}

static bool is_known(const struct preflight *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (!p->subjects[i].known)
            return false;
    return p->n > 0;
}

/* An E01 of what does not deflate is the most that one image takes. */
static int add_room(struct preflight *p, uint64_t room, struct err *e)
{
    const struct plan_estimate sum = estimate(p);
    struct place_row row = { "room", "the image", NEED_USEFUL, CHECK_YES };
    char has[32], least[32], most[32], raw[32];
    autotext struct text says = TEXT_INIT;

    text_addf(&says, "%s free", size_text(has, room));
    if (strcmp(p->wish->command->name, "acquire") == 0 && is_known(p)) {
        text_addf(&says, "; an E01 takes %s to %s, a raw image at most %s",
                  size_text(least, sum.e01_least + sum.papers),
                  size_text(most, sum.e01_most + sum.papers),
                  size_text(raw, sum.raw_most + sum.papers));
        if (room < sum.e01_most + sum.papers)
            row.answer = CHECK_UNKNOWN;
        if (room < sum.e01_least + sum.papers) {
            row.answer = CHECK_NO;
            row.need = NEED_TO_RUN;
        }
    }
    return says.failed ? err_nomem(e)
        : add(p, &row, says.s, row.answer == CHECK_YES ? NULL
              : "make room, or name another folder with --output", e);
}

/* ------------------------------------------------------------------ speed */

struct speed {
    uint64_t bytes, ns;
};

static int write_some(int fd, const char *path, uint64_t most,
                      struct speed *out, struct err *e)
{
    autofree unsigned char *piece = malloc(SPEED_PIECE);
    uint64_t begun = clock_elapsed(&clock_system);

    if (!piece)
        return err_nomem(e);
    memset(piece, 0x5a, SPEED_PIECE);
    /* Nothing that a file system could deflate; what is missing of it makes
     * the figure a little better, and nothing else. */
    for (size_t at = 0; at < SPEED_PIECE; at += 256)
        if (getrandom(piece + at, 256, GRND_NONBLOCK) != 256)
            break;
    do {
        if (file_write(fd, piece, SPEED_PIECE, path, e) < 0)
            return -1;
        out->bytes += SPEED_PIECE;
        out->ns = clock_elapsed(&clock_system) - begun;
    } while (out->bytes < most && out->ns < SPEED_NS && !interrupted);
    if (file_sync(fd, path, e) < 0)
        return -1;
    out->ns = clock_elapsed(&clock_system) - begun;
    return interrupt_check(e);
}

/* The file has no name while it is written: it cannot stay behind. */
static int measure(const char *prefix, uint64_t room, struct speed *out,
                   struct err *e)
{
    uint64_t most = room / 8 < SPEED_BYTES ? room / 8 : SPEED_BYTES;
    autofree char *path = NULL;
    autoclose int fd = -1;

    if (asprintf(&path, "%s.preflight-speed", prefix) < 0) {
        path = NULL;
        return err_nomem(e);
    }
    if (most < SPEED_PIECE)
        return err_set(e, ERR_DEST, 0, "there is too little room to measure "
                       "it");
    if (file_create(path, &fd, e) < 0 || file_remove(path, e) < 0)
        return -1;
    return write_some(fd, path, most, out, e);
}

static int add_speed(struct preflight *p, const char *prefix, uint64_t room,
                     struct err *e)
{
    struct place_row row = { "write speed", "the time that it takes",
                             NEED_USEFUL, CHECK_YES };
    struct err why = ERR_INIT;
    struct speed s = { 0 };
    char rate[32], wrote[32], says[160];

    if (measure(prefix, room, &s, &why) < 0) {
        row.answer = CHECK_UNKNOWN;
        if (why.kind != ERR_DEST) {
            *e = why;
            return -1;
        }
        return add(p, &row, why.msg, NULL, e);
    }
    snprintf(says, sizeof(says), "%s/s over %s, which is a short look",
             size_text(rate, (uint64_t)((double)s.bytes * 1e9
                                        / (double)(s.ns ? s.ns : 1))),
             size_text(wrote, s.bytes));
    return add(p, &row, says, NULL, e);
}

/* -------------------------------------------------------------------- all */

static int look(struct preflight *p, const char *prefix, struct folder *held,
                struct err *e)
{
    struct err why = ERR_INIT;
    autofree char *probe = NULL;
    struct filesystem fs;
    uint64_t room = 0;

    if (asprintf(&probe, "%s.preflight", prefix) < 0) {
        probe = NULL;
        return err_nomem(e);
    }
    if (filesystem_try(&fs, folder_fd(held), probe, &why) < 0
        || file_room(probe, &room, &why) < 0)
        return refuse(p, &why, e);
    if (add_filesystem(p, &fs, e) < 0 || add_room(p, room, e) < 0)
        return -1;
    return add_speed(p, prefix, room, e);
}

/* As acquire takes it: a folder gets the files in it, and a device none. */
static char *prefix_of(const char *output, struct err *e)
{
    struct stat st = { 0 };
    char *prefix = NULL;

    if (file_stat(output, &st) < 0)
        st.st_mode = 0;
    if (S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)) {
        err_set(e, ERR_DEST, 0, "%s is a device, and an image is written into "
                "files", output);
        return NULL;
    }
    if (asprintf(&prefix, "%s%s", output, S_ISDIR(st.st_mode) ? "/ebsimg"
                                                              : "") < 0) {
        prefix = NULL;
        err_nomem(e);
    }
    return prefix;
}

int preflight_folder(struct preflight *p, struct err *e)
{
    struct err why = ERR_INIT;
    autofree char *prefix = NULL;
    autofree char *name = NULL;
    struct folder *held;
    int r;

    if (!p->opt->output)
        return 0;
    prefix = prefix_of(p->opt->output, &why);
    if (!prefix)
        return refuse(p, &why, e);
    name = file_folder(prefix);
    if (!name)
        return err_nomem(e);
    held = folder_hold(name, &why);
    if (!held)
        return refuse(p, &why, e);
    r = look(p, prefix, held, e);
    folder_release(held);
    return r;
}
