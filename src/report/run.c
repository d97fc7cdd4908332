/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "report/chapters.h"
#include "report/dossier.h"
#include "report/forms.h"
#include "report/model.h"
#include "report/sheet.h"
#include "report/uco.h"

const char *const report_format_words[] = {
    [REPORT_HTML] = "html",
    [REPORT_TEXT] = "text",
    [REPORT_JSON] = "json",
    [REPORT_DFXML] = "dfxml",
    [REPORT_CASE] = "case",
    [REPORT_FORMATS] = NULL,
};

/* What stands behind the name of the output when there are several. */
static const char *const suffixes[REPORT_FORMATS] = {
    [REPORT_HTML] = ".html",
    [REPORT_TEXT] = ".report.txt",
    [REPORT_JSON] = ".json",
    [REPORT_DFXML] = ".dfxml",
    [REPORT_CASE] = ".jsonld",
};

static bool has(const struct report_options *o, int format)
{
    return o->formats & 1u << format;
}

static bool several(const struct report_options *o)
{
    return (o->formats & (o->formats - 1)) != 0;
}

static int open_sheet(const struct report_options *o, int format,
                      struct sheet *s, struct err *e)
{
    autotext struct text path = TEXT_INIT;

    if (!o->output)
        return sheet_open(s, NULL, e);
    text_add(&path, o->output);
    if (several(o))
        text_add(&path, suffixes[format]);
    return path.failed ? err_nomem(e) : sheet_open(s, path.s, e);
}

/* What is written: the report of a run, or that of a case. */
struct subject {
    struct report *run;        /* or NULL */
    struct dossier *of_case;
};

static int compose_case(struct dossier *d, int format, struct text *t,
                        struct err *e)
{
    if (format == REPORT_JSON)
        dossier_json(d, t);
    else
        dossier_write(d, format == REPORT_HTML ? &scribe_html : &scribe_text,
                      t);
    return t->failed ? err_nomem(e) : 0;
}

static int compose(const struct subject *x, int format, struct sheet *s,
                   struct err *e)
{
    if (!x->run)
        return compose_case(x->of_case, format, &s->t, e);
    switch (format) {
    case REPORT_HTML: chapters_write(x->run, &scribe_html, &s->t); break;
    case REPORT_TEXT: chapters_write(x->run, &scribe_text, &s->t); break;
    case REPORT_JSON: report_json(x->run, &s->t); break;
    case REPORT_CASE: report_uco(x->run, &s->t); break;
    default: return report_dfxml(x->run, s, e);
    }
    return s->t.failed ? err_nomem(e) : 0;
}

/* None gets its name before all are written. */
static int write_all(const struct report_options *o, const struct subject *x,
                     struct err *e)
{
    struct sheet sheets[REPORT_FORMATS];
    int r = 0;

    for (int i = 0; i < REPORT_FORMATS; i++)
        sheets[i] = (struct sheet){ .fd = -1 };
    for (int i = 0; i < REPORT_FORMATS && r == 0; i++)
        r = has(o, i) ? open_sheet(o, i, &sheets[i], e) : 0;
    for (int i = 0; i < REPORT_FORMATS && r == 0; i++)
        r = has(o, i) ? compose(x, i, &sheets[i], e) : 0;
    for (int i = 0; i < REPORT_FORMATS && r == 0; i++)
        r = has(o, i) ? sheet_finish(&sheets[i], e) : 0;
    for (int i = 0; i < REPORT_FORMATS; i++)
        sheet_close(&sheets[i]);
    return r;
}

static int run_one(const struct report_options *o, const char *name,
                   struct err *e)
{
    autofree struct report *r = malloc(sizeof(*r));
    int status;

    if (!r)
        return err_nomem(e);
    status = report_fill(r, name, o->head, e);
    if (status == 0)
        status = write_all(o, &(struct subject){ .run = r }, e);
    if (status == 0)
        status = report_status(r);
    report_free(r);
    return status;
}

/* Each member is written while its papers are at hand: in one form. */
static int run_case(const struct report_options *o, const char *name,
                    struct err *e)
{
    const struct scribe_form *form = has(o, REPORT_HTML) ? &scribe_html
        : has(o, REPORT_TEXT) ? &scribe_text : NULL;
    struct dossier d;
    int status;

    if (several(o) || has(o, REPORT_DFXML) || has(o, REPORT_CASE)
        || o->head)
        return err_set(e, ERR_USAGE, 0, "%s is a case: of one there is html, "
                       "text or json, one at a time and without --head; give "
                       "the name of an image for the others", name);
    status = dossier_fill(&d, name, form, e);
    if (status == 0)
        status = write_all(o, &(struct subject){ .of_case = &d }, e);
    if (status == 0)
        status = dossier_status(&d);
    dossier_free(&d);
    return status;
}

int report_run(const struct report_options *o, const char *name,
               struct err *e)
{
    if (several(o) && !o->output)
        return err_set(e, ERR_USAGE, 0, "several formats need --output, the "
                       "beginning of the names of their files");
    return case_record_exists(name) ? run_case(o, name, e)
                                    : run_one(o, name, e);
}
