/* SPDX-License-Identifier: Apache-2.0 */
/* The three ways to show a lineage. */
#ifndef EBSIMG_LINEAGE_CHAIN_SHOW_H
#define EBSIMG_LINEAGE_CHAIN_SHOW_H

#include "base/text.h"
#include "lineage/chain.h"

int chain_compose_tree(const struct lineage *l, struct text *t,
                       struct err *e);
void chain_compose_json(const struct chain *c, struct text *t);
void chain_compose_dot(const struct lineage *l, struct text *t);

#endif
