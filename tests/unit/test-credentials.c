/* SPDX-License-Identifier: Apache-2.0 */
/* Whose keys sign: the source that comes first, or nobody's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aws-files.h"

static struct settings loaded;

static const struct credentials *load(const char *profile)
{
    struct settings_options o = { .profile = profile,
                                  .region = "us-east-1" };
    struct err e = ERR_INIT;

    if (settings_load(&o, &loaded, &e) < 0)
        fail_msg("%s", e.msg);
    return &loaded.credentials;
}

static int forget(void **state)
{
    (void)state;
    settings_free(&loaded);
    return 0;
}

static const char lab[] = "[default]\n"
                          "aws_access_key_id = AKIDDEFAULT\n"
                          "aws_secret_access_key = default/secret\n"
                          "[lab]\n"
                          "aws_access_key_id = ASIALAB\n"
                          "aws_secret_access_key = lab/secret\n"
                          "aws_session_token = lab/token==\n";

static void put_keys_into_the_environment(void)
{
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "env/secret", 1);
}

/* ----------------------------------------------------------------- order */

static void the_environment_has_keys(void **state)
{
    const struct credentials *c;

    (void)state;
    put_keys_into_the_environment();
    setenv("AWS_SESSION_TOKEN", "env/token", 1);
    setenv("AWS_CREDENTIAL_EXPIRATION", "2026-08-01T12:00:00Z", 1);
    c = load(NULL);
    assert_string_equal(c->access_key_id, "AKIDENV");
    assert_string_equal(c->secret_access_key, "env/secret");
    assert_string_equal(c->session_token, "env/token");
    assert_string_equal(c->source, "environment");
    assert_true(c->expires == 1785585600000000000ull);
}

static void the_environment_wins_over_the_default_profile(void **state)
{
    (void)state;
    credentials_file(lab);
    put_keys_into_the_environment();
    assert_string_equal(load(NULL)->access_key_id, "AKIDENV");
    assert_null(loaded.credentials.session_token);
}

static void a_profile_that_is_asked_for_wins_over_the_environment(void **state)
{
    const struct credentials *c;

    (void)state;
    credentials_file(lab);
    put_keys_into_the_environment();
    setenv("AWS_SESSION_TOKEN", "env/token", 1);
    c = load("lab");
    assert_string_equal(c->access_key_id, "ASIALAB");
    assert_string_equal(c->secret_access_key, "lab/secret");
    assert_string_equal(c->session_token, "lab/token==");
    assert_memory_equal(c->source, "profile lab in /", 16);
}

static void aws_profile_names_the_profile(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_PROFILE", "lab", 1);
    assert_string_equal(load(NULL)->access_key_id, "ASIALAB");
}

static void so_does_aws_default_profile(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_DEFAULT_PROFILE", "lab", 1);
    assert_string_equal(load(NULL)->access_key_id, "ASIALAB");
    settings_free(&loaded);
    setenv("AWS_PROFILE", "lab", 1);
    assert_string_equal(load(NULL)->access_key_id, "ASIALAB");
}

/* The AWS CLI takes the one, other tools take the other. */
static void two_variables_that_name_two_profiles_are_refused(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_PROFILE", "lab", 1);
    setenv("AWS_DEFAULT_PROFILE", "default", 1);
    expect_refusal(NULL, ERR_USAGE, "AWS_PROFILE names the profile lab and "
                   "AWS_DEFAULT_PROFILE another one, default");
    assert_string_equal(load("lab")->access_key_id, "ASIALAB");
}

static void the_environment_wins_over_the_profile_of_aws_profile(void **state)
{
    (void)state;
    credentials_file(lab);
    put_keys_into_the_environment();
    setenv("AWS_PROFILE", "lab", 1);
    assert_string_equal(load(NULL)->access_key_id, "AKIDENV");
    assert_null(loaded.credentials.session_token);
}

