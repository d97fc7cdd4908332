/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's shared files in the scratch folder, and an environment without any
 * of AWS's variables. */
#ifndef EBSIMG_TESTS_AWS_FILES_H
#define EBSIMG_TESTS_AWS_FILES_H

#include "aws/settings.h"
#include "scratch.h"

/* Not clearenv(): the test's own harness reads the environment too. */
static void aws_files_forget(void)
{
    extern char **environ;
    char **entry = environ;

    while (*entry) {
        char name[64] = "";

        if (strncmp(*entry, "AWS_", 4) == 0
            && sscanf(*entry, "%63[^=]", name) == 1) {
            unsetenv(name);
            entry = environ; /* unsetenv() moved what follows */
        } else {
            entry++;
        }
    }
}

/* Before each test. */
__attribute__((unused)) static int aws_files_fresh(void **state)
{
    (void)state;
    aws_files_forget();
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    setenv("HOME", scratch_folder, 1);
    setenv("AWS_CONFIG_FILE", scratch_path("config"), 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", scratch_path("credentials"), 1);
    unlink(scratch_path("config"));
    unlink(scratch_path("credentials"));
    return 0;
}

__attribute__((unused)) static void config_file(const char *text)
{
    scratch_write("config", text, strlen(text));
}

__attribute__((unused)) static void credentials_file(const char *text)
{
    scratch_write("credentials", text, strlen(text));
}

/* Loading must fail with this kind and these words. */
__attribute__((unused)) static void
expect_refusal(const char *profile, enum err_kind kind, const char *words)
{
    struct err e = ERR_INIT;
    struct settings s;
    struct settings_options o = { .profile = profile,
                                  .region = "us-east-1" };

    assert_int_equal(settings_load(&o, &s, &e), -1);
    if (e.kind != kind || !strstr(e.msg, words))
        fail_msg("%s: %s", err_kind_name(e.kind), e.msg);
    settings_free(&s);
}

#endif
