/* SPDX-License-Identifier: Apache-2.0 */
#include "files/session.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "aws/failure.h"
#include "base/interrupt.h"
#include "files/parser.h"
#include "show/tell.h"

void session_init(struct session *s)
{
    memset(s, 0, sizeof(*s));
    s->wire.fd = s->sandbox.fd = -1;
}

int session_start(struct session *s, struct err *e)
{
    if (!sandbox_is_tight())
        tell_warning("this kernel cannot shut in the process that reads file "
                     "systems (seccomp): what a hostile disk makes of it "
                     "could open files");
    return sandbox_start(&s->sandbox, parser_main, e);
}

uint64_t session_blocks(const struct session *s)
{
    return s->lender ? s->lender->fetched : s->volume.fetched;
}

static int note_losses(struct session *s, struct err *e)
{
    s->lost = blockset_new((s->volume.size + BLOCK_SIZE - 1) / BLOCK_SIZE, e);
    return s->lost ? 0 : -1;
}

int session_open(struct session *s, const char *name,
                 const struct service_options *o, const char *access,
                 struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    s->wire.fd = s->sandbox.fd;
    s->sandbox.fd = -1;
    s->wire.check = interrupt_check;
    s->opened = true;
    if (volume_open(&s->volume, name, o, &hooks, access, e) < 0
        || volume_learn(&s->volume, true, e) < 0)
        return -1;
    return note_losses(s, e);
}

int session_read_from(struct session *s, uint64_t memory, struct err *e)
{
    s->reader = volume_reader_new(&s->volume, memory, e);
    return s->reader ? 0 : -1;
}

int session_lend(struct session *s, const struct volume *v,
                 struct volume_reader *reader, struct err *e)
{
    s->wire.fd = s->sandbox.fd;
    s->sandbox.fd = -1;
    s->wire.check = interrupt_check;
    s->volume.size = v->size;
    s->reader = reader;
    s->lender = v;
    return note_losses(s, e);
}

/* ------------------------------------------------------------------- reads */

/* What does not concern these bytes alone ends the run.  A service that has
 * not sent a single block is not there. */
static bool ends(struct session *s, const struct err *why)
{
    return failure_of_blocks_ends(&s->strikes, why)
        || (why->kind == ERR_SERVICE
            && (!session_blocks(s) || volume_reader_is_over(s->reader)));
}

static void lose(struct session *s, uint64_t index, const struct err *why)
{
    struct lost_block *l = &s->reasons[s->reason_count];

    blockset_add(s->lost, index);
    if (s->reason_count == SESSION_REASONS)
        return;
    l->index = index;
    snprintf(l->why, sizeof(l->why), "%.199s", why->msg);
    s->reason_count++;
}

static int lost_before(const struct session *s, uint64_t index,
                       struct err *why)
{
    for (size_t i = 0; i < s->reason_count; i++)
        if (s->reasons[i].index == index)
            return err_set(why, ERR_SOURCE, 0, "%s", s->reasons[i].why), 1;
    return err_set(why, ERR_SOURCE, 0, "block %" PRIu64 " could not be read "
                   "before", index), 1;
}

/* Inside of one block.  Who asks for a lost one again would wait for as long
 * again. */
static int read_in_block(struct session *s, uint64_t offset, void *to,
                         size_t n, size_t *got, struct err *why)
{
    uint64_t index = offset / BLOCK_SIZE;

    *got = 0;
    if (blockset_has(s->lost, index))
        return lost_before(s, index, why);
    if (volume_read(s->reader, offset, to, n, got, why) == 0) {
        s->strikes = 0;
        return 0;
    }
    if (ends(s, why))
        return -1;
    lose(s, index, why);
    return 1;
}

int session_read(struct session *s, uint64_t offset, void *to, size_t n,
                 size_t *got, struct err *why)
{
    unsigned char *at = to;

    *got = 0;
    while (n) {
        size_t part = BLOCK_SIZE - offset % BLOCK_SIZE, has;
        int r;

        part = part < n ? part : n;
        r = read_in_block(s, offset, at, part, &has, why);
        if (r)
            return r;
        *got += has;
        if (has < part)
            return 0;
        offset += part;
        at += part;
        n -= part;
    }
    return 0;
}

