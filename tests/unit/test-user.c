/* SPDX-License-Identifier: Apache-2.0 */
/* Who looks for a user gets this one, whomever others look for meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "base/err.h"
#include "base/thread.h"
#include "base/user.h"

#define LOOKS 2000

struct looker {
    pthread_t thread;
    uid_t uid;
    char name[64];
    unsigned wrong;
};

static void *look(void *arg)
{
    struct looker *l = arg;
    struct user u;

    for (int i = 0; i < LOOKS; i++) {
        const struct passwd *p = user_of(l->uid, &u);

        l->wrong += !p || strcmp(p->pw_name, l->name) != 0;
        p = user_named(l->name, &u);
        l->wrong += !p || p->pw_uid != l->uid;
    }
    return NULL;
}

/* The first that the system lists, and the last with another number. */
static size_t choose(struct looker l[4])
{
    const struct passwd *p;
    size_t n = 0;

    setpwent();
    while ((p = getpwent()) && strlen(p->pw_name) < sizeof(l[0].name)) {
        if (n && p->pw_uid == l[0].uid)
            continue;
        n = n ? 2 : 1;
        l[n - 1].uid = p->pw_uid;
        strcpy(l[n - 1].name, p->pw_name);
    }
    endpwent();
    return n;
}

static void each_gets_his_own(void **state)
{
    struct looker l[4] = { { .wrong = 0 } };
    struct err e = ERR_INIT;

    (void)state;
    if (choose(l) < 2)
        skip();
    for (int i = 0; i < 4; i++) {
        l[i].uid = l[i % 2].uid;
        memmove(l[i].name, l[i % 2].name, sizeof(l[i].name));
        assert_int_equal(thread_start(&l[i].thread, look, &l[i], "look", &e),
                         0);
    }
    for (int i = 0; i < 4; i++) {
        thread_join(l[i].thread);
        assert_int_equal(l[i].wrong, 0);
    }
}

static void one_that_is_not_there_is_none(void **state)
{
    struct user u;

    (void)state;
    assert_null(user_named("no user:of this name", &u));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_gets_his_own),
        cmocka_unit_test(one_that_is_not_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
