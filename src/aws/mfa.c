/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/mfa.h"

#include <string.h>

#include "base/prompt.h"
#include "base/text.h"
#include "base/thread.h"

/* Several images at once, one terminal. */
static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;

static int ask(const char *question, const char *serial, char *code,
               size_t room, struct err *e)
{
    autotext struct text why = TEXT_INIT;

    text_addf(&why, "the MFA device %s: its code is needed, and there is no "
              "terminal to ask for it", serial);
    return why.failed ? err_nomem(e)
                      : prompt_unseen(question, why.s, code, room, e);
}

static int ask_alone(const char *question, const char *serial, char *code,
                     size_t room, struct err *e)
{
    AUTOLOCK(&asking);

    return ask(question, serial, code, room, e);
}

int mfa_ask(const char *serial, char *code, size_t room, struct err *e)
{
    autotext struct text question = TEXT_INIT;

    text_add(&question, "ebsimg: MFA code of ");
    text_add_shown(&question, serial);
    text_add(&question, ": ");
    if (question.failed)
        return err_nomem(e);
    if (ask_alone(question.s, serial, code, room, e) < 0)
        return -1;
    if (*code && !code[strspn(code, "0123456789")])
        return 0;
    secret_wipe(code, room);
    return err_set(e, ERR_ACCESS, 0, "the MFA device %s: its code is digits "
                   "alone, and at least one", serial);
}
