/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tls-files.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static const struct {
    const char *name;
    size_t at;
    bool optional;
} names[] = {
    { "ca-cert.pem", offsetof(struct tls_files, ca), false },
    { "server-cert.pem", offsetof(struct tls_files, cert), false },
    { "server-key.pem", offsetof(struct tls_files, key), false },
    { "ca-crl.pem", offsetof(struct tls_files, crl), true },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static char **field(struct tls_files *f, size_t i)
{
    return (char **)(void *)((char *)f + names[i].at);
}

/* What others could read or write is no secret of two sides; and whoever can
 * write an authority decides who comes in. */
static int check_modes(const char *path, mode_t others, struct err *e)
{
    struct stat st;

    if (file_stat(path, &st) < 0)
        return err_set(e, ERR_USAGE, errno, "cannot look at %s", path);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_USAGE, 0, "%s is no file", path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return err_set(e, ERR_USAGE, 0, "%s belongs to another user", path);
    if (st.st_mode & others)
        return err_set(e, ERR_USAGE, 0, "others can read or write %s (mode "
                       "%04o): chmod 600 it", path,
                       (unsigned)st.st_mode & 07777);
    return 0;
}

/* Names what is missing behind what is missing already. */
static int find(struct tls_files *f, const char *folder, size_t i,
                struct text *missing)
{
    struct text path = TEXT_INIT;

    text_addf(&path, "%s/%s", folder, names[i].name);
    if (path.failed || file_exists(path.s)) {
        *field(f, i) = path.s;
        return path.failed ? -1 : 0;
    }
    if (!names[i].optional)
        text_addf(missing, "%s%s", missing->len ? ", " : "", names[i].name);
    text_free(&path);
    return 0;
}

int tls_files_find(struct tls_files *f, const char *folder, struct err *e)
{
    autotext struct text missing = TEXT_INIT;

    memset(f, 0, sizeof(*f));
    if (!file_is_folder(folder))
        return err_set(e, ERR_USAGE, 0, "--tls %s: a folder with "
                       "ca-cert.pem, server-cert.pem and server-key.pem is "
                       "wanted", folder);
    for (size_t i = 0; i < NAMES; i++)
        if (find(f, folder, i, &missing) < 0)
            return err_nomem(e);
    if (missing.failed)
        return err_nomem(e);
    if (missing.len)
        return err_set(e, ERR_USAGE, 0, "--tls %s: not there: %s", folder,
                       missing.s);
    return check_modes(f->key, 077, e) < 0 || check_modes(f->ca, 022, e) < 0
        ? err_in(e, "--tls") : 0;
}

void tls_files_free(struct tls_files *f)
{
    for (size_t i = 0; i < NAMES; i++)
        free(*field(f, i));
}

/* ---------------------------------------------------------- names and keys */

static bool is_key(const char *s)
{
    size_t n = 0;

    while (isxdigit((unsigned char)s[n]))
        n++;
    return !s[n] && n % 2 == 0 && n / 2 >= TLS_KEY_MIN;
}

/* A line whose key is too short is not shown: it is secret all the same. */
static int check_lines(char *text, const char *path, struct err *e)
{
    char *rest = text;
    unsigned line = 0, keys = 0;

    for (char *s; (s = strsep(&rest, "\n")); ) {
        const char *colon = strchr(s, ':');

        line++;
        if (!*s || (*s == '#' && !colon)) /* #HEX:KEY is a name in hex */
            continue;
        if (!colon || colon == s || !is_key(colon + 1))
            return err_set(e, ERR_USAGE, 0, "line %u of %s is not NAME:KEY "
                           "with a key of %d bytes or more in hexadecimal",
                           line, path, TLS_KEY_MIN);
        keys++;
    }
    return keys ? 0 : err_set(e, ERR_USAGE, 0, "there is no key in %s", path);
}

int tls_files_check_keys(const char *path, struct err *e)
{
    struct text t = TEXT_INIT;
    int r = -1;

    if (check_modes(path, 077, e) == 0
        && file_slurp(path, TLS_KEYS_MAX, &t, e) == 0)
        r = check_lines(t.s, path, e);
    if (t.s)
        explicit_bzero(t.s, t.len);
    text_free(&t);
    return r < 0 ? err_in(e, "--tls-psk") : 0;
}
