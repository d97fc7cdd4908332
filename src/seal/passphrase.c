/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/passphrase.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/prompt.h"
#include "base/text.h"

enum { STEP_MS = 200 };

/* Byte by byte: what follows the line is for another reader.  1, 0 at its
 * end. */
static int read_byte(int fd, char *c, struct err *e)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    ssize_t n;

    do {
        if (interrupt_check(e) < 0)
            return -1;
    } while (poll(&p, 1, STEP_MS) == 0);
    n = read(fd, c, 1);
    if (n < 0)
        return err_set(e, ERR_USAGE, errno, "--passphrase-fd: the descriptor "
                       "%d cannot be read", fd);
    return (int)n;
}

static int read_line(struct passphrase *p)
{
    size_t n = 0;
    char c = 0;
    int r;

    while ((r = read_byte(p->fd, &c, &p->err)) > 0 && c != '\n') {
        if (n + 1 == sizeof(p->text))
            return err_set(&p->err, ERR_USAGE, 0, "--passphrase-fd gives "
                           "more than %d characters in a line",
                           PASSPHRASE_MAX - 1);
        p->text[n++] = c;
    }
    secret_wipe(&c, sizeof(c));
    p->text[n] = '\0';
    return r < 0 ? -1 : 0;
}

static int ask(struct passphrase *p)
{
    autotext struct text question = TEXT_INIT;

    text_add(&question, "ebsimg: passphrase of ");
    text_add_shown(&question, p->file);
    text_add(&question, ": ");
    if (question.failed)
        return err_nomem(&p->err);
    return prompt_unseen(question.s, "the key wants a passphrase, and there "
                         "is no terminal to ask for it: give it with "
                         "--passphrase-fd", p->text, sizeof(p->text),
                         &p->err);
}

const char *passphrase_get(struct passphrase *p)
{
    if (!p->asked) {
        p->asked = true;
        if ((p->fd >= 0 ? read_line(p) : ask(p)) < 0)
            secret_wipe(p->text, sizeof(p->text));
    }
    return p->err.kind == ERR_NONE ? p->text : NULL;
}

void passphrase_wipe(struct passphrase *p)
{
    secret_wipe(p->text, sizeof(p->text));
}

int passphrase_for_pem(char *buf, int room, int writing, void *p)
{
    const char *text = passphrase_get(p);
    size_t n = text ? strlen(text) : 0;

    (void)writing;
    if (!text || room < 0 || n >= (size_t)room)
        return -1;
    memcpy(buf, text, n + 1);
    return (int)n;
}
