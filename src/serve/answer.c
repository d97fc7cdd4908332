/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/block.h"
#include "base/scope.h"
#include "base/thread.h"
#include "serve/nbd.h"
#include "serve/wire.h"
#include "show/tell.h"

/* Runs in one answer about ranges; a client asks for the rest. */
#define RUNS_MAX 4096

/* After so many the terminal has seen enough; the access log has all. */
#define TOLD_MAX 20

static uint32_t code_of(const struct err *e)
{
    if (e->kind == ERR_INTERRUPTED)
        return NBD_ESHUTDOWN;
    return e->os_errno == ENOMEM ? NBD_ENOMEM : NBD_EIO;
}

static bool fail(struct answerer *a, const struct request *r,
                 uint64_t offset, const struct err *why)
{
    const char *name = a->replies.terms.export->name;
    uint64_t before;

    if (why->kind != ERR_INTERRUPTED) {
        before = (*a->failed)++;
        if (before < TOLD_MAX)
            tell_warning("%s: a read at %" PRIu64 " got an error: %s%s", name,
                         offset, why->msg, before + 1 < TOLD_MAX ? ""
                         : " (more of them are not told)");
    }
    return reply_end(&a->replies, r, code_of(why), offset, why->msg);
}

/* -------------------------------------------------------------------- read */

/* Up to the border of the block. */
static uint32_t piece_at(uint64_t offset, uint64_t end)
{
    uint64_t n = BLOCK_SIZE - offset % BLOCK_SIZE;

    return (uint32_t)(n < end - offset ? n : end - offset);
}

/* A hole of any length is one chunk; all else is sent block by block, so that
 * no more is in memory. */
static bool read_in_pieces(struct answerer *a, const struct request *r,
                           unsigned char *buf)
{
    struct export *x = a->replies.terms.export;
    uint64_t at = r->offset, end = r->offset + r->len;
    struct err e = ERR_INIT;

    while (at < end) {
        uint64_t n = end - at;
        bool hole = export_state(x, at, &n) & NBD_STATE_HOLE
            && x->volume.is_snapshot;

        if (!hole)
            n = piece_at(at, end);
        if (!hole && export_read(x, at, buf, n, &e) < 0)
            return fail(a, r, at, &e);
        if (!reply_piece(&a->replies, r, at, hole ? NULL : buf, (uint32_t)n,
                         at + n == end))
            return false;
        at += n;
    }
    return true;
}

/* A simple reply says first whether all will be well. */
static bool read_whole(struct answerer *a, const struct request *r,
                       unsigned char *buf)
{
    struct err e = ERR_INIT;

    if (export_read(a->replies.terms.export, r->offset, buf, r->len, &e) < 0)
        return fail(a, r, r->offset, &e);
    return reply_simple_read(&a->replies, r, buf);
}

static bool read_large(struct answerer *a, const struct request *r)
{
    AUTOLOCK(&a->large);
    autofree unsigned char *buf = malloc(r->len);
    struct err e = ERR_INIT;

    if (buf)
        return read_whole(a, r, buf);
    err_nomem(&e);
    return fail(a, r, r->offset, &e);
}

static bool answer_read(struct answerer *a, const struct request *r,
                        unsigned char *buf)
{
    export_expect(a->replies.terms.export, r->offset, r->len);
    if (a->replies.terms.structured)
        return read_in_pieces(a, r, buf);
    return r->len <= BLOCK_SIZE ? read_whole(a, r, buf) : read_large(a, r);
}

/* ------------------------------------------------------------------ others */

static bool answer_cache(struct answerer *a, const struct request *r)
{
    volume_reader_ask(a->replies.terms.export->reader, r->offset / BLOCK_SIZE,
                      (r->offset + r->len - 1) / BLOCK_SIZE);
    return reply_end(&a->replies, r, 0, 0, "");
}

static bool answer_states(struct answerer *a, const struct request *r,
                          unsigned char *buf)
{
    uint64_t at = r->offset, end = r->offset + r->len;
    unsigned most = r->flags & NBD_CMD_FLAG_REQ_ONE ? 1 : RUNS_MAX;
    struct message m = { buf };
    uint32_t runs = 0;

    _Static_assert(RUNS_MAX * 8 <= BLOCK_SIZE, "they fit");
    for (; at < end && runs < most; runs++) {
        uint64_t n = end - at;
        unsigned state = export_state(a->replies.terms.export, at, &n);

        wire_put32(&m, (uint32_t)n);
        wire_put32(&m, state);
        at += n;
    }
    return reply_states(&a->replies, r, buf, runs);
}

bool answer(struct answerer *a, const struct request *r, unsigned char *buf)
{
    uint32_t code = request_check(r, &a->replies.terms);

    if (code)
        return reply_end(&a->replies, r, code, r->offset,
                         code == NBD_EPERM ? "nothing can be written here"
                         : "this cannot be asked for here");
    if (r->type == NBD_CMD_READ)
        return answer_read(a, r, buf);
    return r->type == NBD_CMD_CACHE ? answer_cache(a, r)
                                    : answer_states(a, r, buf);
}
