/* SPDX-License-Identifier: Apache-2.0 */
/* For who searches records that are there already: a rule of Sigma, which is
 * YAML that happens to be JSON, and a query for the table that AWS's
 * documentation makes of CloudTrail's files in Athena. */
#ifndef EBSIMG_POLICY_DETECT_SEARCH_H
#define EBSIMG_POLICY_DETECT_SEARCH_H

#include "policy/jsonout.h"
#include "policy/policy.h"

/* The member "SigmaRule". */
void detect_add_sigma(struct jsonout *j, const struct policy_wish *w);

/* The member "AthenaQuery", a text. */
void detect_add_athena(struct jsonout *j, const struct policy_wish *w);

#endif
