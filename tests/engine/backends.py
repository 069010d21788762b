"""An AWS account on this machine, and what docs/backends.md says about one. Not a test."""

from __future__ import annotations

import base64
import json
import logging
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import httpx
from moto.core import enable_iam_authentication
from moto.server import ThreadedMotoServer

from tests.docs.pages import CHECKOUT, Page
from tests.engine.stack import TIMEOUT, Result, Stack, end_session

PAGE = Page(CHECKOUT / "docs/backends.md")
REGION = "eu-central-1"
BUCKET = "acme-pulumi-state"
URL = f"s3://{BUCKET}?region={REGION}"
KEY = f"awskms:///alias/acme-pulumi?region={REGION}"
LOCKED = "the stack is currently locked by 1 lock(s)"
PATIENCE = 120.0
"""Seconds after which a test gives up waiting."""


def section(heading: str) -> str:
    """The text of the page below a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", PAGE.text, re.DOTALL | re.MULTILINE)
    assert found is not None, f"the page has no heading {heading!r}"
    return found[1]


def scripts(heading: str) -> list[str]:
    """The shell blocks below a heading."""
    return re.findall(r"^```sh\n(.*?)^```$", section(heading), re.DOTALL | re.MULTILINE)


def script(heading: str) -> str:
    """The only shell block below a heading."""
    (block,) = scripts(heading)
    return block


def run(stack: Stack, lines: str, **environment: str) -> Result:
    """Run shell lines as a pipeline would: in the project's directory, until the first command that fails."""
    process = shell(stack, lines, **environment)
    try:
        out, _ = process.communicate(timeout=TIMEOUT)
    finally:
        end_session(process)
    return Result(process.returncode, out)


def shell(stack: Stack, lines: str, **environment: str) -> subprocess.Popen[str]:
    """Start shell lines in a session of their own."""
    return subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=stack.directory,
        env={**stack.env(), **environment},
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def wait_until(true: Callable[[], object], *processes: subprocess.Popen[str]) -> None:
    """Wait until something is true; fail when one of the processes ends before."""
    last = time.monotonic() + PATIENCE
    while not true():
        ended = [process.communicate()[0] for process in processes if process.poll() is not None]
        assert not ended, f"ended by itself: {ended}"
        assert time.monotonic() < last, "it did not happen"
        time.sleep(0.02)


def _roles() -> dict[str, list[list[str]]]:
    """The page's table of permissions: by who, the actions on the bucket, on its objects and on the key."""
    rows = re.findall(r"^\| ([^|`]+?) \|(.*`.*)\|$", section("Who may do what"), re.MULTILINE)
    return {who: [re.findall(r"`(\w+:\w+)`", cell) for cell in cells.split("|")] for who, cells in rows}


ROLES = _roles()
MAKER, UPDATER, PREVIEWER, AUDITOR = ROLES


class Amazon:
    """An account with a versioned bucket and a key, which checks signatures and permissions.

    Attributes:
        key_id: of the key that the alias stands for.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        root = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self._iam = boto3.client("iam", region_name=REGION, endpoint_url=endpoint, **root)
        admin = self._make_user("administrator", [("*", "*")])
        keys = {"aws_access_key_id": admin["AccessKeyId"], "aws_secret_access_key": admin["SecretAccessKey"]}
        self._iam.close()
        self._iam, self._s3, self.kms = (
            boto3.client(service, region_name=REGION, endpoint_url=endpoint, **keys) for service in ("iam", "s3", "kms")
        )
        self._s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self._s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self.key_id = self.make_key("alias/acme-pulumi")

    def close(self) -> None:
        for client in (self._iam, self._s3, self.kms):
            client.close()

    def make_key(self, alias: str) -> str:
        key_id: str = self.kms.create_key()["KeyMetadata"]["KeyId"]
        self.kms.create_alias(AliasName=alias, TargetKeyId=key_id)
        return key_id

    def user(self, who: str) -> dict[str, str]:
        """The environment of somebody who may do what the page's table says, and nothing else."""
        bucket, objects, key = ROLES[who]
        arn = f"arn:aws:s3:::{BUCKET}"
        # moto takes every key for "*"
        allowed = [(bucket, arn), (objects, f"{arn}/*"), (key, "*")]
        made = self._make_user(re.sub(r"\W+", "-", who), [each for each in allowed if each[0]])
        return {
            "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
            "AWS_ENDPOINT_URL": self._endpoint,
            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def _make_user(self, name: str, allowed: list[tuple[Any, str]]) -> dict[str, str]:
        statements = [{"Effect": "Allow", "Action": actions, "Resource": resource} for actions, resource in allowed]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self._iam.create_user(UserName=name)
        self._iam.put_user_policy(UserName=name, PolicyName="table", PolicyDocument=policy)
        made: dict[str, str] = self._iam.create_access_key(UserName=name)["AccessKey"]
        return made

    def names(self, prefix: str) -> list[str]:
        """The current objects of the bucket whose names begin so."""
        listed = self._s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        return [each["Key"] for each in listed]

    def versions(self, prefix: str = "") -> Iterator[tuple[str, str, bytes]]:
        """Every version of every object that was ever in the bucket: name, version and content, the newest first."""
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix=prefix):
            for each in page.get("Versions", []):
                name, version = each["Key"], each["VersionId"]
                content = self._s3.get_object(Bucket=BUCKET, Key=name, VersionId=version)["Body"].read()
                yield name, version, content

    def restore(self, name: str, version: str) -> None:
        """Make an older version of an object the current one."""
        source = {"Bucket": BUCKET, "Key": name, "VersionId": version}
        self._s3.copy_object(Bucket=BUCKET, Key=name, CopySource=source)

    def unwrap(self, data_key: str) -> tuple[str, bytes]:
        """The ID of the key that wrapped a data key, and the data key."""
        answer = self.kms.decrypt(CiphertextBlob=base64.b64decode(data_key))
        return answer["KeyId"].rpartition("/")[2], answer["Plaintext"]


@contextmanager
def amazon() -> Iterator[Amazon]:
    """Run an AWS account for a while."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a failed test shows thousands of requests
    account = Amazon(endpoint)
    try:
        with enable_iam_authentication():
            yield account
    finally:
        account.close()
        httpx.post(f"{endpoint}/moto-api/reset")  # moto keeps accounts per process
        server.stop()


@dataclass(frozen=True)
class Place:
    """A stack, and where its locks are.

    Attributes:
        stack: the stack.
        locks: lists the locks that are held.
    """

    stack: Stack
    locks: Callable[[], list[str]]


def on_s3(stack: Stack, account: Amazon) -> Place:
    return Place(stack, lambda: account.names(f".pulumi/locks/organization/{stack.project}/{stack.name}/"))


def on_disk(stack: Stack) -> Place:
    directory = stack.backend / ".pulumi/locks/organization" / stack.project / stack.name
    return Place(stack, lambda: [str(path) for path in directory.glob("*.json")])
