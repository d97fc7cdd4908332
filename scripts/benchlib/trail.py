# SPDX-License-Identifier: Apache-2.0
"""Files of CloudTrail as a large acquisition leaves them: a record for each
block, of the length that AWS's have, in files packed with gzip."""
import base64
import gzip
import json
import os
import random

PER_FILE = 20000


def uuid(chance):
    h = f'{chance.getrandbits(128):032x}'
    return f'{h[:8]}-{h[8:12]}-4{h[13:16]}-8{h[17:20]}-{h[20:]}'


def record(chance, block):
    role = 'arn:aws:iam::123456789012:role/forensics'
    snapshot = 'snap-0123456789abcdef0'
    second = block // 1000
    return {
        'eventVersion': '1.11',
        'userIdentity': {
            'type': 'AssumedRole', 'principalId': 'AROAEXAMPLE:session',
            'arn': 'arn:aws:sts::123456789012:assumed-role/forensics/session',
            'accountId': '123456789012',
            'accessKeyId': 'ASIAEXAMPLEEXAMPLE12',
            'sessionContext': {
                'sessionIssuer': {'type': 'Role', 'arn': role,
                                  'principalId': 'AROAEXAMPLE',
                                  'accountId': '123456789012',
                                  'userName': 'forensics'},
                'attributes': {'creationDate': '2026-08-01T11:00:00Z',
                               'mfaAuthenticated': 'false'}}},
        'eventTime': f'2026-08-01T{second // 3600 % 24:02}:'
                     f'{second // 60 % 60:02}:{second % 60:02}Z',
        'eventSource': 'ebs.amazonaws.com', 'eventName': 'GetSnapshotBlock',
        'awsRegion': 'us-east-1', 'sourceIPAddress': '198.51.100.7',
        'userAgent': 'ebsimg/0.1.0',
        'requestParameters': {
            'snapshotId': snapshot, 'blockIndex': block,
            'blockToken': base64.b64encode(chance.randbytes(48)).decode()},
        'responseElements': None, 'requestID': uuid(chance),
        'eventID': uuid(chance), 'readOnly': True,
        'resources': [{
            'accountId': '123456789012', 'type': 'AWS::EC2::Snapshot',
            'ARN': f'arn:aws:ec2:us-east-1::snapshot/{snapshot}'}],
        'eventType': 'AwsApiCall', 'managementEvent': False,
        'recipientAccountId': '123456789012', 'eventCategory': 'Data',
        'tlsDetails': {
            'tlsVersion': 'TLSv1.3', 'cipherSuite': 'TLS_AES_128_GCM_SHA256',
            'clientProvidedHostHeader': 'ebs.us-east-1.amazonaws.com'},
    }


def make(folder, records):
    os.makedirs(folder)
    chance = random.Random(records)
    for first in range(0, records, PER_FILE):
        last = min(first + PER_FILE, records)
        name = os.path.join(folder, f'{first:08}.json.gz')
        with gzip.open(name, 'wt', compresslevel=6) as f:
            json.dump({'Records': [record(chance, i)
                                   for i in range(first, last)]},
                      f, separators=(',', ':'))
