/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that repeats what only the request should hold: the session
 * token, the Authorization header and the tokens of the query. */
#ifndef EMULATOR_REPEAT_H
#define EMULATOR_REPEAT_H

struct request;

enum repeat_place {
    REPEAT_MESSAGE,    /* of a 500 */
    REPEAT_ESCAPED,    /* likewise, each character as \u00XX or &#N; */
    REPEAT_TYPE,       /* x-amzn-ErrorType of a 500 */
    REPEAT_REASON,     /* of a 400 */
    REPEAT_REQUEST_ID, /* of a 500 */
    REPEAT_ALGORITHM,  /* x-amz-Checksum-Algorithm of a good answer */
    REPEAT_LENGTH,     /* x-amz-Data-Length of a good answer */
};

/* Does what the rule `repeat' asks for, if there is one. */
void repeat_request(struct request *r);

#endif
