/* SPDX-License-Identifier: Apache-2.0 */
#include "xml.h"

#include "request.h"

void xml_ec2_begin(struct request *r)
{
    struct bytes *b = &r->answer.body;

    answer_type(&r->answer, "text/xml;charset=UTF-8");
    /* Seen: what is asked for by its id comes with its length. */
    r->answer.chunked = !params_get(&r->params, "SnapshotId.1");
    bytes_fmt(b,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%sResponse "
              "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">",
              r->op->event);
    bytes_xml(b, "requestId", r->id);
}

void xml_ec2_end(struct request *r)
{
    bytes_fmt(&r->answer.body, "</%sResponse>", r->op->event);
}

void xml_ec2_headers(struct request *r)
{
    answer_header(&r->answer, "Cache-Control", "no-cache, no-store");
    answer_header(&r->answer, "Strict-Transport-Security",
                  "max-age=31536000; includeSubDomains");
    if (r->answer.chunked)
        answer_header(&r->answer, "vary", "accept-encoding");
    answer_header(&r->answer, "Server", "AmazonEC2");
}

void xml_sts_begin(struct request *r)
{
    answer_type(&r->answer, "text/xml");
    bytes_fmt(&r->answer.body,
              "<%sResponse xmlns=\"https://sts.amazonaws.com/doc/"
              "2011-06-15/\">\n  <%sResult>",
              r->op->event, r->op->event);
}

void xml_line(struct bytes *b, unsigned depth)
{
    bytes_fmt(b, "\n%*s", (int)(2 * depth), "");
}

void xml_sts_end(struct request *r)
{
    struct bytes *b = &r->answer.body;

    bytes_fmt(b, "\n  </%sResult>\n  <ResponseMetadata>", r->op->event);
    xml_line(b, 2);
    bytes_xml(b, "RequestId", r->id);
    bytes_fmt(b, "\n  </ResponseMetadata>\n</%sResponse>\n", r->op->event);
}