static int answer_read(struct session *s, struct err *e)
{
    static unsigned char bytes[WIRE_READ_MAX];
    struct wire_read r;
    struct err why = ERR_INIT;
    size_t got = 0;
    int lost;

    if (s->wire.in.len != sizeof(r))
        return err_set(e, ERR_SOURCE, 0, "it asks for no bytes");
    memcpy(&r, s->wire.in.s, sizeof(r));
    if (r.size > sizeof(bytes) || r.offset > s->volume.size
        || r.size > s->volume.size - r.offset)
        return err_set(e, ERR_SOURCE, 0, "it asks for bytes outside of the "
                       "volume");
    lost = session_read(s, r.offset, bytes, (size_t)r.size, &got, &why);
    if (lost == 0)
        return wire_put(&s->wire, WIRE_BYTES, bytes, got, NULL, 0, e);
    if (lost < 0) {
        *e = why;
        return -1;
    }
    return wire_put(&s->wire, WIRE_LOST, why.msg, strlen(why.msg) + 1, NULL,
                    0, e);
}

/* ---------------------------------------------------------------- messages */

static int nonsense(struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "what it sends makes no sense");
}

#define END_TEXT(a) ((a)[sizeof(a) - 1] = '\0')

/* A bool of a stranger may be neither. */
static void make_bool(bool *b)
{
    unsigned char c;

    memcpy(&c, b, 1);
    *b = c != 0;
}

static int take_part(struct session *s, struct err *e)
{
    if (s->wire.in.len != sizeof(s->part))
        return nonsense(e);
    memcpy(&s->part, s->wire.in.s, sizeof(s->part));
    END_TEXT(s->part.type);
    END_TEXT(s->part.label);
    END_TEXT(s->part.volume);
    END_TEXT(s->part.kind);
    END_TEXT(s->part.why);
    make_bool(&s->part.is_read);
    make_bool(&s->part.is_lost);
    return 0;
}

static void make_bools(struct fs_entry *f)
{
    make_bool(&f->odd_name);
    make_bool(&f->deleted);
    make_bool(&f->reused);
    make_bool(&f->has_mode);
    make_bool(&f->has_owner);
}

/* The texts lie behind the struct, each with its end. */
static int take_entry(const struct session *s, struct fs_entry *f,
                      struct err *e)
{
    struct wire_entry w;
    size_t n = s->wire.in.len;
    const char *texts = s->wire.in.s + sizeof(w);

    if (n < sizeof(w))
        return nonsense(e);
    memcpy(&w, s->wire.in.s, sizeof(w));
    n -= sizeof(w);
    if (w.path_size < 2 || w.path_size > n || w.target_size != n - w.path_size
        || texts[0] != '/' || strlen(texts) != w.path_size - 1
        || (w.target_size
            && strnlen(texts + w.path_size, w.target_size)
                != w.target_size - 1)
        || w.entry.type >= FS_TYPES)
        return nonsense(e);
    make_bools(&w.entry);
    *f = w.entry;
    f->path = texts;
    f->target = w.target_size ? texts + w.path_size : NULL;
    return 0;
}

static int on_entry(struct session *s, const struct wire_job *job,
                    const struct session_visitor *v, struct err *e)
{
    struct fs_entry f;
    char wanted;
    int r;

    if (take_entry(s, &f, e) < 0)
        return -1;
    r = v->entry(v->ctx, &f, e);
    if (r < 0 || !job->ask)
        return r < 0 ? -1 : 0;
    wanted = (char)r;
    return wire_put(&s->wire, WIRE_ANSWER, &wanted, 1, NULL, 0, e);
}

static int on_text(struct session *s, enum wire_kind kind,
                   const struct session_visitor *v, struct err *e)
{
    size_t n = s->wire.in.len;
    const char *text = s->wire.in.s;

    if (n == 0 || strnlen(text, n) != n - 1)
        return nonsense(e);
    if (kind == WIRE_DATA_END)
        return v->whole ? v->whole(v->ctx, *text ? text : NULL, e)
                        : nonsense(e);
    (kind == WIRE_NOTE ? v->note : v->remark)(v->ctx, text);
    return 0;
}

