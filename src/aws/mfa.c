#include "aws/mfa.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"

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

static void put_question(int tty, const char *serial)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "ebsimg: MFA code of ");
    text_add_shown(&t, serial);
    text_add(&t, ": ");
    if (!t.failed)
        put(tty, t.s);
}

/* The terminal gives a line at a time. */
static ssize_t read_line(int tty, char *line, size_t room, struct err *e)
{
    struct pollfd p = { .fd = tty, .events = POLLIN };
    ssize_t n = 0;

    do {
        if (interrupt_check(e) < 0)
            return -1;
    } while (poll(&p, 1, STEP_MS) <= 0);
    n = read(tty, line, room - 1);
    line[n > 0 ? n : 0] = '\0';
    return n;
}

static int read_unseen(int tty, char *line, size_t room, struct err *e)
{
    struct termios was, quiet;
    bool has = tcgetattr(tty, &was) == 0;
    ssize_t n;

    if (has) {
        quiet = was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(tty, TCSAFLUSH, &quiet);
    }
    n = read_line(tty, line, room, e);
    if (has)
        tcsetattr(tty, TCSAFLUSH, &was);
    put(tty, "\n");
    return n < 0 && e->kind == ERR_INTERRUPTED ? -1 : 0;
}

int mfa_ask(const char *serial, char *code, size_t room, struct err *e)
{
    autoclose int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (tty < 0)
        return err_set(e, ERR_ACCESS, 0, "the MFA device %s: its code is "
                       "needed, and there is no terminal to ask for it",
                       serial);
    put_question(tty, serial);
    if (read_unseen(tty, code, room, e) < 0)
        return -1;
    code[strcspn(code, "\r\n")] = '\0';
    if (*code && !code[strspn(code, "0123456789")])
        return 0;
    secret_wipe(code, room);
    return err_set(e, ERR_ACCESS, 0, "the MFA device %s: its code is digits "
                   "alone, and at least one", serial);
}
