/* SPDX-License-Identifier: Apache-2.0 */
/* The XML answers of EC2 and STS. */
#ifndef EMULATOR_XML_H
#define EMULATOR_XML_H

struct bytes;
struct request;

/* Opens and closes the answer to an EC2 call, named after its Action. */
void xml_ec2_begin(struct request *r);
void xml_ec2_end(struct request *r);

/* Likewise for STS, with the element of the result inside.  STS has every
 * element on a line of its own: xml_line() begins one, that deep. */
void xml_sts_begin(struct request *r);
void xml_sts_end(struct request *r);
void xml_line(struct bytes *b, unsigned depth);

/* What every answer of EC2 has in its header, errors too. */
void xml_ec2_headers(struct request *r);

#endif
