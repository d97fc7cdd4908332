/* The text of AWS's shared files (config, credentials), parsed.  Pure.
 *
 * Sections, "key = value" lines, comments with # or ; at the start of a line,
 * and one level of indented keys below a key.  What is there twice or makes
 * no sense is an error with its line: guessing could pick the wrong keys. */
#ifndef EBSIMG_AWS_PROFILE_H
#define EBSIMG_AWS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct profile;

/* `file' is for messages.  The text is copied.  NULL: ERR_USAGE. */
struct profile *profile_parse(const char *text, size_t n, const char *file,
                              struct err *e);
void profile_free(struct profile *p); /* wipes: there are secrets in it */

/* `section' as it stands between the brackets, "default", "profile lab",
 * "services local". */
bool profile_has(const struct profile *p, const char *section);

/* Values, NULL when absent; keys in small letters.  `above' is the key that
 * an indented key belongs to, NULL for an ordinary one. */
const char *profile_get(const struct profile *p, const char *section,
                        const char *above, const char *key);

#endif
