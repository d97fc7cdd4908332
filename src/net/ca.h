/* Which certificate authorities are trusted. */
#ifndef EBSIMG_NET_CA_H
#define EBSIMG_NET_CA_H

#include "base/err.h"

/* The PEM file to use: `wanted' (an option), else the file that SSL_CERT_FILE
 * names, else the system's bundle.  NULL in *path when there is none of the
 * usual ones: libcurl's own default is right then.  A file that was asked for
 * and cannot be read is ERR_USAGE.  *path belongs to the caller. */
int ca_find(const char *wanted, char **path, struct err *e);

#endif
