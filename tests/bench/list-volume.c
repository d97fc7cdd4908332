/* SPDX-License-Identifier: Apache-2.0 */
/* Lists every stored block of a snapshot as an acquisition does, through the
 * program's own calls, parser and block map, and fetches none of them: what
 * a list costs when the volume is too large to be fetched here.
 *
 *   list-volume SNAPSHOT ENDPOINT-URL CA-BUNDLE
 *
 * Prints the number of blocks and pages. */
#include <inttypes.h>
#include <stdio.h>

#include "ebs/listing.h"
#include "ebs/requests.h"
#include "fetch/blockmap.h"

/* An acquisition keeps to EBS's 50 a second; here that would only take
 * longer. */
#define PAGES_PER_SECOND 1000
#define PAGE_LIMIT (4u << 20)

static int next_page(struct aws *a, struct call *c, const char *snapshot,
                     struct blockmap *m, struct err *e)
{
    static const volatile int never;
    struct listing page;

    request_list(c, snapshot, blockmap_page_token(m),
                 blockmap_next_index(m));
    c->limit = PAGE_LIMIT;
    if (aws_wait(a, c, &never, e) < 0
        || listing_parse(c->answer->body.s, c->answer->body.len, &page, e)
            < 0)
        return -1;
    return blockmap_add(m, &page, e);
}

static void take_all(struct blockmap *m)
{
    char token[TOKEN_MAX + 1];
    uint32_t index;

    while (blockmap_peek(m, &index))
        blockmap_take(m, &index, token);
}

static int list(struct aws *a, const char *snapshot, struct err *e)
{
    struct call *c = call_new(a, e);
    struct blockmap *m = blockmap_new(0, e);
    int r = c && m ? 0 : -1;

    while (r == 0 && !blockmap_complete(m)) {
        r = next_page(a, c, snapshot, m, e);
        take_all(m);
    }
    if (r == 0)
        printf("%" PRIu64 " blocks, %" PRIu64 " pages\n", blockmap_listed(m),
               blockmap_pages(m));
    call_free(c);
    blockmap_free(m);
    return r;
}

static int run(char **argv, struct err *e)
{
    struct settings s = { 0 };
    struct aws_config config = {
        .settings = &s,
        .block_rate = 1,
        .list_rate = PAGES_PER_SECOND,
        .clock = &clock_system,
    };
    const struct settings_options o = {
        .region = "us-east-1",
        .endpoint_url = argv[2],
        .ca_bundle = argv[3],
    };
    struct aws *a = NULL;
    int r = settings_load(&o, &s, e);

    if (r == 0)
        r = (a = aws_new(&config, e)) ? list(a, argv[1], e) : -1;
    aws_free(a);
    settings_free(&s);
    return r;
}

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;

    if (argc != 4) {
        fputs("usage: list-volume SNAPSHOT ENDPOINT-URL CA-BUNDLE\n",
              stderr);
        return 2;
    }
    if (run(argv, &e) < 0) {
        fprintf(stderr, "list-volume: %s\n", e.msg);
        return 1;
    }
    return 0;
}
