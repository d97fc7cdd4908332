/* SPDX-License-Identifier: Apache-2.0 */
/* The style sheet of a report in HTML: on a screen of any width, and on paper
 * without colours. */
#ifndef EBSIMG_REPORT_STYLE_H
#define EBSIMG_REPORT_STYLE_H

extern const char style_sheet[];

#endif
