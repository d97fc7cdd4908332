/* SPDX-License-Identifier: Apache-2.0 */
/* The name of a file as people write it into a variable or a shared file: ~
 * and ~name at its beginning are folders of people, $NAME and ${NAME} are
 * variables, where they are set.  AWS's tools read the names of their files
 * so. */
#ifndef EBSIMG_AWS_EXPAND_H
#define EBSIMG_AWS_EXPAND_H

/* The caller frees it; NULL without memory. */
char *expand_path(const char *path);

/* The folder of whoever runs this: $HOME, or what the system says; "" when
 * neither is known.  It lives as long as the calling thread. */
const char *expand_home(void);

#endif
