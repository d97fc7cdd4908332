/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of AWS's own Signature Version 4 test suite (header mode): what is
 * asked, and the signature that must come out.  The values are facts from the
 * suite published with aws-c-auth (tests/aws-signing-test-suite/v4,
 * Apache-2.0), written down in our own form.
 *
 * All cases have the keys, region, service and time below, and the headers
 * Host and X-Amz-Date; a row tells what else there is. */
#ifndef EBSIMG_TESTS_SIGV4_CASES_H
#define EBSIMG_TESTS_SIGV4_CASES_H

#include "aws/sigv4.h"

static const struct sigv4_key suite_key = {
    .access_key_id = "AKIDEXAMPLE",
    .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    .region = "us-east-1",
    .service = "service",
    .time = "20150830T123600Z",
};

static const char suite_host[] = "example.amazonaws.com";

/* The session token of the suite. */
#define SUITE_TOKEN \
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWs" \
    "KWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGde" \
    "ehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8T" \
    "x6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FD" \
    "rypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

struct suite_case {
    const char *name;
    const char *method;
    const char *path;
    const char *query;
    struct sigv4_header headers[4]; /* up to the first without a name */
    const char *body;
    bool unnormalized;
    const char *signature;
};

static const struct suite_case suite_cases[] = {
    {
        .name = "get-header-key-duplicate",
        .method = "GET",
        .path = "/",
        .headers = {
            { "My-Header1", "value2" },
            { "My-Header1", "value2" },
            { "My-Header1", "value1" },
        },
        .signature =
            "c9d5ea9f3f72853aea855b47ea873832"
            "890dbdd183b4468f858259531a5138ea",
    },
    {
        .name = "get-header-value-multiline",
        .method = "GET",
        .path = "/",
        .headers = {
            { "My-Header1", "value1\n  value2\n     value3" },
        },
        .signature =
            "cfd34249e4b1c8d6b91ef74165d41a32"
            "e5fab3306300901bb65a51a73575eefd",
    },
    {
        .name = "get-header-value-order",
        .method = "GET",
        .path = "/",
        .headers = {
            { "My-Header1", "value4" },
            { "My-Header1", "value1" },
            { "My-Header1", "value3" },
            { "My-Header1", "value2" },
        },
        .signature =
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1"
            "deb5e634ec47601a50643f830c755c01",
    },
    {
        .name = "get-header-value-trim",
        .method = "GET",
        .path = "/",
        .headers = {
            { "My-Header1", " value1" },
            { "My-Header2", " \"a   b   c\"" },
        },
        .signature =
            "acc3ed3afb60bb290fc8d2dd0098b991"
            "1fcaa05412b367055dee359757a9c736",
    },
    {
        .name = "get-relative-normalized",
        .method = "GET",
        .path = "/example/..",
        .signature =
            "5fa00fa31553b73ebf1942676e86291e"
            "8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
        .name = "get-relative-relative-normalized",
        .method = "GET",
        .path = "/example1/example2/../..",
        .signature =
            "5fa00fa31553b73ebf1942676e86291e"
            "8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
        .name = "get-relative-relative-unnormalized",
        .method = "GET",
        .path = "/example1/example2/../..",
        .unnormalized = true,
        .signature =
            "dc33e0856fd4baca4d7aa2146c389582"
            "83844764f38c74252a333df5e613003b",
    },
    {
        .name = "get-relative-unnormalized",
        .method = "GET",
        .path = "/example/..",
        .unnormalized = true,
        .signature =
            "eca7ead57bb5aa5c8e28007acd4ff04e"
            "1ff9a0ff3b237ec1554a184887ff9282",
    },
    {
        .name = "get-slash-dot-slash-normalized",
        .method = "GET",
        .path = "/./",
        .signature =
            "5fa00fa31553b73ebf1942676e86291e"
            "8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
        .name = "get-slash-dot-slash-unnormalized",
        .method = "GET",
        .path = "/./",
        .unnormalized = true,
        .signature =
            "68714168e6557f8f2de0ef956fc24dc2"
            "593a4bd2961f8df51898d8a134695145",
    },
    {
        .name = "get-slash-normalized",
        .method = "GET",
        .path = "//",
        .signature =
            "5fa00fa31553b73ebf1942676e86291e"
            "8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
        .name = "get-slash-pointless-dot-normalized",
        .method = "GET",
        .path = "/./example",
        .signature =
            "ef75d96142cf21edca26f06005da7988"
            "e4f8dc83a165a80865db7089db637ec5",
    },
    {
        .name = "get-slash-pointless-dot-unnormalized",
        .method = "GET",
        .path = "/./example",
        .unnormalized = true,
        .signature =
            "beb03f223f7deae4146464f06e29eebb"
            "ee9c8afbe15c290cf07aa8b119e14cff",
    },
    {
        .name = "get-slash-unnormalized",
        .method = "GET",
        .path = "//",
        .unnormalized = true,
        .signature =
            "c88bcd3d312d75078c0cd961d6deae3f"
            "4c754924b01669efcfcb439fd5e5b76e",
    },
    {
        .name = "get-slashes-normalized",
        .method = "GET",
        .path = "//example//",
        .signature =
            "9a624bd73a37c9a373b5312afbebe7a7"
            "14a789de108f0bdfe846570885f57e84",
    },
    {
        .name = "get-slashes-unnormalized",
        .method = "GET",
        .path = "//example//",
        .unnormalized = true,
        .signature =
            "87cca117541a147f6df867677d98a7d8"
            "0dff226d2bfca9e4ffa899665623c7e5",
    },
    {
        .name = "get-space-normalized",
        .method = "GET",
        .path = "/example space/",
        .signature =
            "652487583200325589f1fba4c7e578f7"
            "2c47cb61beeca81406b39ddec1366741",
    },
    {
        .name = "get-space-unnormalized",
        .method = "GET",
        .path = "/example space/",
        .unnormalized = true,
        .signature =
            "652487583200325589f1fba4c7e578f7"
            "2c47cb61beeca81406b39ddec1366741",
    },
    {
        .name = "get-unreserved",
        .method = "GET",
        .path =
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
            "xyz",
        .signature =
            "07ef7494c76fa4850883e2b006601f94"
            "0f8a34d404d0cfa977f52a65bbf5f24f",
    },
    {
        .name = "get-utf8",
        .method = "GET",
        .path = "/\341\210\264",
        .signature =
            "8318018e0b0f223aa2bbf98705b62bb7"
            "87dc9c0e678f255a891fd03141be5d85",
    },
    {
        .name = "get-vanilla",
        .method = "GET",
        .path = "/",
        .signature =
            "5fa00fa31553b73ebf1942676e86291e"
            "8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
        .name = "get-vanilla-empty-query-key",
        .method = "GET",
        .path = "/",
        .query = "Param1=value1",
        .signature =
            "a67d582fa61cc504c4bae71f336f98b9"
            "7f1ea3c7a6bfe1b6e45aec72011b9aeb",
    },
    {
        .name = "get-vanilla-query",
        .method = "GET",
        .path = "/",
        .signature =
            "5fa00fa31553b73ebf1942676e86291e"
            "8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
        .name = "get-vanilla-query-order-encoded",
        .method = "GET",
        .path = "/",
        .query = "Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
        .signature =
            "371d3713e185cc334048618a97f809c9"
            "ffe339c62934c032af5a0e595648fcac",
    },
    {
        .name = "get-vanilla-query-order-key-case",
        .method = "GET",
        .path = "/",
        .query = "Param2=value2&Param1=value1",
        .signature =
            "b97d918cfa904a5beff61c982a1b6f45"
            "8b799221646efd99d3219ec94cdf2500",
    },
    {
        .name = "get-vanilla-query-unreserved",
        .method = "GET",
        .path = "/",
        .query =
            "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
            "yz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
            "vwxyz",
        .signature =
            "9c3e54bfcdf0b19771a7f523ee5669cd"
            "f59bc7cc0884027167c21bb143a40197",
    },
    {
        .name = "get-vanilla-utf8-query",
        .method = "GET",
        .path = "/",
        .query = "\341\210\264=bar",
        .signature =
            "2cdec8eed098649ff3a119c94853b13c"
            "643bcf08f8b0a1d91e12c9027818dd04",
    },
    {
        .name = "get-vanilla-with-session-token",
        .method = "GET",
        .path = "/",
        .headers = {
            { "X-Amz-Security-Token",
              "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf19"
              "4267" },
        },
        .signature =
            "07ec1639c89043aa0e3e2de82b96708f"
            "198cceab042d4a97044c66dd9f74e7f8",
    },
    {
        .name = "post-header-key-case",
        .method = "POST",
        .path = "/",
        .signature =
            "5da7c1a2acd57cee7505fc6676e4e544"
            "621c30862966e37dddb68e92efbe5d6b",
    },
    {
        .name = "post-header-key-sort",
        .method = "POST",
        .path = "/",
        .headers = {
            { "My-Header1", "value1" },
        },
        .signature =
            "c5410059b04c1ee005303aed430f6e66"
            "45f61f4dc9e1461ec8f8916fdf18852c",
    },
    {
        .name = "post-header-value-case",
        .method = "POST",
        .path = "/",
        .headers = {
            { "My-Header1", "VALUE1" },
        },
        .signature =
            "cdbc9802e29d2942e5e10b5bccfdd67c"
            "5f22c7c4e8ae67b53629efa58b974b7d",
    },
    {
        .name = "post-sts-header-after",
        .method = "POST",
        .path = "/",
        .signature =
            "5da7c1a2acd57cee7505fc6676e4e544"
            "621c30862966e37dddb68e92efbe5d6b",
    },
    {
        .name = "post-sts-header-before",
        .method = "POST",
        .path = "/",
        .headers = {
            { "X-Amz-Security-Token", SUITE_TOKEN },
        },
        .signature =
            "85d96828115b5dc0cfc3bd16ad9e210d"
            "d772bbebba041836c64533a82be05ead",
    },
    {
        .name = "post-vanilla",
        .method = "POST",
        .path = "/",
        .signature =
            "5da7c1a2acd57cee7505fc6676e4e544"
            "621c30862966e37dddb68e92efbe5d6b",
    },
    {
        .name = "post-vanilla-empty-query-value",
        .method = "POST",
        .path = "/",
        .query = "Param1=value1",
        .signature =
            "28038455d6de14eafc1f9222cf5aa6f1"
            "a96197d7deb8263271d420d138af7f11",
    },
    {
        .name = "post-vanilla-query",
        .method = "POST",
        .path = "/",
        .query = "Param1=value1",
        .signature =
            "28038455d6de14eafc1f9222cf5aa6f1"
            "a96197d7deb8263271d420d138af7f11",
    },
    {
        .name = "post-x-www-form-urlencoded",
        .method = "POST",
        .path = "/",
        .headers = {
            { "Content-Type", "application/x-www-form-urlencoded" },
            { "Content-Length", "13" },
            { "X-Amz-Content-Sha256",
              "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d"
              "0b6e" },
        },
        .body = "Param1=value1",
        .signature =
            "d3875051da38690788ef43de4db0d8f2"
            "80229d82040bfac253562e56c3f20e0b",
    },
    {
        .name = "post-x-www-form-urlencoded-parameters",
        .method = "POST",
        .path = "/",
        .headers = {
            { "Content-Type",
              "application/x-www-form-urlencoded; charset=utf-8" },
            { "Content-Length", "13" },
            { "X-Amz-Content-Sha256",
              "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d"
              "0b6e" },
        },
        .body = "Param1=value1",
        .signature =
            "328d1b9eaadca9f5818ef05e8392801e"
            "091653bafec24fcab71e7344e7f51422",
    },
};

#endif
