/* SPDX-License-Identifier: Apache-2.0 */
/* A run's files stay under a temporary name until they are all good, and
 * nothing that exists is ever replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "audit/stage.h"
#include "base/file.h"
#include "base/scope.h"
#include "scratch.h"

static struct stage *open_stage(const char *name, struct err *e)
{
    return stage_open(scratch_path(name), e);
}

static void put(struct stage *s, const char *suffix)
{
    autofree char *path = stage_path(s, suffix);
    struct err e = ERR_INIT;
    int fd;

    assert_int_equal(file_create(path, &fd, &e), 0);
    assert_int_equal(file_write(fd, suffix, strlen(suffix), path, &e), 0);
    close(fd);
}

static void files_get_their_names_only_when_published(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("case", &e);

    (void)state;
    assert_non_null(s);
    put(s, ".E01");
    put(s, ".log.jsonl");
    assert_false(file_exists(scratch_path("case.E01")));
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), 0);
    assert_true(file_exists(scratch_path("case.E01")));
    assert_true(file_exists(scratch_path("case.log.jsonl")));
    assert_false(file_exists(scratch_path("case.partial")));
    stage_free(s);
}

static void an_unfinished_run_is_named_and_left_alone(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("dead", &e);

    (void)state;
    put(s, ".E01");
    stage_free(s);
    assert_null(open_stage("dead", &e));
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, "dead.partial"));
    assert_true(file_exists(scratch_path("dead.partial/dead.E01")));
    assert_null(stage_reopen(scratch_path("dead"), &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.msg, "before there was anything to go on with"));
    unlink(scratch_path("dead.partial/dead.E01"));
    unlink(scratch_path("dead.partial/dead.lock"));
    rmdir(scratch_path("dead.partial"));
}

static void an_unfinished_run_with_checkpoints_is_opened_again(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("again", &e);

    (void)state;
    put(s, ".E01");
    put(s, STAGE_CHECKPOINT);
    stage_free(s);
    assert_null(open_stage("again", &e));
    assert_non_null(strstr(e.msg, "--resume "));
    s = stage_reopen(scratch_path("again"), &e);
    assert_non_null(s);
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), 0);
    assert_true(file_exists(scratch_path("again.E01")));
    assert_false(file_exists(scratch_path("again.checkpoint")));
    assert_false(file_exists(scratch_path("again.partial")));
    stage_free(s);
}

static void two_runs_never_work_in_the_same_folder(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("busy", &e);

    (void)state;
    put(s, STAGE_CHECKPOINT);
    assert_null(open_stage("busy", &e));
    assert_non_null(strstr(e.msg, "another ebsimg is at work"));
    assert_null(stage_reopen(scratch_path("busy"), &e));
    assert_int_equal(e.kind, ERR_DEST);
    assert_non_null(strstr(e.msg, "another ebsimg is at work"));
    stage_discard(s);
    assert_false(file_exists(scratch_path("busy.partial")));
    stage_free(s);
}

/* On file systems where a file gets its new name before it loses the old. */
static void a_file_with_both_names_is_published_once(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("linked", &e);
    struct stat st;

    (void)state;
    put(s, ".E01");
    assert_int_equal(link(scratch_path("linked.partial/linked.E01"),
                          scratch_path("linked.E01")), 0);
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), 0);
    assert_int_equal(stat(scratch_path("linked.E01"), &st), 0);
    assert_int_equal(st.st_nlink, 1);
    stage_free(s);
}

static void every_file_of_an_earlier_run_is_found(void **state)
{
    static const char *const suffixes[] = {
        ".E01", ".E99", ".dd", ".001", ".1000",
        ".log.jsonl", ".blocks", ".md5", ".sha1", ".sha256", ".txt",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        char name[64];
        struct err e = ERR_INIT;

        snprintf(name, sizeof(name), "old%s", suffixes[i]);
        scratch_write(name, "x", 1);
        if (open_stage("old", &e))
            fail_msg("%s was overlooked", name);
        assert_non_null(strstr(e.msg, name));
        unlink(scratch_path(name));
    }
}

/* Segments behind the 99th are looked for when the size is known. */
static void other_files_do_not_matter(void **state)
{
    static const char *const names[] = {
        "new.odt", "new", "newer.E01", "new.E1", "new.E01.bak", "new.01",
        "new.D01", "new.e01", "new.JPG", "new.TXT", "new.EAA", "new.MP4",
    };
    struct err e = ERR_INIT;
    struct stage *s;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        scratch_write(names[i], "x", 1);
    s = open_stage("new", &e);
    assert_non_null(s);
    stage_discard(s);
    stage_free(s);
}

static void a_name_that_appears_meanwhile_is_not_replaced(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("race", &e);
    char *content;
    size_t n;

    (void)state;
    put(s, ".E01");
    put(s, ".txt");
    scratch_write("race.txt", "mine", 4);
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    content = scratch_read("race.txt", &n);
    assert_string_equal(content, "mine");
    free(content);
    stage_discard(s);
    stage_free(s);
}

static void half_a_set_is_taken_back(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("half", &e);

    (void)state;
    put(s, ".E01");
    put(s, ".E02");
    put(s, ".log.jsonl");
    scratch_write("half.E02", "mine", 4);
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), -1);
    assert_non_null(strstr(e.msg, "half.partial"));
    assert_false(file_exists(scratch_path("half.E01")));
    assert_true(file_exists(scratch_path("half.partial/half.E01")));
    stage_discard(s);
    stage_free(s);
}

