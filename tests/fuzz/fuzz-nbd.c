/* SPDX-License-Identifier: Apache-2.0 */
/* What an NBD client may send: the negotiation comes to an end, and a request
 * that is not refused asks for bytes that are there. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "serve/nbd.h"
#include "serve/negotiation.h"
#include "serve/request.h"

/* What is answered must fit into the socket: nobody reads it. */
#define INPUT_MAX 2048

#define SIZE ((uint64_t)1 << 30)

static struct export exports[] = {
    { .name = "snap-0123456789abcdef0", .volume = { .size = SIZE,
                                                    .is_snapshot = true } },
    { .name = "b", .volume = { .size = 1000 } },
};

static void check_request(const struct request *r, const struct terms *t)
{
    uint32_t code = request_check(r, t);
    uint64_t size = t->export->volume.size;

    MUST(code == 0 || code == NBD_EINVAL || code == NBD_EPERM
         || code == NBD_EOVERFLOW);
    if (code)
        return;
    MUST(r->len && r->offset < size && r->offset + r->len <= size);
    MUST(r->type != NBD_CMD_WRITE && r->type != NBD_CMD_TRIM
         && r->type != NBD_CMD_WRITE_ZEROES);
    MUST(r->type != NBD_CMD_READ || r->len <= NBD_READ_MAX);
    MUST(r->type != NBD_CMD_BLOCK_STATUS || t->block_status);
}

static void serve(int fd, size_t count)
{
    const struct exports all = { exports, count };
    struct wire w = { .fd = fd };
    struct terms t = { 0 };
    struct request r;

    if (!negotiate(&w, &all, &t))
        return;
    MUST(t.export >= exports && t.export < exports + count);
    MUST(t.structured || !t.block_status);
    while (request_read(&w, &r))
        check_request(&r, &t);
}

static void talk(const uint8_t *data, size_t size, size_t count)
{
    int pair[2];

    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    MUST(send(pair[1], data, size, MSG_NOSIGNAL) == (ssize_t)size);
    shutdown(pair[1], SHUT_WR);
    serve(pair[0], count);
    close(pair[0]);
    close(pair[1]);
}

/* One that is alone has the empty name, too. */
int fuzz_one(const uint8_t *data, size_t size)
{
    size = size < INPUT_MAX ? size : INPUT_MAX;
    talk(data, size, 1);
    talk(data, size, 2);
    return 0;
}
