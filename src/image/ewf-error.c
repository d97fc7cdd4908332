/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-error.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"

/* Less room than this after a failed write: that was the reason. */
#define NO_ROOM (64 * KIB)

/* errno after a call into libewf is a hint only: believe it when it is one
 * that files give. */
static bool is_file_error(int number)
{
    static const int known[] = {
        ENOSPC, EDQUOT, EIO, EFBIG, EROFS, EACCES, EPERM, ENOENT, ENOTDIR,
        EMFILE, ENFILE, ENAMETOOLONG, EISDIR, ELOOP, ENXIO, ESTALE, ENODEV,
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (number == known[i])
            return true;
    return false;
}

static int cause(int number, enum err_kind kind, const char *path)
{
    struct err ignored = ERR_INIT;
    uint64_t room = 0;

    if (kind == ERR_INTERNAL)
        return 0; /* no file was touched */
    if (is_file_error(number))
        return number;
    if (kind == ERR_DEST && file_room(path, &room, &ignored) == 0
        && room < NO_ROOM)
        return ENOSPC;
    return 0;
}

/* The innermost line of the backtrace without its function's name. */
static const char *reason(libewf_error_t *error, char *buf, size_t room)
{
    char *colon;

    if (!error || libewf_error_backtrace_sprint(error, buf, room) <= 0)
        return "no reason given";
    buf[strcspn(buf, "\n")] = '\0';
    colon = strstr(buf, ": ");
    return colon ? colon + 2 : buf;
}

int ewf_fail(struct err *e, enum err_kind kind, libewf_error_t **error,
             const char *doing, const char *path)
{
    bool no_memory = errno == ENOMEM;
    int number = no_memory ? 0 : cause(errno, kind, path);
    char buf[4096] = "";

    if (no_memory)
        err_nomem(e);
    else if (number)
        err_set(e, kind, number, "cannot %s %s", doing, path);
    else
        err_set(e, kind, 0, "cannot %s %s: libewf: %s", doing, path,
                reason(*error, buf, sizeof(buf)));
    libewf_error_free(error);
    return -1;
}
