/* SPDX-License-Identifier: Apache-2.0 */
/* The prefix that is meant by what people type and paste: the name of an image
 * of the run, of its log or its case log, or of the folder that it left. */
#ifndef EBSIMG_AUDIT_TYPED_H
#define EBSIMG_AUDIT_TYPED_H

#include <stddef.h>

/* Bytes of the name that are the ending of an image, in any case; never all of
 * it. */
size_t typed_image_ending(const char *name);

/* The prefix of the run or chain that did not finish and is called so: `name'
 * itself where it has such a folder or a case log, else without slashes at its
 * end and without the ending of one of these files.  NULL: no memory; the
 * caller frees it. */
char *typed_unfinished(const char *name);

/* Of a finished one: without slashes, and without the ending of its log or of
 * the folder that it had.  The name of an image is no name of a run here: it
 * is that image, or none. */
char *typed_finished(const char *name);

#endif
