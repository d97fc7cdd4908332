/* SPDX-License-Identifier: Apache-2.0 */
/* Which certificate authorities are trusted. */
#ifndef EBSIMG_NET_CA_H
#define EBSIMG_NET_CA_H

#include "base/err.h"

/* Certificates of all authorities that there are take a quarter of a MiB. */
#define CA_FILE_MAX (16 * 1024 * 1024)

/* The PEM file to use: `wanted' (an option), else the file that SSL_CERT_FILE
 * names, else the system's bundle.  NULL in *path when there is none of the
 * usual ones: libcurl's own default is right then.  One that was asked for
 * and cannot be read, is no file or larger than CA_FILE_MAX, is ERR_USAGE.
 * *path belongs to the caller. */
int ca_find(const char *wanted, char **path, struct err *e);

/* The system's bundle, whatever the environment says; NULL: none. */
const char *ca_system(void);

/* What libcurl was built with, a file and a folder, each NULL when none. */
const char *ca_built_in(void);
const char *ca_built_in_folder(void);

#endif
