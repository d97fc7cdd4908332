/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"

int path_refuse(const char *folder, struct err *e)
{
    size_t end = 0;

    do {
        autofree char *part = NULL;

        end += strspn(folder + end, "/");
        end += strcspn(folder + end, "/");
        part = strndup(folder, end);
        if (!part)
            return err_nomem(e);
        if (!file_is_folder(part))
            return err_set(e, ERR_DEST, 0, "%s is not a folder, so there can "
                           "be no file in it", part);
    } while (folder[end]);
    return err_set(e, ERR_DEST, ENOTDIR, "cannot write in the folder %s",
                   folder);
}
