"""Create the two buckets as they must be: private, encrypted, and versions of what was checked."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAYS_IN_QUARANTINE = 30


def prepare_buckets(client: "S3Client", *, quarantine: str, clean: str, origins: Sequence[str]) -> None:
    """Safe to run again. Only what was checked has versions: what was refused must really go."""
    for bucket in (quarantine, clean):
        _create(client, bucket)
        _close(client, bucket)
    client.put_bucket_versioning(Bucket=clean, VersioningConfiguration={"Status": "Enabled"})
    _forget_after(client, quarantine, days=DAYS_IN_QUARANTINE)
    if origins:
        _admit_pages(client, quarantine, origins)


def _create(client: "S3Client", bucket: str) -> None:
    with suppress(client.exceptions.BucketAlreadyOwnedByYou):
        if client.meta.region_name == "us-east-1":  # S3 refuses its own first region as a constraint
            client.create_bucket(Bucket=bucket)
        else:
            region = {"LocationConstraint": client.meta.region_name}
            client.create_bucket(Bucket=bucket, CreateBucketConfiguration=region)  # type: ignore[arg-type]


def _close(client: "S3Client", bucket: str) -> None:
    client.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    client.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )


def _forget_after(client: "S3Client", bucket: str, *, days: int) -> None:
    """The last broom: the sweeper has long decided by then."""
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "forget",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "Expiration": {"Days": days},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                }
            ]
        },
    )


def _admit_pages(client: "S3Client", bucket: str, origins: Sequence[str]) -> None:
    """A page of the service may post a file here and read the answer."""
    rule = {"AllowedOrigins": list(origins), "AllowedMethods": ["POST"], "ExposeHeaders": ["ETag"]}
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})  # type: ignore[list-item]
