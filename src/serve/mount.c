#include "serve/mount.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

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

/* Our keys are in our environment, and no business of the child's. */
static char **environment(void)
{
    static char *none[] = { NULL, NULL };
    const char *path = getenv("PATH");
    static struct text t;

    text_clear(&t);
    text_addf(&t, "PATH=%s", path ? path : "/usr/bin:/bin");
    none[0] = t.s;
    return none;
}

/* Signals of the terminal are ours to pass on; and when we die, so does it,
 * whatever kills us. */
static void become(char **argv, char **env)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execvpe(argv[0], argv, env);
    _exit(127);
}

int mount_start(struct mount *m, const char *folder, const char *name,
                char *uri, struct err *e)
{
    char **env = environment();
    char program[] = PROGRAM, read_only[] = "-r";
    char *argv[] = { program, read_only, NULL, uri, NULL };

    if (!env[0])
        return err_nomem(e);
    if (make_file(m, folder, name, e) < 0)
        return -1;
    argv[2] = m->file;
    m->pid = fork();
    if (m->pid == 0)
        become(argv, env);
    if (m->pid > 0)
        return 0;
    m->pid = 0;
    return err_set(e, ERR_INTERNAL, errno, "cannot start " PROGRAM);
}

int mount_check(struct mount *m, struct err *e)
{
    int status;

    if (!m->pid || waitpid(m->pid, &status, WNOHANG) != m->pid)
        return 0;
    m->pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
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
