/* SPDX-License-Identifier: Apache-2.0 */
/* The SHA-256 of what is in files of a catalog, as the system that wrote them
 * would read it. */
#ifndef EBSIMG_FILES_CONTENTS_H
#define EBSIMG_FILES_CONTENTS_H

#include "files/catalog.h"

/* Sets the digest of each row that is wanted and is a file, or why there is
 * none.  Reads the directories that lead there once more: of a few files only
 * those, else all below `path'. */
int contents_hash(struct catalog *c, struct session *s,
                  const struct files_options *o, const char *path,
                  struct err *e);

#endif
