#include "seal/read.h"

#include <string.h>

#include "base/file.h"

int seal_slurp(const char *path, size_t limit, struct text *out,
               struct err *e)
{
    if (file_check_regular(path, e) < 0
        || file_slurp(path, limit, out, e) < 0) {
        if (e->kind == ERR_USAGE)
            e->kind = ERR_VERIFY;
        return -1;
    }
    return out->failed ? err_nomem(e) : 0;
}

char *seal_beside(const char *prefix, const char *name)
{
    const char *slash = strrchr(prefix, '/');
    struct text t = TEXT_INIT;

    if (slash)
        text_addn(&t, prefix, (size_t)(slash + 1 - prefix));
    text_add(&t, file_name(name));
    if (t.failed)
        text_free(&t);
    return t.s;
}
