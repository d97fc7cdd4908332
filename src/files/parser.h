/* SPDX-License-Identifier: Apache-2.0 */
/* What runs in the sandbox: it finds the file systems of a volume that it
 * cannot reach but through its socket, and tells what is in them. */
#ifndef EBSIMG_FILES_PARSER_H
#define EBSIMG_FILES_PARSER_H

/* Does jobs until there are no more.  The exit status: 0, or 1 when the owner
 * does not understand or cannot be understood. */
int parser_main(int fd);

#endif
