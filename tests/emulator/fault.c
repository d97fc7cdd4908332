/* SPDX-License-Identifier: Apache-2.0 */
#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "denial.h"
#include "request.h"
#include "xml.h"

#define SERVICE DIALECT_SERVICE
#define FRAMEWORK DIALECT_FRAMEWORK

#define VALIDATION "ValidationException"
#define NOT_FOUND "ResourceNotFoundException"
#define DENIED "AccessDeniedException"
#define THROTTLED "RequestThrottledException"

const struct fault faults[FAULT_COUNT] = {
    [FAULT_THROTTLE] = { "throttle", 400, THROTTLED,
                         "RESOURCE_LEVEL_THROTTLE", SERVICE, 503,
                         "RequestLimitExceeded", "Rate exceeded",
                         "400 RequestThrottledException, of the snapshot" },
    [FAULT_THROTTLE_ACCOUNT] = { "throttle-account", 400, THROTTLED,
                                 "ACCOUNT_THROTTLED", SERVICE, 503,
                                 "RequestLimitExceeded", "Rate exceeded",
                                 "400 RequestThrottledException, of the "
                                 "account" },
    [FAULT_THROTTLING] = { "throttling", 400, "ThrottlingException", NULL,
                           FRAMEWORK, 400, "Throttling", "Rate exceeded",
                           "400 ThrottlingException" },
    [FAULT_500] = { "500", 500, "InternalServerException", NULL, SERVICE, 500,
                    "InternalError", "An internal error has occurred",
                    "500 InternalServerException" },
    [FAULT_502] = { "502", 502, NULL, NULL, FRAMEWORK, 502, "BadGateway",
                    "Bad gateway", "502, no error type" },
    [FAULT_503] = { "503", 503, "ServiceUnavailableException", NULL,
                    FRAMEWORK, 503, "Unavailable", "Service unavailable",
                    "503 ServiceUnavailableException; EC2: Unavailable" },
    [FAULT_504] = { "504", 504, NULL, NULL, FRAMEWORK, 504, "GatewayTimeout",
                    "Gateway timeout", "504, no error type" },
    [FAULT_NOT_FOUND] = { "not-found", 404, NOT_FOUND, "SNAPSHOT_NOT_FOUND",
                          SERVICE, 400, "InvalidSnapshot.NotFound",
                          "The snapshot does not exist.",
                          "404 SNAPSHOT_NOT_FOUND: deleted, pending, not "
                          "ready yet" },
    [FAULT_PUBLIC] = { "public", 400, VALIDATION, "INVALID_SNAPSHOT_ID",
                       SERVICE, 400, "InvalidParameterValue",
                       "Public snapshots are not supported",
                       "400: a public snapshot of somebody else" },
    [FAULT_ARCHIVED] = { "archived", 400, VALIDATION, "INVALID_SNAPSHOT_ID",
                         SERVICE, 400, "IncorrectState",
                         "The snapshot is in the archive tier",
                         "400: a snapshot in the archive tier" },
    [FAULT_KMS_MISSING] = { "kms-missing", 404, NOT_FOUND,
                            "DEPENDENCY_RESOURCE_NOT_FOUND", SERVICE, 400,
                            "InvalidKmsKey.NotFound", "KMS key not found",
                            "404: no right to use the KMS key, or it is "
                            "gone" },
    [FAULT_KMS_DISABLED] = { "kms-disabled", 400, VALIDATION,
                             "INVALID_DEPENDENCY_REQUEST", SERVICE, 400,
                             "InvalidKmsKey.InvalidKeyState",
                             "The KMS key is disabled",
                             "400: the KMS key is disabled" },
    [FAULT_KMS_DENIED] = { "kms-denied", 403, DENIED,
                           "DEPENDENCY_ACCESS_DENIED", SERVICE, 403,
                           "UnauthorizedOperation",
                           "Access to a dependency was denied",
                           "403 DEPENDENCY_ACCESS_DENIED" },
    [FAULT_ACCESS_DENIED] = { "access-denied", 403, DENIED, NULL, SERVICE,
                              403, "UnauthorizedOperation",
                              "You are not authorized to perform this "
                              "operation.",
                              "403 AccessDeniedException; EC2: "
                              "UnauthorizedOperation" },
    [FAULT_EXPIRED_TOKEN] = { "expired-token", 403, "ExpiredTokenException",
                              NULL, FRAMEWORK, 400, "ExpiredToken",
                              "The security token included in the request "
                              "is expired",
                              "403 ExpiredTokenException: the credentials "
                              "have expired" },
    [FAULT_BAD_SIGNATURE] = { "bad-signature", 403,
                              "InvalidSignatureException", NULL, FRAMEWORK,
                              403, "SignatureDoesNotMatch",
                              "The request signature we calculated does not "
                              "match the signature you provided. Check your "
                              "AWS Secret Access Key and signing method. "
                              "Consult the service documentation for "
                              "details.",
                              "403 InvalidSignatureException" },
    [FAULT_UNRECOGNIZED] = { "unrecognized", 403,
                             "UnrecognizedClientException", NULL, FRAMEWORK,
                             403, "InvalidClientTokenId",
                             "The security token included in the request is "
                             "invalid.",
                             "403 UnrecognizedClientException: no such key" },
    [FAULT_BAD_BLOCK_TOKEN] = { "bad-block-token", 400, VALIDATION,
                                "INVALID_BLOCK_TOKEN", SERVICE, 400,
                                "InvalidParameterValue",
                                "The block token is invalid.",
                                "400 INVALID_BLOCK_TOKEN" },
    [FAULT_BAD_PAGE_TOKEN] = { "bad-page-token", 400, VALIDATION,
                               "INVALID_PAGE_TOKEN", SERVICE, 400,
                               "InvalidParameterValue",
                               "The pagination token is invalid.",
                               "400 INVALID_PAGE_TOKEN" },
    [FAULT_QUOTA] = { "quota", 402, "ServiceQuotaExceededException",
                      "DEPENDENCY_SERVICE_QUOTA_EXCEEDED", SERVICE, 400,
                      "ResourceLimitExceeded", "A quota was exceeded",
                      "402 ServiceQuotaExceededException" },
    [FAULT_UNRELATED] = { "unrelated", 400, VALIDATION, "UNRELATED_SNAPSHOTS",
                          SERVICE, 400, "InvalidParameterValue",
                          "The snapshots are not related.",
                          "400 UNRELATED_SNAPSHOTS" },
    [FAULT_TEAPOT] = { "418", 418, "UnheardOfException", NULL, FRAMEWORK, 418,
                       "UnheardOf", "This is not in any documentation",
                       "418, an error that nobody documents" },

    [FAULT_SKEW] = { NULL, 403, "InvalidSignatureException", NULL, FRAMEWORK,
                     400, "RequestExpired", NULL, NULL },
    [FAULT_NO_AUTH] = { NULL, 403, "MissingAuthenticationTokenException",
                        NULL, FRAMEWORK, 403, "MissingAuthenticationToken",
                        "Missing Authentication Token", NULL },
    [FAULT_MALFORMED_AUTH] = { NULL, 403, "IncompleteSignatureException",
                               NULL, FRAMEWORK, 400, "IncompleteSignature",
                               NULL, NULL },
    [FAULT_SNAPSHOT_ID] = { NULL, 400, VALIDATION, "INVALID_SNAPSHOT_ID",
                            SERVICE, 400, "InvalidParameterValue", NULL,
                            NULL },
    [FAULT_BLOCK] = { NULL, 400, VALIDATION, "INVALID_BLOCK", SERVICE, 400,
                      "InvalidParameterValue", NULL, NULL },
    [FAULT_PARAMETER] = { NULL, 400, VALIDATION, "INVALID_PARAMETER_VALUE",
                          SERVICE, 400, "InvalidParameterValue", NULL, NULL },
    [FAULT_VOLUME_SIZE] = { NULL, 400, VALIDATION, "INVALID_VOLUME_SIZE",
                            SERVICE, 400, "InvalidParameterValue", NULL,
                            NULL },
    [FAULT_CONFLICT] = { NULL, 409, "ConflictException", NULL, SERVICE, 409,
                         "IdempotentParameterMismatch", NULL, NULL },
    [FAULT_LIMIT] = { NULL, 400, "ConcurrentLimitExceededException", NULL,
                      SERVICE, 400, "ConcurrentSnapshotLimitExceeded",
                      "Too many pending snapshots", NULL },
    [FAULT_VALIDATION] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                           "ValidationError", NULL, NULL },
    [FAULT_UNKNOWN_OPERATION] = { NULL, 404, "UnknownOperationException",
                                  NULL, FRAMEWORK, 400, "InvalidAction",
                                  "The operation is not known", NULL },
    [FAULT_CHECKSUM] = { NULL, 403, "InvalidSignatureException", NULL,
                         FRAMEWORK, 403, "SignatureDoesNotMatch", NULL,
                         NULL },
    [FAULT_EC2_NOT_FOUND] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                              "InvalidSnapshot.NotFound", NULL, NULL },
    [FAULT_EC2_IN_USE] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                           "InvalidSnapshot.InUse", NULL, NULL },
    [FAULT_EC2_NO_VOLUME] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                              "InvalidVolume.NotFound", NULL, NULL },
    [FAULT_EC2_NO_INSTANCE] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                                "InvalidInstanceID.NotFound", NULL, NULL },
    [FAULT_EC2_NO_IMAGE] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                             "InvalidAMIID.NotFound", NULL, NULL },
    [FAULT_EC2_MALFORMED] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                              "InvalidSnapshotID.Malformed", NULL, NULL },
    [FAULT_EC2_PARAMETER] = { NULL, 400, VALIDATION, NULL, FRAMEWORK, 400,
                              "InvalidParameterValue", NULL, NULL },
    [FAULT_EC2_DRY_RUN] = { NULL, 412, "DryRunOperation", NULL, FRAMEWORK,
                            412, "DryRunOperation",
                            "Request would have succeeded, but DryRun flag "
                            "is set.", NULL },
};

