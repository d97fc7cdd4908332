#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "report/chapters.h"
#include "report/forms.h"
#include "report/model.h"
#include "report/sheet.h"

const char *const report_format_words[] = {
    [REPORT_HTML] = "html",
    [REPORT_TEXT] = "text",
    [REPORT_JSON] = "json",
    [REPORT_DFXML] = "dfxml",
    [REPORT_FORMATS] = NULL,
};

/* What stands behind the name of the output when there are several. */
static const char *const suffixes[REPORT_FORMATS] = {
    [REPORT_HTML] = ".html",
    [REPORT_TEXT] = ".report.txt",
    [REPORT_JSON] = ".json",
    [REPORT_DFXML] = ".dfxml",
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

static int compose(const struct report *r, int format, struct sheet *s,
                   struct err *e)
{
    switch (format) {
    case REPORT_HTML: chapters_write(r, &scribe_html, &s->t); break;
    case REPORT_TEXT: chapters_write(r, &scribe_text, &s->t); break;
    case REPORT_JSON: report_json(r, &s->t); break;
    default: return report_dfxml(r, s, e);
    }
    return s->t.failed ? err_nomem(e) : 0;
}

/* None gets its name before all are written. */
static int write_all(const struct report_options *o, const struct report *r,
                     struct sheet *sheets, struct err *e)
{
    for (int i = 0; i < REPORT_FORMATS; i++)
        if (has(o, i) && open_sheet(o, i, &sheets[i], e) < 0)
            return -1;
    for (int i = 0; i < REPORT_FORMATS; i++)
        if (has(o, i) && compose(r, i, &sheets[i], e) < 0)
            return -1;
    for (int i = 0; i < REPORT_FORMATS; i++)
        if (has(o, i) && sheet_finish(&sheets[i], e) < 0)
            return -1;
    return 0;
}

int report_run(const struct report_options *o, const char *name,
               struct err *e)
{
    struct sheet sheets[REPORT_FORMATS];
    autofree struct report *r = malloc(sizeof(*r));
    int status;

    if (!r)
        return err_nomem(e);
    if (several(o) && !o->output)
        return err_set(e, ERR_USAGE, 0, "several formats need --output, the "
                       "beginning of the names of their files");
    for (int i = 0; i < REPORT_FORMATS; i++)
        sheets[i] = (struct sheet){ .fd = -1 };
    status = report_fill(r, name, o->head, e);
    if (status == 0)
        status = write_all(o, r, sheets, e);
    if (status == 0)
        status = report_status(r);
    for (int i = 0; i < REPORT_FORMATS; i++)
        sheet_close(&sheets[i]);
    report_free(r);
    return status;
}
