/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/typed.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "audit/stage.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

static const char *const images[] = {
    E01_SUFFIX, RAW_SUFFIX, ".raw", PIECE_SUFFIX, NULL,
};

static const char *const papers[] = { STAGE_FOLDER, LOG_SUFFIX, NULL };

static const char *const cases[] = { CASE_SUFFIX, NULL };

static size_t ending(const char *name, size_t n, const char *const *endings)
{
    for (; *endings; endings++) {
        size_t len = strlen(*endings);

        if (n > len && name[n - len - 1] != '/'
            && strncasecmp(name + n - len, *endings, len) == 0)
            return len;
    }
    return 0;
}

size_t typed_image_ending(const char *name)
{
    return ending(name, strlen(name), images);
}

static size_t without_slashes(const char *name)
{
    size_t n = strlen(name);

    while (n > 1 && name[n - 1] == '/')
        n--;
    return n;
}

static bool has(const char *prefix, const char *suffix)
{
    autotext struct text path = TEXT_INIT;

    text_add(&path, prefix);
    text_add(&path, suffix);
    return !path.failed && file_exists(path.s);
}

char *typed_unfinished(const char *name)
{
    size_t n = without_slashes(name), cut;

    if (has(name, STAGE_FOLDER) || has(name, CASE_SUFFIX))
        return strdup(name);
    cut = ending(name, n, images);
    if (!cut)
        cut = ending(name, n, papers);
    if (!cut)
        cut = ending(name, n, cases);
    return strndup(name, n - cut);
}

char *typed_finished(const char *name)
{
    size_t n = without_slashes(name);

    return strndup(name, n - ending(name, n, papers));
}
