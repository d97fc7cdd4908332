/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/overlay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/child.h"

#define PROGRAM "qemu-img"

/* Another user could read there what is written; and an overlay of another
 * disk must not be written over. */
static int make_file(const char *file, struct err *e)
{
    int fd;

    if (file_create(file, &fd, e) < 0)
        return err_in(e, "--overlay");
    close(fd);
    return 0;
}

static int await(pid_t pid, struct err *e)
{
    int status;
    pid_t got;

    do
        got = waitpid(pid, &status, 0);
    while (got < 0 && errno == EINTR);
    if (got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (got == pid && WIFEXITED(status)
        && WEXITSTATUS(status) == CHILD_NOT_THERE)
        return err_set(e, ERR_USAGE, 0, "--overlay needs " PROGRAM ", which "
                       "is not here: Debian has it in qemu-utils");
    return err_set(e, ERR_DEST, 0, PROGRAM " could not make the overlay");
}

/* Neither it nor we look at the export: -u takes the size from here. */
static int run(const char *path, const char *uri, uint64_t size,
               struct err *e)
{
    char bytes[24];
    const char *argv[] = { PROGRAM, "create", "-q", "-u", "-f", "qcow2", "-F",
                           "raw", "-b", uri, path, bytes, NULL };
    pid_t pid;

    snprintf(bytes, sizeof(bytes), "%" PRIu64, size);
    pid = child_start((char **)(uintptr_t)argv, e);
    return pid < 0 ? -1 : await(pid, e);
}

int overlay_make(const char *file, const char *uri, uint64_t size,
                 struct err *e)
{
    autotext struct text path = TEXT_INIT;

    /* A name with a colon would be a protocol, one with a dash an option. */
    text_addf(&path, "%s%s", *file == '/' ? "" : "./", file);
    if (path.failed)
        return err_nomem(e);
    if (make_file(path.s, e) < 0)
        return -1;
    if (run(path.s, uri, size, e) == 0)
        return 0;
    unlink(path.s);
    return -1;
}

/* In the value of -drive a comma is written twice. */
void overlay_add_command(const char *file, struct text *t)
{
    autotext struct text drive = TEXT_INIT;

    text_addf(&drive, "format=qcow2,file=%s", *file == '/' ? "" : "./");
    for (const char *p = file; *p; p++)
        text_addf(&drive, *p == ',' ? ",," : "%c", *p);
    text_add(t, "qemu-system-x86_64 -m 2G -nic none -drive ");
    if (!drive.failed)
        text_add_quoted(t, drive.s);
    text_add(t, "\n");
    t->failed |= drive.failed;
}
