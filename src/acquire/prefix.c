/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/prefix.h"

#include <string.h>
#include <sys/stat.h>

#include "audit/typed.h"
#include "base/file.h"
#include "show/progress.h"
#include "show/tell.h"

static char *without_ending(const struct acquire_options *o)
{
    const char *given = o->output;
    size_t ending = typed_image_ending(file_name(given));
    char *prefix = strndup(given, strlen(given) - ending);

    if (ending && prefix && o->progress != PROGRESS_JSON)
        tell_note("--%s %s: the names of all files begin with %s",
                  o->streamed ? "papers" : "output", given, prefix);
    return prefix;
}

static char *inside(const char *folder, const char *id)
{
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    struct text t = TEXT_INIT;

    text_addf(&t, "%s%s%s", folder, slash, id);
    if (t.failed)
        text_free(&t);
    return t.s;
}

char *prefix_of(const struct acquire_options *o, const char *id,
                struct err *e)
{
    struct stat st = { 0 };
    bool there = o->output && *o->output && file_stat(o->output, &st) == 0;
    char *prefix;

    if (there && (S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode))) {
        err_set(e, ERR_USAGE, 0, "--%s %s is a device, and %s written into "
                "files: give the beginning of their names",
                o->streamed ? "papers" : "output", o->output,
                o->streamed ? "papers are" : "an image is");
        return NULL;
    }
    if (!o->output)
        prefix = strdup(id);
    else
        prefix = S_ISDIR(st.st_mode) ? inside(o->output, id)
                                     : without_ending(o);
    if (!prefix)
        err_nomem(e);
    return prefix;
}
