/* SPDX-License-Identifier: Apache-2.0 */
/* Places where whoever broke in makes sure to come back. */
#ifndef EBSIMG_FILES_PERSISTENCE_H
#define EBSIMG_FILES_PERSISTENCE_H

/* What the place of this path is for ("ssh keys"), or NULL. */
const char *persistence_of(const char *path);

#endif