static void the_old_name_of_the_token_counts_without_the_new_one(void **state)
{
    (void)state;
    put_keys_into_the_environment();
    setenv("AWS_SECURITY_TOKEN", "old/token", 1);
    assert_string_equal(load(NULL)->session_token, "old/token");
    settings_free(&loaded);
    setenv("AWS_SESSION_TOKEN", "new/token", 1);
    assert_string_equal(load(NULL)->session_token, "new/token");
}

static void a_profile_may_have_the_token_by_its_old_name(void **state)
{
    (void)state;
    credentials_file("[default]\naws_access_key_id = ASIAOLD\n"
                     "aws_secret_access_key = s\n"
                     "aws_security_token = old/token\n"
                     "[both]\naws_access_key_id = ASIABOTH\n"
                     "aws_secret_access_key = s\n"
                     "aws_security_token = old/token\n"
                     "aws_session_token = new/token\n");
    assert_string_equal(load(NULL)->session_token, "old/token");
    settings_free(&loaded);
    assert_string_equal(load("both")->session_token, "new/token");
}

static void without_anything_the_default_profile_is_used(void **state)
{
    (void)state;
    credentials_file(lab);
    assert_string_equal(load(NULL)->access_key_id, "AKIDDEFAULT");
    assert_null(loaded.credentials.session_token);
    assert_int_equal(loaded.credentials.expires, 0);
}

static void the_config_file_may_have_keys_too(void **state)
{
    (void)state;
    config_file("[profile lab]\n"
                "aws_access_key_id = AKIDCONFIG\n"
                "aws_secret_access_key = config/secret\n");
    assert_string_equal(load("lab")->access_key_id, "AKIDCONFIG");
}

static void keys_of_two_files_are_never_mixed(void **state)
{
    (void)state;
    credentials_file("[lab]\naws_access_key_id = AKIDONE\n");
    config_file("[profile lab]\naws_secret_access_key = other/secret\n");
    expect_refusal("lab", ERR_ACCESS, "no secret access key");
}

static void a_token_of_the_config_file_is_not_added(void **state)
{
    (void)state;
    credentials_file("[lab]\naws_access_key_id = AKIDONE\n"
                     "aws_secret_access_key = one/secret\n");
    config_file("[profile lab]\naws_session_token = other/token\n");
    assert_null(load("lab")->session_token);
}

static void empty_variables_are_no_variables(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_ACCESS_KEY_ID", "", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "", 1);
    setenv("AWS_PROFILE", "", 1);
    assert_string_equal(load(NULL)->access_key_id, "AKIDDEFAULT");
}

/* -------------------------------------------------------------- refusals */

static void no_credentials_at_all_tell_what_to_do(void **state)
{
    (void)state;
    expect_refusal(NULL, ERR_ACCESS, "AWS_ACCESS_KEY_ID");
}

static void half_a_pair_is_none(void **state)
{
    (void)state;
    credentials_file(lab); /* must not be taken instead */
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    expect_refusal(NULL, ERR_ACCESS, "no secret access key");
    unsetenv("AWS_ACCESS_KEY_ID");
    setenv("AWS_SECRET_ACCESS_KEY", "env/secret", 1);
    expect_refusal(NULL, ERR_ACCESS, "no access key id");
}

static void a_profile_that_is_nowhere_is_named(void **state)
{
    (void)state;
    credentials_file(lab);
    expect_refusal("nobody", ERR_USAGE, "no profile nobody in /");
    setenv("AWS_PROFILE", "nobody", 1);
    expect_refusal(NULL, ERR_USAGE, "no profile nobody in /");
}

static void keys_with_blanks_or_controls_are_refused_unseen(void **state)
{
    const struct settings_options o = { .region = "us-east-1" };
    static const char *const wrong[] = { "sec ret", "sec\tret", "secret\n",
                                         "secr\xc3\xa9t", "\x7f" };

    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err e = ERR_INIT;
        struct settings s;

        setenv("AWS_SECRET_ACCESS_KEY", wrong[i], 1);
        assert_int_equal(settings_load(&o, &s, &e), -1);
        assert_int_equal(e.kind, ERR_ACCESS);
        assert_non_null(strstr(e.msg, "secret access key has characters"));
        assert_null(strstr(e.msg, "sec r"));
        settings_free(&s);
    }
}

