/* SPDX-License-Identifier: Apache-2.0 */
/* Which members of the event `credentials' its `unusual' can name (see
 * doc/log-format.md), and what each is called before people: one table for
 * who writes them and for who tells of them. */
#ifndef EBSIMG_AUDIT_UNUSUAL_H
#define EBSIMG_AUDIT_UNUSUAL_H

#define UNUSUAL_CA "ca_file"

/* The metadata service is this machine's own: the event names it as the source
 * of the keys. */
enum unusual_service {
    UNUSUAL_EBS,
    UNUSUAL_EC2,
    UNUSUAL_STS,
    UNUSUAL_SSO,
    UNUSUAL_OIDC,
    UNUSUAL_SIGNIN,
    UNUSUAL_SERVICES,
};

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
