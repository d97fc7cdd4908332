/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/mount.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "serve/child.h"

#define PROGRAM "nbdfuse"

/* It ends by itself when it is told to, unless somebody has the file open. */
#define END_STEPS 50
#define STEP_NS 100000000l

static int make_file(struct mount *m, const char *folder, const char *name,
                     struct err *e)
{
    struct text t = TEXT_INIT;
    int fd;

    text_addf(&t, "%s/%s.raw", folder, name);
    if (t.failed)
        return err_nomem(e);
    if (file_create(t.s, &fd, e) < 0) {
        text_free(&t);
        return -1;
    }
    close(fd);
    m->file = t.s;
    return 0;
}

int mount_start(struct mount *m, const char *folder, const char *name,
                char *uri, struct err *e)
{
    char program[] = PROGRAM, read_only[] = "-r";
    char *argv[] = { program, read_only, NULL, uri, NULL };

    if (make_file(m, folder, name, e) < 0)
        return -1;
    argv[2] = m->file;
    m->pid = child_start(argv, e);
    if (m->pid > 0)
        return 0;
    m->pid = 0;
    return -1;
}

int mount_check(struct mount *m, struct err *e)
{
    int status;

    if (!m->pid || waitpid(m->pid, &status, WNOHANG) != m->pid)
        return 0;
    m->pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_NOT_THERE)
        return err_set(e, ERR_INTERNAL, 0, "--mount needs " PROGRAM ", which "
                       "is not here: Debian has it in libnbd-bin");
    return err_set(e, ERR_DEST, 0, PROGRAM " has ended: %s is no longer "
                   "there", m->file);
}

/* Does it end within a while? */
static bool await(pid_t pid)
{
    const struct timespec step = { .tv_nsec = STEP_NS };

    for (int i = 0; i < END_STEPS; i++) {
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return true;
        nanosleep(&step, NULL);
    }
    return false;
}

static void end_program(struct mount *m)
{
    if (!m->pid)
        return;
    kill(m->pid, SIGTERM);
    if (!await(m->pid)) {
        kill(m->pid, SIGKILL);
        waitpid(m->pid, NULL, 0);
    }
    m->pid = 0;
}

void mount_end(struct mount *m)
{
    end_program(m);
    if (m->file)
        unlink(m->file);
    free(m->file);
    m->file = NULL;
}