static void an_id_cannot_break_the_signature_header(void **state)
{
    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "AKID/20260801", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    expect_refusal(NULL, ERR_ACCESS, "access key id has characters");
}

static void a_token_with_a_line_end_is_refused(void **state)
{
    (void)state;
    put_keys_into_the_environment();
    setenv("AWS_SESSION_TOKEN", "token\r\nX-Evil: 1", 1);
    expect_refusal(NULL, ERR_ACCESS, "session token has characters");
}

static void a_login_that_is_missing_is_told_as_a_command(void **state)
{
    static const struct {
        const char *profile, *words;
    } rows[] = {
        { "sso_start_url = https://corp.awsapps.com/start\n"
          "sso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n",
          "run  aws sso login --profile 'my lab'" },
        { "login_session = x\n", "run  aws login --profile 'my lab'" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];

        snprintf(text, sizeof(text), "[profile \"my lab\"]\n%s",
                 rows[i].profile);
        config_file(text);
        expect_refusal("my lab", ERR_ACCESS, rows[i].words);
    }
}

static void what_is_missing_in_a_profile_is_named(void **state)
{
    static const struct {
        const char *profile, *words;
    } rows[] = {
        { "role_arn = arn:aws:iam::1:role/r\nsource_profile = x\n",
          "source_profile x" },
        { "web_identity_token_file = /t\n", "no role for it" },
        { "sso_session = corp\n", "sso-session corp" },
        { "credential_process = /bin/true\n", "not JSON" },
        { "credential_process = /nowhere/at-all\n", "cannot run /nowhere" },
        { "credential_process = /bin/false 'x\n", "a quote is not closed" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];

        snprintf(text, sizeof(text), "[profile lab]\n%s", rows[i].profile);
        config_file(text);
        expect_refusal("lab", ERR_ACCESS, rows[i].words);
    }
}

static void a_role_is_not_replaced_by_the_keys_that_assume_it(void **state)
{
    (void)state;
    credentials_file("[lab]\nrole_arn = arn:aws:iam::1:role/r\n"
                     "aws_access_key_id = AKIDONE\n"
                     "aws_secret_access_key = one/secret\n");
    expect_refusal("lab", ERR_ACCESS, "role_arn");
}

static void a_web_identity_of_the_environment_is_not_replaced(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/t", 1);
    setenv("AWS_ROLE_ARN", "arn:aws:iam::1:role/r", 1);
    expect_refusal(NULL, ERR_ACCESS, "web identity");
    assert_string_equal(load("lab")->access_key_id, "ASIALAB");
    settings_free(&loaded);
    put_keys_into_the_environment();
    assert_string_equal(load(NULL)->access_key_id, "AKIDENV");
}

static void static_keys_come_before_a_credential_process(void **state)
{
    (void)state;
    credentials_file(lab);
    config_file("[profile lab]\ncredential_process = /bin/false\n");
    assert_string_equal(load("lab")->access_key_id, "ASIALAB");
}

static void a_broken_file_is_told_with_its_line(void **state)
{
    (void)state;
    credentials_file("[default]\naws_access_key_id AKID\n");
    expect_refusal(NULL, ERR_USAGE, "credentials, line 2");
}

/* What the run does not need from the files cannot stop it. */
static void keys_of_the_environment_do_without_a_broken_file(void **state)
{
    (void)state;
    put_keys_into_the_environment();
    credentials_file("");
    config_file("[default]\nregion\n");
    assert_string_equal(load(NULL)->access_key_id, "AKIDENV");
    assert_int_equal(loaded.nnotes, 1);
    assert_non_null(strstr(loaded.notes[0].msg, "config, line 2"));
    expect_refusal("lab", ERR_USAGE, "there is no profile lab");
    setenv("AWS_PROFILE", "default", 1);
    settings_free(&loaded);
    assert_string_equal(load(NULL)->access_key_id, "AKIDENV");
}

