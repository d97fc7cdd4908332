/* SPDX-License-Identifier: Apache-2.0 */
#include "net/ca.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Debian, Fedora and RHEL, SUSE, Alpine and the BSDs. */
static const char *const usual[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

/* A folder would be accepted by access(), and by libcurl only much later; a
 * pipe or a device could keep libcurl for ever.  Otherwise errno tells why, 0
 * for what is no file. */
static bool readable(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return false;
    if (S_ISDIR(st.st_mode))
        errno = EISDIR;
    else if (!S_ISREG(st.st_mode))
        errno = 0;
    else if (st.st_size > CA_FILE_MAX)
        errno = EFBIG;
    else
        return access(path, R_OK) == 0;
    return false;
}

static int copy(const char *from, char **path, struct err *e)
{
    *path = strdup(from);
    return *path ? 0 : err_nomem(e);
}

static int asked_for(const char *file, const char *by, char **path,
                     struct err *e)
{
    if (!readable(file))
        return err_set(e, ERR_USAGE, errno, "cannot read the CA bundle %s%s%s",
                       file, by, errno ? "" : ": it is not a regular file");
    return copy(file, path, e);
}

int ca_find(const char *wanted, char **path, struct err *e)
{
    const char *env = getenv("SSL_CERT_FILE");

    *path = NULL;
    if (wanted)
        return asked_for(wanted, "", path, e);
    if (env && *env)
        return asked_for(env, " that SSL_CERT_FILE names", path, e);
    env = ca_system();
    return env ? copy(env, path, e) : 0;
}

const char *ca_system(void)
{
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (readable(usual[i]))
            return usual[i];
    return NULL;
}

const char *ca_built_in(void)
{
    return curl_version_info(CURLVERSION_NOW)->cainfo;
}

const char *ca_built_in_folder(void)
{
    return curl_version_info(CURLVERSION_NOW)->capath;
}
