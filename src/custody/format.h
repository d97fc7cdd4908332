/* SPDX-License-Identifier: Apache-2.0 */
/* What the first line of a custody log says of itself. */
#ifndef EBSIMG_CUSTODY_FORMAT_H
#define EBSIMG_CUSTODY_FORMAT_H

#define CUSTODY_BEGIN "custody" /* its event */
#define CUSTODY_FORMAT 1

#endif