static void a_broken_section_of_others_decides_nothing(void **state)
{
    (void)state;
    credentials_file(lab);
    config_file("[profile other]\nregion\n[profile lab]\nk = v\n");
    assert_string_equal(load("lab")->access_key_id, "ASIALAB");
    assert_int_equal(loaded.nnotes, 0);
}

static void a_file_that_cannot_be_read_stops_who_needs_it(void **state)
{
    (void)state;
    config_file("");
    setenv("AWS_SHARED_CREDENTIALS_FILE", scratch_folder, 1);
    expect_refusal(NULL, ERR_USAGE, "cannot read");
    put_keys_into_the_environment();
    assert_string_equal(load(NULL)->access_key_id, "AKIDENV");
    assert_non_null(strstr(loaded.notes[0].msg, "cannot read"));
}

static void a_file_that_was_named_and_is_missing_is_told(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_CONFIG_FILE", scratch_path("nowhere"), 1);
    assert_string_equal(load(NULL)->access_key_id, "AKIDDEFAULT");
    assert_int_equal(loaded.nnotes, 1);
    assert_non_null(strstr(loaded.notes[0].msg, "AWS_CONFIG_FILE names /"));
    assert_non_null(strstr(loaded.notes[0].msg, "does not exist"));
}

static void the_name_of_a_file_is_expanded(void **state)
{
    (void)state;
    credentials_file(lab);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "~/credentials", 1);
    assert_string_equal(load("lab")->access_key_id, "ASIALAB");
    settings_free(&loaded);
    setenv("WHERE", scratch_folder, 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "${WHERE}/credentials", 1);
    assert_string_equal(load("lab")->access_key_id, "ASIALAB");
    settings_free(&loaded);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "$WHERE/$WHEREVER/../credentials",
           1);
    expect_refusal("lab", ERR_USAGE, "/$WHEREVER/../credentials");
    unsetenv("WHERE");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, aws_files_fresh, \
                                                   forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_environment_has_keys),
        TEST(the_environment_wins_over_the_default_profile),
        TEST(a_profile_that_is_asked_for_wins_over_the_environment),
        TEST(the_environment_wins_over_the_profile_of_aws_profile),
        TEST(the_old_name_of_the_token_counts_without_the_new_one),
        TEST(a_profile_may_have_the_token_by_its_old_name),
        TEST(aws_profile_names_the_profile),
        TEST(so_does_aws_default_profile),
        TEST(two_variables_that_name_two_profiles_are_refused),
        TEST(without_anything_the_default_profile_is_used),
        TEST(the_config_file_may_have_keys_too),
        TEST(keys_of_two_files_are_never_mixed),
        TEST(a_token_of_the_config_file_is_not_added),
        TEST(empty_variables_are_no_variables),
        TEST(no_credentials_at_all_tell_what_to_do),
        TEST(half_a_pair_is_none),
        TEST(a_profile_that_is_nowhere_is_named),
        TEST(keys_with_blanks_or_controls_are_refused_unseen),
        TEST(an_id_cannot_break_the_signature_header),
        TEST(a_token_with_a_line_end_is_refused),
        TEST(a_login_that_is_missing_is_told_as_a_command),
        TEST(what_is_missing_in_a_profile_is_named),
        TEST(a_role_is_not_replaced_by_the_keys_that_assume_it),
        TEST(a_web_identity_of_the_environment_is_not_replaced),
        TEST(static_keys_come_before_a_credential_process),
        TEST(a_broken_file_is_told_with_its_line),
        TEST(keys_of_the_environment_do_without_a_broken_file),
        TEST(a_broken_section_of_others_decides_nothing),
        TEST(a_file_that_cannot_be_read_stops_who_needs_it),
        TEST(a_file_that_was_named_and_is_missing_is_told),
        TEST(the_name_of_a_file_is_expanded),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