/* Where the real service's errors say they come from. */
static const char *namespace_of(enum dialect dialect, const char *type)
{
    if (dialect == DIALECT_SERVICE)
        return "http://internal.amazon.com/coral/"
               "com.amazon.zeppelindataservice/";
    return type[0] == 'V' ? "http://internal.amazon.com/coral/"
                            "com.amazon.coral.validate/"
                          : "http://internal.amazon.com/coral/"
                            "com.amazon.coral.service/";
}

static void json_body(struct request *r, const struct fault *f,
                      enum dialect dialect, const char *message)
{
    struct bytes *b = &r->answer.body;

    answer_type(&r->answer, "application/json");
    if (f->type && dialect != DIALECT_BODY)
        answer_header(&r->answer, "x-amzn-ErrorType", "%s:%s", f->type,
                      namespace_of(dialect, f->type));
    bytes_str(b, "{");
    if (f->type && dialect == DIALECT_BODY)
        bytes_fmt(b, "\"__type\":\"com.amazon.coral.availability#%s\",",
                  f->type);
    bytes_str(b, dialect == SERVICE ? "\"Message\":" : "\"message\":");
    bytes_json(b, message);
    if (f->reason && dialect == SERVICE) {
        bytes_str(b, ",\"Reason\":");
        bytes_json(b, f->reason);
    }
    bytes_str(b, "}");
}

