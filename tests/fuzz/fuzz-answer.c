/* SPDX-License-Identifier: Apache-2.0 */
/* A whole answer: status, headers, an empty line, the body, as on the wire.
 * Everything that reads an answer reads it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "aws/backoff.h"
#include "aws/fault.h"
#include "aws/verdict.h"
#include "ebs/requests.h"
#include "flow/slot.h"
#include "fuzz.h"

static void check_header(const struct http_answer *a, const char *name,
                         size_t room)
{
    char *buf = malloc(room);
    const char *v = http_header(a, name, buf, room);

    MUST(!v || (v == buf && strlen(v) < room));
    for (; v && *v; v++)
        MUST((unsigned char)*v >= 0x20 && *v != 0x7f);
    free(buf);
}

static void check_word(const char *s, size_t room)
{
    MUST(strnlen(s, room) < room);
    for (; *s; s++)
        MUST(isalnum((unsigned char)*s) || strchr("._-[]?", *s));
}

static void check_fault(const struct http_answer *a)
{
    struct fault f;

    fuzz_count();
    fault_read(a, &f);
    fuzz_spent_at_most(64 * 1024 + 160 * a->body.len);
    check_word(f.type, sizeof(f.type));
    check_word(f.reason, sizeof(f.reason));
    MUST(strnlen(f.message, sizeof(f.message)) < sizeof(f.message));
    MUST(fuzz_is_shown(f.message));
}

/* What is no success is never taken for one, and always explained. */
static void check_verdict(const struct http_answer *a)
{
    struct err e = ERR_INIT;
    enum verdict v = verdict_of(a, &e);

    MUST((v == V_OK) == (a->status == 200));
    MUST(v == V_OK || (e.kind != ERR_NONE && e.msg[0]));
    MUST(fuzz_is_shown(e.msg));
    MUST(verdict_name(v)[0]);
}

/* The body as the block that was asked for: it has the right length, so the
 * headers alone decide. */
static void check_block(struct http_answer *a)
{
    struct err e = ERR_INIT;
    unsigned char sha256[32];
    char buf[64];

    a->len = BLOCK_SIZE;
    a->in_place = true;
    if (block_answer(a, sha256, &e) < 0)
        MUST(e.kind == ERR_SERVICE && fuzz_is_shown(e.msg));
    else
        MUST(http_header(a, "X-AMZ-CHECKSUM", buf, sizeof(buf))
             && strlen(buf) == 44);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    const uint8_t *blank = size ? memmem(data, size, "\n\n", 2) : NULL;
    size_t head = blank ? (size_t)(blank - data) + 1 : size;
    struct http_answer a = { .fault = HTTP_ANSWERED };
    char *text = fuzz_text(data, head);

    a.status = atoi(text) % 1000;
    text_addn(&a.headers, text, strlen(text));
    if (blank)
        text_addn(&a.body, (const char *)blank + 2, size - head - 1);
    a.len = a.body.len;
    check_header(&a, "x-amzn-RequestId", 64);
    check_header(&a, "Date", 5);
    check_header(&a, "Retry-After", 1);
    check_fault(&a);
    check_verdict(&a);
    MUST(backoff_asked_ms(&a) <= 60000);
    check_block(&a);
    text_free(&a.headers);
    text_free(&a.body);
    free(text);
    return 0;
}
