/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/read.h"

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
