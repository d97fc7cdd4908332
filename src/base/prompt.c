/* SPDX-License-Identifier: Apache-2.0 */
#include "base/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/scope.h"

/* A signal that comes just before poll() is seen after this time. */
enum { STEP_MS = 200 };

static void put(int tty, const char *s)
{
    size_t n = strlen(s);

    while (n > 0) {
        ssize_t w = write(tty, s, n);

        if (w <= 0)
            return;
        s += w;
        n -= (size_t)w;
    }
}

/* The terminal gives a line at a time. */
static int read_line(int tty, char *line, size_t room, struct err *e)
{
    struct pollfd p = { .fd = tty, .events = POLLIN };
    ssize_t n;

    do {
        if (interrupt_check(e) < 0)
            return -1;
    } while (poll(&p, 1, STEP_MS) <= 0);
    n = read(tty, line, room - 1);
    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return 0;
}

/* Nothing is shown from before the question on: who answers at once must be
 * neither seen nor, as what was typed before it is, thrown away. */
static int ask_unseen(int tty, const char *question, char *line, size_t room,
                      struct err *e)
{
    struct termios was, quiet;
    bool has = tcgetattr(tty, &was) == 0;
    int r;

    if (has) {
        quiet = was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(tty, TCSAFLUSH, &quiet);
    }
    put(tty, question);
    r = read_line(tty, line, room, e);
    if (has)
        tcsetattr(tty, TCSAFLUSH, &was);
    put(tty, "\n");
    return r;
}

int prompt_seen(const char *question, const char *why, char *line,
                size_t room, struct err *e)
{
    autoclose int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    line[0] = '\0';
    if (tty < 0)
        return err_set(e, ERR_USAGE, 0, "%s", why);
    tcflush(tty, TCIFLUSH);
    put(tty, question);
    return read_line(tty, line, room, e);
}

int prompt_unseen(const char *question, const char *why, char *line,
                  size_t room, struct err *e)
{
    autoclose int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    line[0] = '\0';
    if (tty < 0)
        return err_set(e, ERR_ACCESS, 0, "%s", why);
    return ask_unseen(tty, question, line, room, e);
}
