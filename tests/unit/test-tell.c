/* SPDX-License-Identifier: Apache-2.0 */
/* What is told arrives whole, harmless and at the right level, and takes the
 * progress line away for a moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show/tell.h"

static char got[8192];

/* Standard error is `fd' while tell() runs; what came out of it is in got. */
static void listen_to(int out, int in, void (*tell)(void))
{
    int kept = dup(STDERR_FILENO);
    ssize_t n;

    fflush(stderr);
    assert_int_equal(dup2(in, STDERR_FILENO), STDERR_FILENO);
    tell();
    fflush(stderr);
    fcntl(out, F_SETFL, O_NONBLOCK);
    got[0] = '\0';
    /* A terminal hands out a line at a time. */
    for (size_t at = 0; (n = read(out, got + at, sizeof(got) - 1 - at)) > 0;
         got[at] = '\0')
        at += (size_t)n;
    dup2(kept, STDERR_FILENO);
    close(kept);
}

static void on_a_pipe(void (*tell)(void))
{
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    listen_to(fds[0], fds[1], tell);
    close(fds[0]);
    close(fds[1]);
}

/* As it is: the terminal makes \r\n of each \n. */
static void on_a_terminal(const char *term, void (*tell)(void))
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    int slave;

    setenv("TERM", term, 1);
    assert_true(master >= 0 && grantpt(master) == 0
                && unlockpt(master) == 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    listen_to(master, slave, tell);
    close(master);
    close(slave);
}

static void all_kinds(void)
{
    tell_always("a %d", 1);
    tell_warning("b");
    tell_note("c");
    tell_detail("d");
    tell_row("{e}");
}

static void levels_decide_who_hears_what(void **state)
{
    (void)state;
    tell_set(true, true);
    on_a_pipe(all_kinds);
    assert_string_equal(got, "ebsimg: a 1\n{e}\n");
    tell_set(false, false);
    on_a_pipe(all_kinds);
    assert_string_equal(got, "ebsimg: a 1\nebsimg: warning: b\nebsimg: c\n"
                             "{e}\n");
    tell_set(false, true);
    on_a_pipe(all_kinds);
    assert_string_equal(got, "ebsimg: a 1\nebsimg: warning: b\nebsimg: c\n"
                             "ebsimg: d\n{e}\n");
}

static void hostile(void)
{
    tell_always("%s", "\x1b[2J\r\n\xc2\x9b" "31m\xe2\x80\xae" "fdp\xff");
    tell_always("%s", "made harmless before: \\x1b, and \xc3\xa9");
}

static void what_others_wrote_cannot_reach_the_terminal(void **state)
{
    (void)state;
    on_a_pipe(hostile);
    assert_string_equal(got,
        "ebsimg: \\x1b[2J\\x0d\\x0a\\u009b31m\\u202efdp\\xff\n"
        "ebsimg: made harmless before: \\x1b, and \xc3\xa9\n");
}

static void beside_a_line(void)
{
    tell_line("37%");
    tell_always("x");
    tell_line("38%");
    tell_line(NULL);
}

static void a_message_takes_the_line_away_and_puts_it_back(void **state)
{
    (void)state;
    on_a_terminal("xterm", beside_a_line);
    assert_string_equal(got, "37%\r\x1b[Kebsimg: x\r\n37%\r\x1b[K38%"
                             "\r\x1b[K");
    on_a_terminal("dumb", beside_a_line);
    assert_string_equal(got, "37%\r   \rebsimg: x\r\n37%\r   \r38%"
                             "\r   \r");
}

static void the_kind_of_terminal(void)
{
    fprintf(stderr, "%d %zu", (int)tell_terminal(), tell_columns());
}

static void a_terminal_is_known_by_what_it_can(void **state)
{
    (void)state;
    on_a_terminal("xterm", the_kind_of_terminal);
    assert_string_equal(got, "2 80"); /* nobody has told its width */
    on_a_terminal("dumb", the_kind_of_terminal);
    assert_string_equal(got, "1 80");
    on_a_terminal("", the_kind_of_terminal);
    assert_string_equal(got, "1 80");
    on_a_pipe(the_kind_of_terminal);
    assert_string_equal(got, "0 80");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_decide_who_hears_what),
        cmocka_unit_test(what_others_wrote_cannot_reach_the_terminal),
        cmocka_unit_test(a_message_takes_the_line_away_and_puts_it_back),
        cmocka_unit_test(a_terminal_is_known_by_what_it_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
