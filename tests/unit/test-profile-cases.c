/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's own cases of the shared files' grammar, tests/data/smithy-rs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "aws/profile.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

/* Where AWS's tools differ among themselves, what the AWS CLI reads is read.
 */
static const struct {
    const char *name, *why;
} apart[] = {
    { "Property definitions must contain an equals sign.",
      "the AWS CLI takes a colon, too" },
    { "Profile names support alphanumeric characters and - / . % @ _ : +",
      "the AWS CLI takes every name" },
    { "Invalid property names are ignored.",
      "nobody asks for a key with a blank" },
    { "Sub-property definitions can have an invalid name.",
      "nobody asks for a key with a blank" },
    { "Invalid profile names are ignored.",
      "in the credentials file the AWS CLI takes every name" },
};

static cJSON *cases;

static const cJSON *member(const cJSON *j, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(j, key);
}

static const char *word(const cJSON *j, const char *key)
{
    return cJSON_GetStringValue(member(j, key));
}

static struct profile *parse(const char *text)
{
    struct err e = ERR_INIT;
    struct profile *p = profile_parse(text ? text : "", text ? strlen(text)
                                      : 0, "FILE", &e);

    assert_non_null(p);
    return p;
}

struct files {
    struct profile *config, *credentials;
};

/* What a profile says: the credentials file comes first, and of the default
 * profile's two names the longer one. */
static const char *value(const struct files *f, const char *kind,
                         const char *name, const char *above, const char *key)
{
    autofree char *section = NULL;
    const char *v = NULL;

    assert_true(asprintf(&section, "%s %s", kind, name) > 0);
    if (strcmp(kind, "profile") == 0)
        v = profile_get(f->credentials, name, above, key);
    if (!v)
        v = profile_get(f->config, section, above, key);
    if (!v && strcmp(name, "default") == 0
        && !profile_has(f->config, section))
        v = profile_get(f->config, name, above, key);
    return v;
}

/* "\nname = value\nname2 = value2": the keys below one. */
static void check_nested(const struct files *f, const char *kind,
                         const char *name, const char *above,
                         const char *text)
{
    autofree char *copy = strdup(text + 1);
    char *rest = copy, *line;

    while ((line = strsep(&rest, "\n"))) {
        char *equals = strstr(line, " =");
        const char *v;

        assert_non_null(equals);
        *equals = '\0';
        v = value(f, kind, name, above, line);
        assert_non_null(v);
        assert_string_equal(v, equals[2] ? equals + 3 : "");
    }
}

static void check_section(const struct files *f, const char *kind,
                          const cJSON *section)
{
    const cJSON *j;

    cJSON_ArrayForEach(j, section) {
        const char *want = j->valuestring;
        const char *v = value(f, kind, section->string, NULL, j->string);

        if (!v)
            fail_msg("%s of %s is missing", j->string, section->string);
        if (*want == '\n')
            check_nested(f, kind, section->string, j->string, want);
        else
            assert_string_equal(v, want);
    }
}

/* No profile has keys that the case does not want. */
static void check_absent(const struct files *f, const cJSON *profiles)
{
    static const char *const names[] = { "foo", "bar", "default",
                                         "in valid", "in valid 2" };
    static const char *const keys[] = { "name", "name2", "x" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
            if (value(f, "profile", names[i], NULL, keys[k])
                && !word(member(profiles, names[i]), keys[k]))
                fail_msg("%s of %s should not be there", keys[k], names[i]);
}

static bool is_spoiled(const struct files *f)
{
    struct err ignored = ERR_INIT;

    return profile_check(f->config, "profile foo", &ignored) < 0
        || profile_check(f->credentials, "foo", &ignored) < 0;
}

static void check_case(const cJSON *c)
{
    const cJSON *in = member(c, "input"), *out = member(c, "output");
    const cJSON *config = member(out, "config"), *j;
    struct files f = { parse(word(in, "configFile")),
                       parse(word(in, "credentialsFile")) };

    print_message("%s\n", word(c, "name"));
    assert_int_equal(is_spoiled(&f), member(out, "errorContaining") != NULL);
    if (config) {
        cJSON_ArrayForEach(j, member(config, "profiles"))
            check_section(&f, "profile", j);
        cJSON_ArrayForEach(j, member(config, "sso_sessions"))
            check_section(&f, "sso-session", j);
        check_absent(&f, member(config, "profiles"));
    }
    profile_free(f.config);
    profile_free(f.credentials);
}

static const char *reason(const char *name)
{
    for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++)
        if (strcmp(name, apart[i].name) == 0)
            return apart[i].why;
    return NULL;
}

static void every_case_is_read_as_aws_reads_it(void **state)
{
    const cJSON *c;
    size_t done = 0, left_out = 0;

    (void)state;
    cJSON_ArrayForEach(c, member(cases, "tests")) {
        const char *why = reason(word(c, "name"));

        if (why)
            print_message("left out: %s (%s)\n", word(c, "name"), why);
        else
            check_case(c);
        left_out += why != NULL;
        done++;
    }
    assert_int_equal(done, 65);
    assert_int_equal(left_out, sizeof(apart) / sizeof(apart[0]));
}

static int load(void **state)
{
    const char *srcdir = getenv("srcdir");
    autofree char *path = NULL;
    autotext struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    (void)state;
    if (asprintf(&path, "%s/tests/data/smithy-rs/profile-parser-tests.json",
                 srcdir ? srcdir : ".") < 0)
        return -1;
    if (file_slurp(path, 1 << 20, &t, &e) < 0)
        return -1;
    cases = cJSON_Parse(t.s);
    return cases ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    cJSON_Delete(cases);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_read_as_aws_reads_it),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
