/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that a program prints (credential_process).  It is run without a
 * shell, as the AWS CLI does, with this program's environment and terminal;
 * what it prints on standard error is shown when it fails. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aws/keys-json.h"
#include "aws/keys.h"
#include "aws/words.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"

enum {
    OUTPUT_MAX = 64 * KIB,
    STEP_MS = 200,      /* it is looked at `stop' so often */
    REAP_STEP_MS = 10,
    PATIENCE_STEPS = 100,
    WORDS_SHOWN = 300,  /* of what it says is wrong */
};

extern char **environ;

struct child {
    pid_t pid;
    int out, err;        /* our ends; -1: closed */
    struct text output, words;
};

/* -------------------------------------------------------------- starting */

/* The child has the signals as this program got them, not as it uses them. */
static int prepare(posix_spawnattr_t *attr)
{
    sigset_t none, usual;

    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    sigaddset(&usual, SIGUSR2);
    if (posix_spawnattr_init(attr) != 0)
        return -1;
    posix_spawnattr_setsigmask(attr, &none);
    posix_spawnattr_setsigdefault(attr, &usual);
    posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK
                                   | POSIX_SPAWN_SETSIGDEF);
    return 0;
}

/* An errno. */
static int spawn(struct child *c, char **words, int out, int err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    int r;

    if (prepare(&attr) < 0)
        return ENOMEM;
    r = posix_spawn_file_actions_init(&files);
    if (r == 0) {
        posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
        r = posix_spawnp(&c->pid, words[0], &files, &attr, words, environ);
        posix_spawn_file_actions_destroy(&files);
    }
    posix_spawnattr_destroy(&attr);
    return r;
}

static int start(struct child *c, char **words, struct err *e)
{
    int out[2] = { -1, -1 }, err[2] = { -1, -1 };
    int r = pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0
        ? errno : spawn(c, words, out[1], err[1]);

    c->out = out[0];
    c->err = err[0];
    if (out[1] >= 0)
        close(out[1]);
    if (err[1] >= 0)
        close(err[1]);
    return r ? err_set(e, ERR_ACCESS, r, "cannot run %s", words[0]) : 0;
}

/* --------------------------------------------------------------- reading */

/* What it has printed; at its end the descriptor is closed. */
static int drain(int *fd, struct text *to, struct err *e)
{
    char buf[4096];
    ssize_t n = read(*fd, buf, sizeof(buf));

    if (n < 0 && errno == EINTR)
        return 0;
    if (n <= 0) {
        close(*fd);
        *fd = -1;
        return 0;
    }
    if (to->len + (size_t)n > OUTPUT_MAX)
        return err_set(e, ERR_ACCESS, 0, "it prints more than %d KiB",
                       (int)(OUTPUT_MAX / KIB));
    text_addn(to, buf, (size_t)n);
    secret_wipe(buf, (size_t)n);
    return to->failed ? err_nomem(e) : 0;
}

static int listen_to(struct child *c, const volatile int *stop,
                     struct err *e)
{
    while (c->out >= 0 || c->err >= 0) {
        struct pollfd fds[2] = { { c->out, POLLIN, 0 },
                                 { c->err, POLLIN, 0 } };

        if (stop && *stop)
            return err_set(e, ERR_INTERRUPTED, 0, "interrupted");
        if (poll(fds, 2, STEP_MS) <= 0)
            continue;
        if ((fds[0].revents && drain(&c->out, &c->output, e) < 0)
            || (fds[1].revents && drain(&c->err, &c->words, e) < 0))
            return -1;
    }
    return 0;
}

static void close_ends(struct child *c)
{
    if (c->out >= 0)
        close(c->out);
    if (c->err >= 0)
        close(c->err);
    c->out = c->err = -1;
}

/* Waits for its end; who is not wanted any more, or goes on after the run
 * shall end, is told to end, and then made to. */
static int reap(struct child *c, bool unwanted, const volatile int *stop)
{
    int status = 0, told = 0;

    close_ends(c);
    while (waitpid(c->pid, &status, WNOHANG) == 0) {
        if ((unwanted || (stop && *stop))
            && kill(c->pid, told++ < PATIENCE_STEPS ? SIGTERM : SIGKILL) < 0)
            break; /* another user's, by sudo: it is left alone */
        poll(NULL, 0, REAP_STEP_MS);
    }
    return status;
}

/* POSIX: posix_spawn() may tell in this way that there is no such program. */
#define NOT_FOUND 127

static int check_end(const struct child *c, int status, const char *program,
                     struct err *e)
{
    const char *words = c->words.s ? c->words.s : "";

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND && !*words)
        return err_set(e, ERR_ACCESS, 0, "cannot run %s: it ended with "
                       "status %d without a word", program, NOT_FOUND);
    return err_set(e, ERR_ACCESS, 0, "it failed with %s %d%s%.*s",
                   WIFSIGNALED(status) ? "signal" : "status",
                   WIFSIGNALED(status) ? WTERMSIG(status)
                                       : WEXITSTATUS(status),
                   *words ? ": " : "", WORDS_SHOWN, words);
}

static int run(struct child *c, char **words, const volatile int *stop,
               struct err *e)
{
    int r, status;

    if (start(c, words, e) < 0) {
        close_ends(c);
        return -1;
    }
    r = listen_to(c, stop, e);
    status = reap(c, r < 0, stop);
    if (r == 0 && stop && *stop)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted");
    return r < 0 ? -1 : check_end(c, status, words[0], e);
}

/* ---------------------------------------------------------------- result */

static int read_keys(const struct text *t, struct credentials *out,
                     struct err *e)
{
    static const struct keys_names names = {
        .id = "AccessKeyId", .secret = "SecretAccessKey",
        .token = "SessionToken", .expires = "Expiration",
    };
    cJSON *o = keys_parse_json(t->s, t->len, e);
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(o, "Version");
    int r = -1;

    if (o && (!cJSON_IsNumber(version) || version->valuedouble != 1))
        err_set(e, ERR_ACCESS, 0, "what it prints is not of Version 1");
    else if (o)
        r = keys_from_json(o, &names, out, e);
    keys_wipe_json(o);
    return r;
}

static void forget(struct child *c)
{
    if (c->output.s)
        secret_wipe(c->output.s, c->output.len);
    text_free(&c->output);
    text_free(&c->words);
}

int keys_from_process(const struct keys_base *b, const struct keys_env *env,
                      struct credentials *out, struct err *e)
{
    struct child c = { .out = -1, .err = -1 };
    size_t n;
    autofree char **words = words_split(b->command, &n, e);
    int r = -1;

    if (!words && e->kind == ERR_USAGE)
        e->kind = ERR_ACCESS;
    if (words && n)
        r = run(&c, words, env->stop, e);
    else if (words)
        err_set(e, ERR_ACCESS, 0, "it names no program");
    if (r == 0)
        r = read_keys(&c.output, out, e);
    forget(&c);
    return r < 0 ? err_in(e, "the credential_process of profile %s",
                          b->profile) : 0;
}
