/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/kept-log.h"

#include <stdlib.h>
#include <string.h>

#include "audit/logcheck.h"
#include "base/block.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/scope.h"

struct reading {
    const struct kept_source *of;
    struct kept_log *log;
    size_t room;
    bool named, sized;           /* its first two events fit */
};

static int other(struct err *e, const char *what)
{
    return err_set(e, ERR_VERIFY, 0, "it is of another %s", what);
}

static bool has(const cJSON *event, const char *name, const char *value)
{
    const char *text = json_text(event, name);

    return text && value && strcmp(text, value) == 0;
}

/* One that says nothing of them is of a version that did not. */
static bool contradicts(const cJSON *event, const char *name,
                        const char *value)
{
    const char *text = json_text(event, name);

    return text && value && strcmp(text, value) != 0;
}

static int take_access(struct reading *r, const cJSON *event, struct err *e)
{
    const struct kept_source *of = r->of;

    if (!has(event, "snapshot", of->snapshot))
        return other(e, "snapshot");
    if (!has(event, "endpoint", of->endpoint))
        return other(e, "endpoint");
    if (contradicts(event, "partition", of->partition)
        || contradicts(event, "region", of->region))
        return other(e, "region");
    r->named = true;
    return 0;
}

static int take_source(struct reading *r, const cJSON *event, struct err *e)
{
    uint64_t size = 0, block = 0;

    json_whole(event, "volume_size", JSON_WHOLE_MAX, &size);
    json_whole(event, "block_size", JSON_WHOLE_MAX, &block);
    if (size != r->of->size || block != BLOCK_SIZE)
        return other(e, "size");
    r->sized = true;
    return 0;
}

static int make_room(struct reading *r, struct err *e)
{
    size_t room = r->room ? r->room * 2 : 256;
    struct kept_row *more;

    if (r->log->count < r->room)
        return 0;
    more = realloc(r->log->rows, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    r->log->rows = more;
    r->room = room;
    return 0;
}

static int add_row(struct reading *r, const struct kept_row *row,
                   struct err *e)
{
    if (make_room(r, e) < 0)
        return -1;
    r->log->rows[r->log->count++] = *row;
    r->log->blocks += !row->dropped;
    return 0;
}

static bool take_index(const struct reading *r, const cJSON *event,
                       struct kept_row *row)
{
    uint64_t index;

    if (!r->named || !r->sized
        || !json_whole(event, "block", r->of->size / BLOCK_SIZE - 1, &index))
        return false;
    row->index = (uint32_t)index;
    return true;
}

static void take_origin(const cJSON *event, struct kept_origin *from)
{
    const char *id = json_text(event, "request_id");
    const char *time = json_text(event, "arrived");
    uint64_t attempts = 0;

    json_whole(event, "attempts", UINT32_MAX, &attempts);
    from->attempts = (uint32_t)attempts;
    from->time = time ? clock_parse_iso(time) : 0;
    if (id && strlen(id) < sizeof(from->request_id))
        strcpy(from->request_id, id);
}

static int no_sense(struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "one of its blocks makes no sense");
}

static int take_read(struct reading *r, const cJSON *event, struct err *e)
{
    struct kept_row row = { .dropped = false };

    if (!take_index(r, event, &row)
        || !json_hex(event, "sha256", row.sha256, sizeof(row.sha256)))
        return no_sense(e);
    take_origin(event, &row.from);
    return add_row(r, &row, e);
}

static int take_dropped(struct reading *r, const cJSON *event, struct err *e)
{
    struct kept_row row = { .dropped = true };

    return take_index(r, event, &row) ? add_row(r, &row, e) : no_sense(e);
}

static int take(void *ctx, const cJSON *event, struct err *e)
{
    const char *name = json_text(event, "event");

    if (name && strcmp(name, "access") == 0)
        return take_access(ctx, event, e);
    if (name && strcmp(name, "source") == 0)
        return take_source(ctx, event, e);
    if (name && strcmp(name, "read") == 0)
        return take_read(ctx, event, e);
    if (name && strcmp(name, "dropped") == 0)
        return take_dropped(ctx, event, e);
    return 0;
}

/* The run that wrote it may have been killed, or writes it just now. */
static int forgive_end(const char *path, const struct logcheck *found,
                       const struct err *why, struct err *e)
{
    autoclose int fd = -1;
    uint64_t cut;

    return file_reopen_to_read(path, &fd, e) < 0 ? -1
        : logcheck_rest(fd, path, found->size, why, &cut, e);
}

int kept_log_read(const char *path, const struct kept_source *of,
                  struct kept_log *out, struct err *e)
{
    struct reading r = { .of = of, .log = out };
    struct logcheck found = { 0 };
    struct err why = ERR_INIT;

    memset(out, 0, sizeof(*out));
    if (logcheck_run(path, take, &r, &found, &why) < 0) {
        if (why.kind == ERR_VERIFY) {
            if (forgive_end(path, &found, &why, e) < 0)
                return -1;
        } else {
            *e = why;
            return -1;
        }
    }
    memcpy(out->head, found.head, sizeof(out->head));
    return 0;
}

void kept_log_free(struct kept_log *l)
{
    free(l->rows);
    l->rows = NULL;
}
