/* SPDX-License-Identifier: Apache-2.0 */
/* Text for HTML and XML, so that it stays text wherever it came from. */
#ifndef EBSIMG_REPORT_MARKUP_H
#define EBSIMG_REPORT_MARKUP_H

#include "base/text.h"

/* Into content or a quoted attribute: what text_add_shown() makes of it (no
 * control characters, nothing that turns a line round), with & < > " ' as
 * entities, and without the code points that XML and HTML do not have. */
void markup_add(struct text *t, const char *s);

#endif
