/* Which members of the event `credentials' its `unusual' can name (see
 * doc/log-format.md), and what each is called before people: one table for
 * who writes them and for who tells of them. */
#ifndef EBSIMG_CMD_UNUSUAL_H
#define EBSIMG_CMD_UNUSUAL_H

#include "aws/aws.h"
#include "base/text.h"

#define UNUSUAL_CA "ca_file"

/* The metadata service, which comes last, is this machine's own: the event
 * names it as the source of the keys. */
#define UNUSUAL_SERVICES AWS_METADATA

struct unusual_names {
    const char *endpoint, *proxy;             /* members */
    const char *endpoint_title, *proxy_title; /* as an examiner reads them */
};

/* Of each service. */
extern const struct unusual_names unusual_names[UNUSUAL_SERVICES];

/* How the member is called before people; NULL: `unusual' of this version
 * cannot name it. */
const char *unusual_title(const char *member);

#endif
