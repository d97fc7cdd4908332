/* SPDX-License-Identifier: Apache-2.0 */
/* The errors that the service can answer with, as a table, and their two
 * dialects: errors of the service itself ("Message" and "Reason") and of
 * the framework in front of it ("message").  EC2 and STS have XML. */
#ifndef EMULATOR_FAULT_H
#define EMULATOR_FAULT_H

#include <stddef.h>
#include <stdint.h>

struct request;

enum fault_id {
    FAULT_THROTTLE,
    FAULT_THROTTLE_ACCOUNT,
    FAULT_THROTTLING,
    FAULT_500,
    FAULT_502,
    FAULT_503,
    FAULT_504,
    FAULT_NOT_FOUND,
    FAULT_PUBLIC,
    FAULT_ARCHIVED,
    FAULT_KMS_MISSING,
    FAULT_KMS_DISABLED,
    FAULT_KMS_DENIED,
    FAULT_ACCESS_DENIED,
    FAULT_EXPIRED_TOKEN,
    FAULT_BAD_SIGNATURE,
    FAULT_UNRECOGNIZED,
    FAULT_BAD_BLOCK_TOKEN,
    FAULT_BAD_PAGE_TOKEN,
    FAULT_QUOTA,
    FAULT_UNRELATED,
    FAULT_TEAPOT,
    FAULT_BY_RULE, /* above this a rule can ask for it by name */
    FAULT_SKEW = FAULT_BY_RULE,
    FAULT_NO_AUTH,
    FAULT_MALFORMED_AUTH,
    FAULT_SNAPSHOT_ID,
    FAULT_BLOCK,
    FAULT_PARAMETER,
    FAULT_VOLUME_SIZE,
    FAULT_CONFLICT,
    FAULT_LIMIT,
    FAULT_VALIDATION,
    FAULT_UNKNOWN_OPERATION,
    FAULT_CHECKSUM,
    FAULT_EC2_NOT_FOUND,
    FAULT_EC2_IN_USE,
    FAULT_EC2_NO_VOLUME,
    FAULT_EC2_NO_INSTANCE,
    FAULT_EC2_NO_IMAGE,
    FAULT_EC2_MALFORMED,
    FAULT_EC2_PARAMETER,
    FAULT_EC2_DRY_RUN,
    FAULT_COUNT,
};

enum dialect {
    DIALECT_DEFAULT,   /* what the table says */
    DIALECT_SERVICE,   /* header x-amzn-ErrorType, {"Message","Reason"} */
    DIALECT_FRAMEWORK, /* header x-amzn-ErrorType, {"message"} */
    DIALECT_BODY,      /* no header, {"__type","message"} */
};

/* What the body of an error is written in. */
enum fault_body {
    FAULT_BODY_DEFAULT, /* JSON or XML, as the operation has it */
    FAULT_BODY_HTML,    /* as a load balancer has it */
    FAULT_BODY_EMPTY,
    FAULT_BODY_GARBAGE, /* half a JSON object */
};

struct fault {
    const char *name; /* in a rule; NULL from FAULT_BY_RULE on */
    unsigned status;
    const char *type;
    const char *reason; /* NULL: none */
    enum dialect dialect;
    unsigned xml_status; /* the same in EC2 and STS */
    const char *xml_code;
    const char *message; /* for rules, and when nothing better is known */
    const char *help;
};

extern const struct fault faults[FAULT_COUNT];

/* Makes the error the answer of the request.  The message may be NULL. */
void fault_answer(struct request *r, enum fault_id id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with what a rule said about dialect and body. */
void fault_answer_as(struct request *r, const struct fault *fault,
                     enum dialect dialect, enum fault_body body);

#endif
