/* SPDX-License-Identifier: Apache-2.0 */
/* Of which sources this program was made: the first 12 digits of the commit,
 * "-changed" behind them when it was not quite that; "unknown".  Written by
 * scripts/build-id at each build. */
#ifndef EBSIMG_BASE_BUILD_ID_H
#define EBSIMG_BASE_BUILD_ID_H

extern const char build_id[];

#endif