static int on_end(const struct session *s, struct err *e)
{
    struct wire_end end;

    if (s->wire.in.len != sizeof(end))
        return nonsense(e);
    memcpy(&end, s->wire.in.s, sizeof(end));
    END_TEXT(end.why);
    make_bool(&end.failed);
    return end.failed ? err_set(e, ERR_SOURCE, 0, "%s", end.why) : 0;
}

static bool is_inside(const struct session *s, uint64_t offset, uint64_t n)
{
    return offset <= s->volume.size && n <= s->volume.size - offset;
}

static int on_extent(const struct session *s,
                     const struct session_visitor *v, struct err *e)
{
    struct fs_extent x;

    if (s->wire.in.len != sizeof(x) || !v->extent)
        return nonsense(e);
    memcpy(&x, s->wire.in.s, sizeof(x));
    return is_inside(s, x.offset, x.size) && x.at + x.size >= x.at
        ? v->extent(v->ctx, &x, e) : nonsense(e);
}

static int on_region(const struct session *s,
                     const struct session_visitor *v, struct err *e)
{
    struct wire_region r;

    if (s->wire.in.len != sizeof(r) || !v->region)
        return nonsense(e);
    memcpy(&r, s->wire.in.s, sizeof(r));
    return is_inside(s, r.offset, r.size) && r.use <= WIRE_USE_UNKNOWN
        ? v->region(v->ctx, &r, e) : nonsense(e);
}

static int on_message(struct session *s, enum wire_kind kind,
                      const struct wire_job *job,
                      const struct session_visitor *v, struct err *e)
{
    switch (kind) {
    case WIRE_READ:
        return answer_read(s, e);
    case WIRE_TRY:
        return take_part(s, e);
    case WIRE_PART:
        return take_part(s, e) < 0 ? -1 : v->part(v->ctx, &s->part, e);
    case WIRE_ENTRY:
        return on_entry(s, job, v, e);
    case WIRE_EXTENT:
        return on_extent(s, v, e);
    case WIRE_REGION:
        return on_region(s, v, e);
    case WIRE_DATA:
        return v->data ? v->data(v->ctx, s->wire.in.s, s->wire.in.len, e)
                       : nonsense(e);
    case WIRE_DATA_END:
    case WIRE_NOTE:
    case WIRE_REMARK:
        return on_text(s, kind, v, e);
    default:
        return nonsense(e);
    }
}

/* -------------------------------------------------------------------- walk */

/* The process is gone in the middle of its work. */
static int crashed(struct session *s, struct err *e)
{
    char how[64];
    const char *end = sandbox_end(&s->sandbox, false, how);

    return err_set(e, ERR_SOURCE, 0, "the process that reads the %s%sfile "
                   "system at %" PRIu64 " ended with %s; what it has told "
                   "before is not all", s->part.kind,
                   *s->part.kind ? " " : "", s->part.offset,
                   end ? end : "exit status 0");
}

int session_walk(struct session *s, struct wire_job job, const char *path,
                 const struct session_visitor *v, struct err *e)
{
    enum wire_kind kind = 0;
    int r;

    memset(&s->part, 0, sizeof(s->part));
    job.size = s->volume.size;
    if (wire_put(&s->wire, WIRE_JOB, &job, sizeof(job), path,
                 strlen(path) + 1, e) < 0)
        return -1;
    while ((r = wire_get(&s->wire, &kind, e)) > 0) {
        if (kind == WIRE_END)
            return on_end(s, e);
        if (on_message(s, kind, &job, v, e) < 0)
            return -1;
    }
    return r < 0 ? -1 : crashed(s, e);
}

int session_close(struct session *s, struct err *e)
{
    struct err ignored = ERR_INIT;
    char how[64];
    int r = 0;

    if (s->wire.fd < 0)
        s->wire.fd = s->sandbox.fd; /* it was never used */
    s->sandbox.fd = -1;
    wire_free(&s->wire);
    sandbox_end(&s->sandbox, true, how);
    if (s->reader && !s->lender)
        r = volume_reader_free(s->reader, e);
    blockset_free(s->lost);
    s->lost = NULL;
    if (s->opened && volume_close(&s->volume, r < 0 ? &ignored : e) < 0)
        r = -1;
    return r;
}
