/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "codec.h"
#include "journal.h"
#include "repeat.h"
#include "rule.h"
#include "sigv4check.h"
#include "token.h"
#include "when.h"
#include "xml.h"

const char *request_header(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (strcasecmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    return NULL;
}

void request_clear(struct request *r)
{
    answer_clear(&r->answer);
    bytes_free(&r->body);
    params_free(&r->params);
    free(r->path);
}

static void make_id(struct request *r)
{
    uint8_t raw[16];
    char hex[33];

    if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
        abort();
    raw[6] = (raw[6] & 0x0f) | 0x40;
    raw[8] = (raw[8] & 0x3f) | 0x80;
    codec_hex(raw, sizeof(raw), hex);
    snprintf(r->id, sizeof(r->id), "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
             hex + 12, hex + 16, hex + 20);
}

static void apply_rules(struct request *r)
{
    const char *first = params_get(&r->params, "firstSnapshotId");
    struct rule_request q = {
        .op = r->op->id,
        .snapshot = r->snapshot,
        .first = first ? first : "",
        .key = r->key_id,
        .region = r->region,
        .block = r->block,
    };

    rules_apply(r->server->rules, &q, &r->fx);
    if (effect_on(&r->fx, FX_EXPIRE_BLOCKS))
        tokens_expire(r->server->tokens, TOKEN_BLOCK);
    if (effect_on(&r->fx, FX_EXPIRE_PAGES))
        tokens_expire(r->server->tokens, TOKEN_LIST);
    r->now += effect_or(&r->fx, FX_CLOCK, 0) * 1000;
}

/* The framework checks what it can before the service sees anything. */
static bool valid(struct request *r)
{
    if (r->too_large) {
        fault_answer(r, FAULT_VALIDATION, "The request body is too large");
        return false;
    }
    if (r->snapshot[0] && !snapshot_id_valid(r->snapshot)) {
        fault_answer(r, FAULT_VALIDATION,
                     "1 validation error detected: Value '%s' at "
                     "'snapshotId' failed to satisfy constraint: Member "
                     "must satisfy regular expression pattern: "
                     "^snap-[0-9a-f]+$",
                     r->snapshot);
        return false;
    }
    return true;
}

static void redirect(struct request *r)
{
    answer_clear(&r->answer);
    r->answer.status = 302;
    r->answer.error = "Redirect";
    answer_header(&r->answer, "Location", "http://127.0.0.2%.200s", r->path);
}

/* EC2 only says whether the caller may. */
static bool is_dry_run(const struct request *r)
{
    const char *dry = params_get(&r->params, "DryRun");

    return r->op->family == FAMILY_EC2 && r->op->id != OP_UNKNOWN && dry &&
           strcmp(dry, "true") == 0;
}

static void answer(struct request *r)
{
    bool parsed = params_parse(&r->params, r->query);

    if (strcmp(r->path, "/") == 0 && strcmp(r->method, "POST") == 0)
        parsed = parsed && params_parse(&r->params, bytes_text(&r->body));
    op_find(r);
    sigv4check_claim(r);
    apply_rules(r);
    /* A wrong signature is never hidden by a rule. */
    if (!sigv4check(r))
        return;
    if (!parsed)
        fault_answer(r, FAULT_VALIDATION, "Malformed parameters");
    else if (effect_on(&r->fx, FX_REDIRECT))
        redirect(r);
    else if (r->fx.fault)
        fault_answer_as(r, r->fx.fault, r->fx.dialect, r->fx.body);
    else if (is_dry_run(r))
        fault_answer(r, FAULT_EC2_DRY_RUN, NULL);
    else if (valid(r))
        r->op->serve(r);
}

static void drop_header(struct answer *a, const char *name)
{
    for (size_t i = 0; i < a->header_count; i++)
        if (strcasecmp(a->headers[i].name, name) == 0) {
            a->header_count--;
            memmove(&a->headers[i], &a->headers[i + 1],
                    (a->header_count - i) * sizeof(a->headers[0]));
            return;
        }
}

static void drop_headers(struct request *r)
{
    static const struct {
        enum header_bit bit;
        const char *name;
    } rows[] = {
        { HEADER_CHECKSUM, "x-amz-Checksum" },
        { HEADER_ALGORITHM, "x-amz-Checksum-Algorithm" },
        { HEADER_DATA_LENGTH, "x-amz-Data-Length" },
        { HEADER_REQUEST_ID, "x-amzn-RequestId" },
        { HEADER_DATE, "Date" },
    };
    int64_t bits = effect_or(&r->fx, FX_DROP_HEADER, 0);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (bits & rows[i].bit)
            drop_header(&r->answer, rows[i].name);
    if (bits & HEADER_TYPE)
        r->answer.type = NULL;
}

static void replace_body(struct request *r)
{
    r->answer.block = NULL;
    bytes_free(&r->answer.body);
    bytes_str(&r->answer.body,
              "{\"BlockSize\":524288,\"Blocks\":[{\"BlockIn\xff\xfe}]]");
}

void request_serve(struct request *r)
{
    char date[WHEN_ROOM];

    make_id(r);
    r->now = when_now() + r->server->clock_offset;
    r->answer.status = 200;
    r->block = -1;
    answer(r);
    if (r->answer.body.broken)
        fault_answer(r, FAULT_500, "out of memory");
    if (effect_on(&r->fx, FX_GARBAGE))
        replace_body(r);
    if (effect_on(&r->fx, FX_CLOSE))
        r->answer.close = true;
    if (r->op->family == FAMILY_EC2)
        xml_ec2_headers(r);
    answer_header(&r->answer, "x-amzn-RequestId", "%s", r->id);
    answer_header(&r->answer, "Date", "%s",
                  when_text(WHEN_HTTP, r->now, date));
    repeat_request(r);
    drop_headers(r);
    if (r->server->journal)
        journal_write(r->server->journal, r);
}