/* Its folder was moved away, and another run has made one of that name. */
static void another_runs_folder_is_left_alone(void **state)
{
    char to[512];
    struct err e = ERR_INIT;
    struct stage *s = open_stage("twice", &e);

    (void)state;
    put(s, ".E01");
    snprintf(to, sizeof(to), "%s", scratch_path("moved"));
    assert_int_equal(rename(scratch_path("twice.partial"), to), 0);
    assert_int_equal(mkdir(scratch_path("twice.partial"), 0700), 0);
    scratch_write("twice.partial/twice.E01", "theirs", 6);
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    assert_false(file_exists(scratch_path("twice.E01")));
    stage_discard(s);
    assert_true(file_exists(scratch_path("twice.partial/twice.E01")));
    unlink(scratch_path("twice.partial/twice.E01"));
    rmdir(scratch_path("twice.partial"));
    unlink(scratch_path("moved/twice.E01"));
    unlink(scratch_path("moved/twice.lock"));
    rmdir(scratch_path("moved"));
    stage_free(s);
}

static void a_discarded_stage_leaves_nothing(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("gone", &e);

    (void)state;
    put(s, ".log.jsonl");
    stage_discard(s);
    assert_false(file_exists(scratch_path("gone.partial")));
    stage_free(s);
}

static void files_of_others_stay_where_they_are(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_stage("long-name", &e);

    (void)state;
    put(s, ".E01");
    scratch_write("long-name.partial/x", "mine", 4);
    assert_int_equal(stage_publish(s, ".log.jsonl", &e), 0);
    assert_true(file_exists(scratch_path("long-name.E01")));
    assert_true(file_exists(scratch_path("long-name.partial/x")));
    unlink(scratch_path("long-name.partial/x"));
    rmdir(scratch_path("long-name.partial"));
    stage_free(s);
}

static void a_folder_is_not_a_prefix(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_null(stage_open("/tmp/", &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_null(stage_open("/no/such/folder/case", &e));
    assert_int_equal(e.kind, ERR_DEST);
}

/* A run that died while its files got their names. */
static void what_has_its_name_goes_back(void **state)
{
    autofree char *image = NULL;
    struct err e = ERR_INIT;
    struct stage *s = open_stage("back", &e);

    (void)state;
    put(s, ".E01");
    put(s, ".checkpoint");
    image = stage_path(s, ".E01");
    scratch_write("back.blocks", "x", 1);
    assert_int_equal(link(image, scratch_path("back.E01")), 0);
    assert_int_equal(stage_take_back(s, ".blocks", &e), 0);
    assert_int_equal(stage_take_back(s, ".E01", &e), 0);
    assert_int_equal(stage_take_back(s, ".E02", &e), 0);
    assert_false(file_exists(scratch_path("back.blocks")));
    assert_false(file_exists(scratch_path("back.E01")));
    assert_true(file_exists(scratch_path("back.partial/back.blocks")));
    assert_true(file_exists(image));
    stage_discard(s);
    stage_free(s);
}

static void what_is_somebody_elses_does_not_go_back(void **state)
{
    static const char *const names[] = {
        "", ".case.jsonl", ".partial", ".lock", "-x.E01", ".E01/../x",
    };
    struct err e = ERR_INIT;
    struct stage *s = open_stage("own", &e);

    (void)state;
    put(s, ".E01");
    scratch_write("own.case.jsonl", "x", 1);
    scratch_write("own-x.E01", "x", 1);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(stage_take_back(s, names[i], &e), 0);
    assert_true(file_exists(scratch_path("own.case.jsonl")));
    assert_true(file_exists(scratch_path("own-x.E01")));
    scratch_write("own.E01", "x", 1);
    assert_int_equal(stage_take_back(s, ".E01", &e), -1);
    assert_int_equal(e.kind, ERR_DEST);
    assert_true(file_exists(scratch_path("own.E01")));
    stage_discard(s);
    stage_free(s);
}

/* So many letters. */
static struct stage *open_long(int letters, struct err *e)
{
    char name[300];

    memset(name, 'p', sizeof(name));
    name[letters] = '\0';
    return open_stage(name, e);
}

static void a_name_has_room_for_what_comes_behind_it(void **state)
{
    struct err e = ERR_INIT;
    struct stage *s = open_long(239, &e);
    char id[17];

    (void)state;
    assert_non_null(s);
    put(s, STAGE_CHECKPOINT_NEW);
    stage_discard(s);
    stage_free(s);
    assert_null(open_long(241, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.msg, "the name is too long by 2 bytes"));
    assert_null(open_long(240, &e));
    memset(id, 'p', sizeof(id) - 1);
    id[16] = '\0';
    assert_int_equal(stage_check_length(id, 223, &e), 0);
    assert_int_equal(stage_check_length(id, 224, &e), -1);
    assert_int_equal(stage_check_length("/a/folder/of/p", 238, &e), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_get_their_names_only_when_published),
        cmocka_unit_test(an_unfinished_run_is_named_and_left_alone),
        cmocka_unit_test(an_unfinished_run_with_checkpoints_is_opened_again),
        cmocka_unit_test(two_runs_never_work_in_the_same_folder),
        cmocka_unit_test(a_file_with_both_names_is_published_once),
        cmocka_unit_test(every_file_of_an_earlier_run_is_found),
        cmocka_unit_test(other_files_do_not_matter),
        cmocka_unit_test(a_name_that_appears_meanwhile_is_not_replaced),
        cmocka_unit_test(half_a_set_is_taken_back),
        cmocka_unit_test(what_has_its_name_goes_back),
        cmocka_unit_test(what_is_somebody_elses_does_not_go_back),
        cmocka_unit_test(another_runs_folder_is_left_alone),
        cmocka_unit_test(a_discarded_stage_leaves_nothing),
        cmocka_unit_test(files_of_others_stay_where_they_are),
        cmocka_unit_test(a_folder_is_not_a_prefix),
        cmocka_unit_test(a_name_has_room_for_what_comes_behind_it),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
