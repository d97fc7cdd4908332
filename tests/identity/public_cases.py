# SPDX-License-Identifier: Apache-2.0
"""AWS's own cases of where keys come from, tests/data/smithy-rs, in one form.

The cases of the files' grammar (65) and of chains of roles (28) have no HTTP:
tests/unit/test-profile-cases and test-keys-plan run them.
"""
import json
import re

import replay

SIGNIN = "https://us-east-1.signin.aws.amazon.com/v1/token"
ARN = re.compile(r"arn:aws:iam::\d+:role/[\w-]+")
PARTS = ["access_key_id", "secret_access_key", "session_token", "expiry"]

# -------------------------------------------------- what ebsimg does not do

WHY_HTTPS = ("plain HTTP goes to this machine and to the addresses of "
             "metadata alone; asked by https in its place")
WHY_SHELL = ("a command is run without a shell, as the AWS CLI does it; with "
             "sh -c in front of it")
WHY_WINDOWS = "Windows"

# Refused as they are, for these reasons, and good once they are altered.
ALTERED = {
    "profile-provider/assume_role_override_global_env_url": WHY_HTTPS,
    "profile-provider/assume_role_override_global_profile_url": WHY_HTTPS,
    "profile-provider/assume_role_override_service_env_url": WHY_HTTPS,
    "profile-provider/assume_role_override_service_profile_url": WHY_HTTPS,
    "profile-provider/sso_override_global_env_url": WHY_HTTPS,
    "profile-provider/credential_process": WHY_SHELL,
    "profile-provider/credential_process_account_id_fallback": WHY_SHELL,
    "metadata/environment variable endpoint override": WHY_HTTPS,
    "metadata/profile endpoint override": WHY_HTTPS,
    "metadata/environment overrides profile": WHY_HTTPS,
    "metadata/environment variable overrides endpoint mode override":
        WHY_HTTPS,
}


def by_https(text):
    return re.sub(r"http://(aws\.[\w.-]+|override|wrong|169\.254\.169\.200)",
                  r"https://\1", text)


def by_shell(text):
    return re.sub(r"credential_process = (.*)",
                  r"credential_process = sh -c '\1'", text)


class Case:
    """What is there: `env', `files' by their paths, a `profile' that was named;
    `play' makes what is asked; `wanted': keys, or None for none."""

    def __init__(self, name, env, files, make_play, wanted, profile=None):
        self.name, self.env, self.files = name, env, files
        self.make_play, self.wanted, self.profile = make_play, wanted, profile
        self.url = None       # the first that is to be asked
        self.cache = None     # what a login's file holds afterwards

    def has_region(self):
        """ebsimg wants one in any case, also when nobody is asked."""
        return "credential_process" not in self.name and any(
            "region" in text for text in self.files.values())

    def altered(self):
        change = by_shell if ALTERED[self.name] == WHY_SHELL else by_https
        copy = Case(self.name, {k: change(v) for k, v in self.env.items()},
                    {k: change(v) for k, v in self.files.items()},
                    self.make_play, self.wanted, self.profile)
        copy.url = self.url and change(self.url)
        return copy


# ---------------------------------------------------------------- folders


def wanted_keys(result):
    keys = result.get("Ok")
    return keys and {k: keys.get(k) for k in PARTS}


def folder_case(name, case):
    """What one set says of a profile alone must not ask the environment: the
    profile is named."""
    texts = list(case["files"].values()) + list(case["env"].values())
    roles = {arn for text in texts for arn in ARN.findall(text)}
    events = case.get("http-traffic", {"events": []})["events"]
    if name in ALTERED:
        events = json.loads(by_https(json.dumps(events)))
    return Case(name, case["env"], case["files"],
                lambda: replay.Recorded(events, roles),
                wanted_keys(case["test-case"]["result"]),
                "default" if name.startswith("profile-provider/") else None)


def folder_cases(data):
    with open(f"{data}/folder-cases.json", encoding="utf-8") as f:
        return [folder_case(*item) for item in json.load(f).items()]


# ------------------------------------------------------------- other sets


def keys_of_answers(result):
    return "Ok" in result and {
        "access_key_id": replay.KEYS["AccessKeyId"],
        "secret_access_key": replay.KEYS["SecretAccessKey"],
        "session_token": replay.KEYS["Token"], "expiry": None} or None


def container_cases(data):
    with open(f"{data}/ecs-tests.json", encoding="utf-8") as f:
        tests = json.load(f)["tests"]
    for t in tests:
        case = Case(f"container/{t['docs']}",
                    {**t["env"], "AWS_EC2_METADATA_DISABLED": "true"}, {},
                    replay.Anywhere, keys_of_answers(t["result"]))
        case.url = t["result"].get("Ok")
        yield case


# What a program may set by a call is set by the environment.
CALLS = {"endpoint_override": "AWS_EC2_METADATA_SERVICE_ENDPOINT",
         "mode_override": "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"}


def metadata_cases(data):
    with open(f"{data}/imds-endpoint-tests.json", encoding="utf-8") as f:
        tests = json.load(f)["tests"]
    for t in tests:
        by_call = {name: t[call] for call, name in CALLS.items() if call in t}
        files = {f"/{name}": text for name, text in t["fs"].items()}
        env = {**t["env"], **by_call}
        if "AWS_CONFIG_FILE" in env:
            env["AWS_CONFIG_FILE"] = "/" + env["AWS_CONFIG_FILE"]
        case = Case(f"metadata/{t['docs']}", env, files, replay.Anywhere,
                    keys_of_answers(t["result"]))
        case.url = t["result"].get("Ok")
        yield case


def login_case(t):
    outcomes = {o["result"]: o for o in t["outcomes"]}
    keys = outcomes.get("credentials")
    files = {f"/home/.aws/login/cache/{name}": json.dumps(content)
             for name, content in t["cacheContents"].items()}
    files["/home/.aws/config"] = t["configContents"]
    case = Case(f"login/{t['documentation']}", {}, files,
                lambda: replay.Signin(t.get("mockApiCalls", []), SIGNIN),
                keys and {"access_key_id": keys["accessKeyId"],
                          "secret_access_key": keys["secretAccessKey"],
                          "session_token": keys["sessionToken"],
                          "expiry": None}, "signin")
    case.cache = {k: v for k, v in outcomes.get("cacheContents", {}).items()
                  if k != "result"}
    return case


def login_cases(data):
    with open(f"{data}/login-provider-test-cases.json",
              encoding="utf-8") as f:
        return [login_case(t) for t in json.load(f)]


def location_case(t):
    """A profile in each of the two files; the region and the keys say that
    both were read."""
    name = t.get("profile", "default")
    files = {t["configLocation"]: f"[profile {name}]\nregion = eu-north-1\n",
             t["credentialsLocation"]: f"[{name}]\naws_access_key_id = AKIA1\n"
                                       "aws_secret_access_key = secret1\n"}
    return Case(f"location/{t['name']}", t["environment"], files, replay.Play,
                {"access_key_id": "AKIA1", "secret_access_key": "secret1",
                 "session_token": None, "expiry": None,
                 "region": "eu-north-1"})


def location_cases(data):
    """Those that are for this system; and how many are not."""
    with open(f"{data}/file-location-tests.json", encoding="utf-8") as f:
        tests = json.load(f)["tests"]
    return ([location_case(t) for t in tests if t["platform"] == "linux"],
            [t["name"] for t in tests if t["platform"] != "linux"])
