"""The files of 佐證資料 in a bucket of an S3-compatible store; only with the extra `s3`."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from items.evidence.storage import StoreAway

CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 30, 2
"""Boto3 alone waits for minutes, and meanwhile a store that is away holds a thread of the service."""

Arguments = ParamSpec("Arguments")
Outcome = TypeVar("Outcome")


def _said_as_away(ask: Callable[Arguments, Outcome]) -> Callable[Arguments, Outcome]:
    """What boto3 raises is no OSError, as a full disk is: callers know one error of a store."""

    def asked(*arguments: Arguments.args, **options: Arguments.kwargs) -> Outcome:
        try:
            return ask(*arguments, **options)
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise StoreAway(str(error)) from error

    return asked


class BucketStorage(S3Storage):
    """Django-storages' own, with bounded waiting and one error.

    A file that is not there is a `FileNotFoundError`, as in a folder.
    """

    def __init__(self, **options: Any) -> None:
        config: dict[str, Any] = {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": READ_SECONDS,
            "retries": {"total_max_attempts": TRIES},
        }
        if options.get("endpoint_url"):
            # Stores of other makers have no host name for each bucket, and refuse checksums that
            # boto3 adds by itself since 1.36.
            config["s3"] = {"addressing_style": "path"}
            config["request_checksum_calculation"] = "when_required"
            config["response_checksum_validation"] = "when_required"
        super().__init__(**options, client_config=Config(**config))

    @_said_as_away
    def _open(self, name: str, mode: str = "rb") -> File:
        return super()._open(name, mode)

    @_said_as_away
    def _save(self, name: str, content: File) -> str:
        return super()._save(name, content)

    @_said_as_away
    def delete(self, name: str) -> None:
        super().delete(name)

    @_said_as_away
    def exists(self, name: str) -> bool:
        return super().exists(name)

    @_said_as_away
    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        return super().listdir(name)

    @_said_as_away
    def get_modified_time(self, name: str) -> datetime:
        return super().get_modified_time(name)

    def names_before(self, before: datetime) -> Iterator[str]:
        """What was last written before a moment; a thousand files with each answer of the store."""
        try:
            for stored in self.bucket.objects.all():
                if stored.last_modified < before:
                    yield stored.key
        except (BotoCoreError, ClientError) as error:
            raise StoreAway(str(error)) from error
