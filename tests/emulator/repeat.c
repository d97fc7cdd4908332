/* SPDX-License-Identifier: Apache-2.0 */
#include "repeat.h"

#include <stdio.h>

#include "request.h"

static const char *header_or(const struct request *r, const char *name)
{
    const char *value = request_header(r, name);

    return value ? value : "-";
}

static void take_all(struct request *r, struct bytes *all)
{
    bytes_fmt(all, "token %s authorization %s query %s body %s",
              header_or(r, "x-amz-security-token"),
              header_or(r, "authorization"), r->query,
              bytes_text(&r->body));
}

static void escape(struct bytes *to, const char *text, bool xml)
{
    for (; *text; text++)
        bytes_fmt(to, xml ? "&#%d;" : "\\u%04x", (unsigned char)*text);
}

static void escaped(struct request *r, const char *text)
{
    bool xml = r->op->family != FAMILY_EBS;
    struct bytes *b;

    fault_answer(r, FAULT_500, NULL);
    b = &r->answer.body;
    bytes_free(b);
    bytes_str(b, xml ? "<Response><Errors><Error><Code>InternalError</Code>"
                       "<Message>" : "{\"Message\":\"");
    escape(b, text, xml);
    bytes_str(b, xml ? "</Message></Error></Errors></Response>" : "\"}");
}

static void reason(struct request *r, const char *token)
{
    struct bytes *b;

    fault_answer(r, FAULT_VALIDATION, "no");
    b = &r->answer.body;
    bytes_free(b);
    bytes_fmt(b, "{\"Message\":\"no\",\"Reason\":\"%s\"}", token);
}

/* A header has room for the beginning of a token. */
static void in_header(struct request *r, const char *name, const char *token)
{
    answer_header(&r->answer, name, "%.60s", token);
}

void repeat_request(struct request *r)
{
    const char *token = header_or(r, "x-amz-security-token");
    autobytes all = { 0 };

    if (!effect_on(&r->fx, FX_REPEAT))
        return;
    take_all(r, &all);
    switch ((enum repeat_place)r->fx.value[FX_REPEAT]) {
    case REPEAT_MESSAGE:
        fault_answer(r, FAULT_500, "%s", bytes_text(&all));
        break;
    case REPEAT_ESCAPED:
        escaped(r, bytes_text(&all));
        break;
    case REPEAT_TYPE:
        fault_answer(r, FAULT_500, "no");
        in_header(r, "x-amzn-ErrorType", token);
        break;
    case REPEAT_REASON:
        reason(r, token);
        break;
    case REPEAT_REQUEST_ID:
        fault_answer(r, FAULT_500, "no");
        in_header(r, "x-amzn-RequestId", token);
        break;
    case REPEAT_ALGORITHM:
        in_header(r, "x-amz-Checksum-Algorithm", token);
        break;
    case REPEAT_LENGTH:
        in_header(r, "x-amz-Data-Length", token);
        break;
    }
}
