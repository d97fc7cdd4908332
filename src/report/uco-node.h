/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes of a graph in JSON-LD, as CASE and UCO have them.  The name of a node
 * is made of the head of the log and of what the node is, so that two reports
 * of one run speak of the same things. */
#ifndef EBSIMG_REPORT_UCO_NODE_H
#define EBSIMG_REPORT_UCO_NODE_H

#include <stdint.h>

#include "base/text.h"

#define UCO_ID 96 /* bytes */

/* "kb:CLASS-UUID" into `out', of the n-th thing of a class. */
char *uco_id(char out[UCO_ID], const char *head, const char *class,
             uint64_t n);

/* A node, or a facet of one: closed with json_close(t, '}'). */
void uco_open(struct text *t, const char *member, const char *id,
              const char *type);

/* Members. */
void uco_put_ref(struct text *t, const char *member, const char *id);
/* xsd:dateTime, to the microsecond; nothing when it is no such time. */
void uco_put_time(struct text *t, const char *member, const char *iso);
/* Nothing when it is "". */
void uco_put_text(struct text *t, const char *member, const char *value);

/* `source' is KIND `target'. */
void uco_put_relation(struct text *t, const char *id, const char *source,
                      const char *kind, const char *target);

#endif
