/* SPDX-License-Identifier: Apache-2.0 */
/* Files are found from the folder that is held, what is gone on with must be
 * ours alone, and one process keeps the others out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "audit/stage.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/lock.h"
#include "base/scope.h"
#include "scratch.h"

/* ---------------------------------------------------------------- folders */

static void make(const char *name)
{
    struct err e = ERR_INIT;
    int fd;

    assert_int_equal(file_create(scratch_path(name), &fd, &e), 0);
    close(fd);
}

static void a_held_folder_is_found_wherever_it_is(void **state)
{
    struct err e = ERR_INIT;
    struct folder *f;

    (void)state;
    mkdir(scratch_path("a"), 0700);
    f = folder_hold_own(scratch_path("a"), &e);
    assert_non_null(f);
    assert_true(folder_is_in_place(f));
    assert_int_equal(rename(scratch_path("a"), scratch_path("b")), 0);
    mkdir(scratch_path("a"), 0700);
    assert_false(folder_is_in_place(f));
    make("a/file");
    assert_int_equal(access(scratch_path("b/file"), F_OK), 0);
    assert_int_equal(access(scratch_path("a/file"), F_OK), -1);
    assert_int_equal(file_remove(scratch_path("a/file"), &e), 0);
    assert_int_equal(access(scratch_path("b/file"), F_OK), -1);
    folder_release(f);
    make("a/file");
    assert_int_equal(access(scratch_path("a/file"), F_OK), 0);
    unlink(scratch_path("a/file"));
    rmdir(scratch_path("a"));
    rmdir(scratch_path("b"));
}

/* Images that are made at once hold the same one, and end one by one. */
static void one_that_lets_go_takes_it_from_no_other(void **state)
{
    struct err e = ERR_INIT;
    struct folder *first, *second;
    struct place at;

    (void)state;
    mkdir(scratch_path("a"), 0700);
    first = folder_hold(scratch_path("a"), &e);
    second = folder_hold_own(scratch_path("a"), &e);
    assert_non_null(first);
    assert_non_null(second);
    at = folder_place(scratch_path("a/file"));
    folder_release(second);
    assert_int_equal(mkdirat(at.dir, at.name, 0700), 0);
    assert_int_equal(rename(scratch_path("a"), scratch_path("b")), 0);
    assert_int_equal(file_remove_folder(scratch_path("a/file")), 0);
    folder_release(first);
    assert_int_equal(rmdir(scratch_path("b")), 0);
}

static void a_library_gets_a_way_through_the_descriptor(void **state)
{
    struct err e = ERR_INIT;
    struct folder *f;

    (void)state;
    mkdir(scratch_path("a"), 0700);
    f = folder_hold_own(scratch_path("a"), &e);
    rename(scratch_path("a"), scratch_path("b"));
    autofree char *way = folder_library_path(scratch_path("a/x"), &e);

    close(open(way, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(unlink(scratch_path("b/x")), 0);
    folder_release(f);
    rmdir(scratch_path("b"));
}

static void a_link_is_not_the_folder_of_a_run(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(symlink(".", scratch_path("link")), 0);
    assert_null(folder_hold_own(scratch_path("link"), &e));
    assert_non_null(strstr(e.msg, "is a link"));
    unlink(scratch_path("link"));
}

/* ----------------------------------------------------------- what is ours */

static void put(struct stage *s, const char *suffix)
{
    autofree char *path = stage_path(s, suffix);
    struct err e = ERR_INIT;
    int fd;

    assert_int_equal(file_create(path, &fd, &e), 0);
    close(fd);
}

static void begin(void)
{
    struct err e = ERR_INIT;
    struct stage *s = stage_open(scratch_path("x"), &e);

    assert_non_null(s);
    put(s, ".E01");
    put(s, STAGE_CHECKPOINT);
    stage_free(s);
}

static void is_refused(const char *why)
{
    struct err e = ERR_INIT;

    assert_null(stage_reopen(scratch_path("x"), &e));
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, why));
}

static void end(void)
{
    struct err e = ERR_INIT;
    struct stage *s = stage_reopen(scratch_path("x"), &e);

    assert_non_null(s);
    stage_discard(s);
    stage_free(s);
}

static void a_folder_in_which_others_write_is_refused(void **state)
{
    (void)state;
    begin();
    chmod(scratch_path("x.partial"), 0702);
    is_refused("x.partial (mode 0702)");
    is_refused("&& ebsimg acquire --resume ~/x.copy/x");
    chmod(scratch_path("x.partial"), 0700);
    end();
}

static void a_file_to_which_others_write_is_refused(void **state)
{
    (void)state;
    begin();
    chmod(scratch_path("x.partial/x.E01"), 0602);
    is_refused("other users may write to");
    chmod(scratch_path("x.partial/x.E01"), 0600);
    end();
}

static void a_second_name_is_refused(void **state)
{
    (void)state;
    begin();
    assert_int_equal(link(scratch_path("x.partial/x.E01"),
                          scratch_path("second")), 0);
    is_refused("has 2 names");
    unlink(scratch_path("second"));
    end();
}

static void a_pipe_is_refused(void **state)
{
    (void)state;
    begin();
    assert_int_equal(mkfifo(scratch_path("x.partial/x.dd"), 0600), 0);
    is_refused("x.dd is not a file");
    unlink(scratch_path("x.partial/x.dd"));
    end();
}

