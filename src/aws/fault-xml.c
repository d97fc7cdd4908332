/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/fault-xml.h"

#include <expat.h>
#include <string.h>

enum {
    DEPTH_LIMIT = 16,
    TEXT_LIMIT = 4096,
};

struct reader {
    XML_Parser parser;
    struct text *code, *message;
    struct text *into; /* where text goes now, or NULL */
    int depth;
    int error_depth;   /* of <Error>, 0 outside */
    bool seen;         /* only the first <Error> counts */
};

static void XMLCALL start(void *ctx, const XML_Char *name,
                          const XML_Char **attributes)
{
    struct reader *r = ctx;

    (void)attributes;
    if (++r->depth > DEPTH_LIMIT) {
        XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    r->into = NULL;
    if (!r->seen && strcmp(name, "Error") == 0) {
        r->error_depth = r->depth;
        r->seen = true;
    } else if (r->error_depth && r->depth == r->error_depth + 1) {
        if (strcmp(name, "Code") == 0 && !r->code->len)
            r->into = r->code;
        else if (strcmp(name, "Message") == 0 && !r->message->len)
            r->into = r->message;
    }
}

static void XMLCALL end(void *ctx, const XML_Char *name)
{
    struct reader *r = ctx;

    (void)name;
    r->into = NULL;
    if (r->depth-- == r->error_depth)
        r->error_depth = 0;
}

static void XMLCALL text(void *ctx, const XML_Char *s, int n)
{
    struct reader *r = ctx;

    if (r->into && r->into->len < TEXT_LIMIT)
        text_addn(r->into, s, (size_t)n);
}

static void XMLCALL doctype(void *ctx, const XML_Char *name,
                            const XML_Char *system, const XML_Char *public,
                            int internal)
{
    struct reader *r = ctx;

    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    XML_StopParser(r->parser, XML_FALSE);
}

int fault_xml(const char *body, size_t n, struct text *code,
              struct text *message)
{
    struct reader r = {
        .parser = XML_ParserCreate(NULL),
        .code = code,
        .message = message,
    };
    enum XML_Status status;

    if (!r.parser)
        return -1;
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, start, end);
    XML_SetCharacterDataHandler(r.parser, text);
    XML_SetStartDoctypeDeclHandler(r.parser, doctype);
    status = XML_Parse(r.parser, body, (int)n, 1);
    XML_ParserFree(r.parser);
    return status == XML_STATUS_OK ? 0 : -1;
}
