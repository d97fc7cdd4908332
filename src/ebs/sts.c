/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/sts.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/xml.h"

#define ROOT "GetCallerIdentityResponse"
#define RESULT ROOT "/GetCallerIdentityResult"

static const struct xml_field rows[] = {
    { RESULT "/Account", XML_TEXT, offsetof(struct sts_identity, account),
      true },
    { RESULT "/Arn", XML_TEXT, offsetof(struct sts_identity, arn), true },
    { RESULT "/UserId", XML_TEXT, offsetof(struct sts_identity, user_id),
      true },
    { ROOT "/ResponseMetadata/RequestId", XML_TEXT,
      offsetof(struct sts_identity, request_id), false },
};

static const struct xml_fields fields = {
    rows, sizeof(rows) / sizeof(rows[0])
};

void sts_caller_identity(struct call *c)
{
    call_reset(c);
    c->service = AWS_STS;
    c->pace = PACE_NONE;
    c->method = "POST";
    c->place = NULL;
    c->limit = 64 * KIB;
    text_add(&c->path, "/");
    call_form(c, "Action", "GetCallerIdentity");
    call_form(c, "Version", "2011-06-15");
}

struct parse {
    struct sts_identity *out;
    uint32_t seen;
};

static int end(void *ctx, const char *path, const char *text, struct err *e)
{
    struct parse *p = ctx;

    return xml_store(&fields, &p->seen, p->out, path, text, e);
}

int sts_parse_identity(const char *xml, size_t n, struct sts_identity *out,
                       struct err *e)
{
    static const struct xml_handler handler = { NULL, end };
    struct parse p = { .out = out };

    memset(out, 0, sizeof(*out));
    if (xml_read(xml, n, &handler, &p, e) < 0
        || xml_complete(&fields, p.seen, e) < 0)
        return err_in(e, "the answer of STS");
    return 0;
}

void sts_identity_free(struct sts_identity *i)
{
    xml_free(&fields, i);
}