static void what_is_opened_is_looked_at_again(void **state)
{
    struct err e = ERR_INIT;
    int fd;

    (void)state;
    make("file");
    assert_int_equal(symlink("file", scratch_path("link")), 0);
    assert_int_equal(file_reopen(scratch_path("link"), &fd, &e), -1);
    unlink(scratch_path("link"));
    assert_int_equal(link(scratch_path("file"), scratch_path("two")), 0);
    assert_int_equal(file_reopen(scratch_path("file"), &fd, &e), -1);
    assert_non_null(strstr(e.msg, "has 2 names"));
    unlink(scratch_path("two"));
    assert_int_equal(mkfifo(scratch_path("pipe"), 0600), 0);
    assert_int_equal(file_reopen(scratch_path("pipe"), &fd, &e), -1);
    unlink(scratch_path("pipe"));
    assert_int_equal(file_reopen(scratch_path("file"), &fd, &e), 0);
    close(fd);
    unlink(scratch_path("file"));
}

/* ------------------------------------------------------------------ locks */

/* A descriptor that knows no flock(), as on a file system without. */
static int lock_take_here(struct lock *l, struct err *e)
{
    return lock_take(l, open(scratch_folder, O_PATH | O_CLOEXEC),
                     scratch_path("l"), e);
}

static void without_locks_a_file_keeps_others_out(void **state)
{
    struct lock one = LOCK_INIT, two = LOCK_INIT;
    struct err e = ERR_INIT;

    (void)state;
    assert_int_equal(lock_take_here(&one, &e), 1);
    assert_int_equal(lock_take_here(&two, &e), 0);
    lock_release(&two);
    assert_true(file_exists(scratch_path("l.1")));
    lock_release(&one);
    assert_false(file_exists(scratch_path("l.1")));
}

static void leave_a_mark_and_die(void)
{
    struct lock l = LOCK_INIT;
    struct err e = ERR_INIT;
    pid_t child = fork();

    if (child == 0)
        _exit(lock_take_here(&l, &e) == 1 ? 0 : 1);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(file_exists(scratch_path("l.1")));
}

static void the_mark_of_a_dead_process_is_passed_over(void **state)
{
    struct lock l = LOCK_INIT;
    struct err e = ERR_INIT;

    (void)state;
    leave_a_mark_and_die();
    assert_int_equal(lock_take_here(&l, &e), 1);
    assert_true(file_exists(scratch_path("l.2")));
    lock_release(&l);
    assert_true(file_exists(scratch_path("l.1")));
    unlink(scratch_path("l.1"));
}

/* The mark, with its words: "PID HOST BOOT CONTAINER START". */
static void change_mark(unsigned word, const char *text)
{
    char words[5][80], line[420];
    FILE *f;

    leave_a_mark_and_die();
    f = fopen(scratch_path("l.1"), "r+");
    assert_int_equal(fscanf(f, "%79s %79s %79s %79s %79s", words[0], words[1],
                            words[2], words[3], words[4]), 5);
    snprintf(words[word], sizeof(words[0]), "%s", text);
    snprintf(line, sizeof(line), "%s %s %s %s %s\n", words[0], words[1],
             words[2], words[3], words[4]);
    rewind(f);
    assert_int_equal(ftruncate(fileno(f), 0), 0);
    fputs(line, f);
    fclose(f);
}

static void of_another_machine_nobody_can_tell(void **state)
{
    struct lock l = LOCK_INIT;
    struct err e = ERR_INIT;

    (void)state;
    for (unsigned word = 1; word <= 3; word++) {
        change_mark(word, "another");
        assert_int_equal(lock_take_here(&l, &e), -1);
        assert_int_equal(e.kind, ERR_DEST);
        assert_non_null(strstr(e.msg, "remove that file"));
        lock_release(&l);
        unlink(scratch_path("l.1"));
    }
}

static void a_number_may_be_of_another_process_now(void **state)
{
    struct lock l = LOCK_INIT;
    struct err e = ERR_INIT;
    char pid[20];

    (void)state;
    snprintf(pid, sizeof(pid), "%d", (int)getpid());
    change_mark(0, pid); /* its start is that of the dead one */
    FILE *f = fopen(scratch_path("l.1"), "r+");

    fseek(f, -2, SEEK_END);
    fputs("77\n", f);
    fclose(f);
    assert_int_equal(lock_take_here(&l, &e), 1);
    lock_release(&l);
    unlink(scratch_path("l.1"));
}

static void an_empty_mark_is_not_passed_over(void **state)
{
    struct lock l = LOCK_INIT;
    struct err e = ERR_INIT;

    (void)state;
    make("l.1");
    assert_int_equal(lock_take_here(&l, &e), -1);
    lock_release(&l);
    unlink(scratch_path("l.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_held_folder_is_found_wherever_it_is),
        cmocka_unit_test(one_that_lets_go_takes_it_from_no_other),
        cmocka_unit_test(a_library_gets_a_way_through_the_descriptor),
        cmocka_unit_test(a_link_is_not_the_folder_of_a_run),
        cmocka_unit_test(a_folder_in_which_others_write_is_refused),
        cmocka_unit_test(a_file_to_which_others_write_is_refused),
        cmocka_unit_test(a_second_name_is_refused),
        cmocka_unit_test(a_pipe_is_refused),
        cmocka_unit_test(what_is_opened_is_looked_at_again),
        cmocka_unit_test(without_locks_a_file_keeps_others_out),
        cmocka_unit_test(the_mark_of_a_dead_process_is_passed_over),
        cmocka_unit_test(of_another_machine_nobody_can_tell),
        cmocka_unit_test(a_number_may_be_of_another_process_now),
        cmocka_unit_test(an_empty_mark_is_not_passed_over),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
