/* SPDX-License-Identifier: Apache-2.0 */
#include "base/xml.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/number.h"
#include "base/text.h"

enum {
    DEPTH = 16,
    PATH = 512,
    TEXT = 16 * 1024,
    DOCUMENT = 8 * 1024 * 1024,
};

struct reader {
    XML_Parser parser;
    const struct xml_handler *handler;
    void *ctx;
    struct err *e;
    bool failed;
    unsigned depth;
    size_t length[DEPTH + 1]; /* of the path at each depth */
    bool parent[DEPTH + 1];   /* has elements in it */
    struct text path;
    struct text text;
};

static void stop(struct reader *r)
{
    r->failed = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static void refuse(struct reader *r, const char *why)
{
    err_set(r->e, ERR_SERVICE, 0, "%s", why);
    stop(r);
}

static void run_out(struct reader *r)
{
    err_nomem(r->e);
    stop(r);
}

static void push(struct reader *r, const char *name)
{
    if (r->depth)
        text_add(&r->path, "/");
    text_add(&r->path, name);
    r->parent[r->depth++] = true;
    r->parent[r->depth] = false;
    r->length[r->depth] = r->path.len;
}

static void pop(struct reader *r)
{
    r->depth--;
    r->path.len = r->length[r->depth];
    r->path.s[r->path.len] = '\0';
}

static void XMLCALL begin(void *ctx, const XML_Char *name,
                          const XML_Char **attributes)
{
    struct reader *r = ctx;

    (void)attributes;
    if (r->failed)
        return;
    if (r->depth == DEPTH || r->path.len + strlen(name) + 1 > PATH) {
        refuse(r, "the XML is nested too deep");
        return;
    }
    text_clear(&r->text);
    push(r, name);
    if (r->path.failed)
        run_out(r);
    else if (r->handler->begin
             && r->handler->begin(r->ctx, r->path.s, r->e) < 0)
        stop(r);
}

static void XMLCALL end(void *ctx, const XML_Char *name)
{
    struct reader *r = ctx;
    const char *text = r->text.s ? r->text.s : "";

    (void)name;
    if (r->failed)
        return;
    if (r->parent[r->depth])
        text = NULL;
    if (r->handler->end(r->ctx, r->path.s, text, r->e) < 0)
        stop(r);
    text_clear(&r->text);
    pop(r);
}

static void XMLCALL characters(void *ctx, const XML_Char *s, int n)
{
    struct reader *r = ctx;

    if (r->failed)
        return;
    text_addn(&r->text, s, (size_t)n);
    if (r->text.failed)
        run_out(r);
    else if (r->text.len > TEXT)
        refuse(r, "the XML has a text that is too long");
}

/* No answer of AWS has one; entities that explode or read files do. */
static void XMLCALL doctype(void *ctx, const XML_Char *name,
                            const XML_Char *system, const XML_Char *public,
                            int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(ctx, "the XML has a document type, which is not accepted");
}

static int parse(struct reader *r, const char *xml, size_t n)
{
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, begin, end);
    XML_SetCharacterDataHandler(r->parser, characters);
    XML_SetStartDoctypeDeclHandler(r->parser, doctype);
    if (XML_Parse(r->parser, xml, (int)n, 1) == XML_STATUS_OK && !r->failed)
        return 0;
    if (!r->failed && XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY)
        err_nomem(r->e);
    else if (!r->failed)
        err_set(r->e, ERR_SERVICE, 0, "not well-formed XML: %s in line %lu",
                XML_ErrorString(XML_GetErrorCode(r->parser)),
                XML_GetCurrentLineNumber(r->parser));
    return -1;
}

int xml_read(const char *xml, size_t n, const struct xml_handler *h,
             void *ctx, struct err *e)
{
    struct reader r = { .handler = h, .ctx = ctx, .e = e };
    int result;

    if (n > DOCUMENT)
        return err_set(e, ERR_SERVICE, 0, "the XML is too large");
    r.parser = XML_ParserCreate("UTF-8");
    if (!r.parser)
        return err_nomem(e);
    result = parse(&r, xml, n);
    XML_ParserFree(r.parser);
    text_free(&r.path);
    text_free(&r.text);
    return result;
}

/* ---- fields */

static int store_number(const struct xml_field *f, uint64_t *at,
                        const char *text, struct err *e)
{
    if (number_parse(text, at) == 0)
        return 0;
    return err_set(e, ERR_SERVICE, 0, "%s is not a number", f->path);
}

static int store(const struct xml_field *f, void *at, const char *text,
                 struct err *e)
{
    struct xml_count *count = at;
    struct xml_flag *flag = at;

    switch (f->type) {
    case XML_TEXT:
        *(char **)at = strdup(text);
        return *(char **)at ? 0 : err_nomem(e);
    case XML_NUMBER:
        return store_number(f, at, text, e);
    case XML_COUNT:
        count->told = true;
        return store_number(f, &count->value, text, e);
    case XML_FLAG:
        flag->told = true;
        flag->value = strcmp(text, "true") == 0;
        if (!flag->value && strcmp(text, "false") != 0)
            return err_set(e, ERR_SERVICE, 0, "%s is neither true nor false",
                           f->path);
        return 0;
    }
    abort();
}

int xml_store(const struct xml_fields *f, uint32_t *seen, void *object,
              const char *path, const char *text, struct err *e)
{
    assert(f->n <= 32);
    for (size_t i = 0; i < f->n; i++) {
        const struct xml_field *row = &f->rows[i];

        if (strcmp(row->path, path) != 0)
            continue;
        if (!text)
            return err_set(e, ERR_SERVICE, 0, "%s is not a text", path);
        if (*seen & 1u << i)
            return err_set(e, ERR_SERVICE, 0, "%s is there twice", path);
        *seen |= 1u << i;
        return store(row, (char *)object + row->offset, text, e);
    }
    return 0;
}

int xml_complete(const struct xml_fields *f, uint32_t seen, struct err *e)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->rows[i].required && !(seen & 1u << i))
            return err_set(e, ERR_SERVICE, 0, "%s is missing",
                           f->rows[i].path);
    return 0;
}

void xml_free(const struct xml_fields *f, void *object)
{
    for (size_t i = 0; i < f->n; i++) {
        void *at = (char *)object + f->rows[i].offset;

        if (f->rows[i].type != XML_TEXT)
            continue;
        free(*(char **)at);
        *(char **)at = NULL;
    }
}
