/* SPDX-License-Identifier: Apache-2.0 */
/* Code and Message of an error in XML (EC2, STS). */
#ifndef EBSIMG_AWS_FAULT_XML_H
#define EBSIMG_AWS_FAULT_XML_H

#include "base/text.h"

/* Adds the text of the first Error's Code and Message.  -1 when the document
 * is not well formed, has a DTD (nothing of ours has; attacks do), or is too
 * deep: nothing in it counts then. */
int fault_xml(const char *body, size_t n, struct text *code,
              struct text *message);

#endif
