/* SPDX-License-Identifier: Apache-2.0 */
/* How the files of the lineage add to its graph. */
#ifndef EBSIMG_LINEAGE_LINEAGE_PRIVATE_H
#define EBSIMG_LINEAGE_LINEAGE_PRIVATE_H

#include "lineage/lineage.h"

/* The node of that id, a new one when there is none.  LINEAGE_NONE when it is
 * no id, or when memory is out. */
size_t lineage_node(struct lineage *l, const char *id);

/* A link, unless it is there already or one of the nodes is LINEAGE_NONE. */
void lineage_link(struct lineage *l, size_t from,
                  enum lineage_relation relation, size_t to,
                  enum lineage_proof proof, const char *detail);

#endif