static void ec2_body(struct request *r, const struct fault *f,
                     const char *message)
{
    struct bytes *b = &r->answer.body;

    answer_type(&r->answer, "text/xml;charset=UTF-8");
    r->answer.chunked = true;
    bytes_str(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<Response><Errors><Error>");
    bytes_xml(b, "Code", f->xml_code);
    bytes_xml(b, "Message", message);
    bytes_str(b, "</Error></Errors>");
    bytes_xml(b, "RequestID", r->id);
    bytes_str(b, "</Response>");
}

static void sts_body(struct request *r, const struct fault *f,
                     const char *message)
{
    struct bytes *b = &r->answer.body;

    answer_type(&r->answer, "text/xml");
    bytes_str(b, "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/"
                 "2011-06-15/\">\n  <Error>");
    xml_line(b, 2);
    bytes_xml(b, "Type", f->xml_status < 500 ? "Sender" : "Receiver");
    xml_line(b, 2);
    bytes_xml(b, "Code", f->xml_code);
    xml_line(b, 2);
    bytes_xml(b, "Message", message);
    bytes_str(b, "\n  </Error>");
    xml_line(b, 1);
    bytes_xml(b, "RequestId", r->id);
    bytes_str(b, "\n</ErrorResponse>\n");
}

static void write_body(struct request *r, const struct fault *f,
                       enum dialect dialect, const char *message)
{
    switch (r->op->family) {
    case FAMILY_EBS:
        json_body(r, f, dialect, message);
        break;
    case FAMILY_EC2:
        ec2_body(r, f, message);
        break;
    case FAMILY_STS:
        sts_body(r, f, message);
        break;
    }
}

static void answer_fault(struct request *r, const struct fault *f,
                         enum dialect dialect, const char *message)
{
    struct answer *a = &r->answer;
    bool xml = r->op->family != FAMILY_EBS;

    if (dialect == DIALECT_DEFAULT)
        dialect = f->dialect;
    answer_clear(a);
    a->status = xml ? f->xml_status : f->status;
    a->error = xml ? f->xml_code : f->type;
    snprintf(a->message, sizeof(a->message), "%s", message);
    /* The captures of the real service have it with every 400. */
    a->close = a->status == 400;
    write_body(r, f, dialect, message);
}

void fault_answer(struct request *r, enum fault_id id, const char *fmt, ...)
{
    char message[1024];
    va_list ap;

    snprintf(message, sizeof(message), "%s",
             faults[id].message ? faults[id].message : "");
    if (fmt) {
        va_start(ap, fmt);
        vsnprintf(message, sizeof(message), fmt, ap);
        va_end(ap);
    }
    answer_fault(r, &faults[id], DIALECT_DEFAULT, message);
}

static void html_body(struct request *r, const struct fault *f)
{
    answer_type(&r->answer, "text/html");
    bytes_fmt(&r->answer.body,
              "<html>\r\n<head><title>%u %s</title></head>\r\n<body>\r\n"
              "<center><h1>%u %s</h1></center>\r\n</body>\r\n</html>\r\n",
              f->status, f->message, f->status, f->message);
}

/* An error in front of the service has no error type either. */
static void replace_body(struct request *r, const struct fault *f,
                         enum fault_body body)
{
    const char *error = r->answer.error;
    bool close = r->answer.close;

    answer_clear(&r->answer);
    r->answer.status = f->status;
    r->answer.error = error;
    r->answer.close = close;
    if (body == FAULT_BODY_HTML)
        html_body(r, f);
    else if (body == FAULT_BODY_GARBAGE)
        bytes_str(&r->answer.body, "{\"mess\x80\x81\"; \x01");
}

void fault_answer_as(struct request *r, const struct fault *fault,
                     enum dialect dialect, enum fault_body body)
{
    char denied[640];

    denial_text(r, denied, sizeof(denied));
    answer_fault(r, fault, dialect,
                 fault == &faults[FAULT_ACCESS_DENIED] && denied[0]
                     ? denied
                     : fault->message);
    if (body != FAULT_BODY_DEFAULT)
        replace_body(r, fault, body);
}
