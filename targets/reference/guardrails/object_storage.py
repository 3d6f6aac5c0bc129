"""Guardrail ``object-storage``: uploads are kept outside the instance.

Guards: acknowledged uploads from being lost with the instance that took them. Seen by: they are
all there after the instance was re-created with a new disk. Off: they are kept under ``DATA_DIR``
and go with it.
"""

from blackstart.targets.reference.guardrails.catalogue import Guardrail
from blackstart.targets.reference.settings import Settings
from blackstart.targets.reference.storage.local import LocalUploads
from blackstart.targets.reference.storage.s3 import S3Uploads
from blackstart.targets.reference.storage.store import UploadStore


def build(settings: Settings) -> UploadStore | None:
    """Choose where uploads go; ``None`` when no object store is configured."""
    if not settings.on(Guardrail.OBJECT_STORAGE):
        return LocalUploads(settings.data_dir / "uploads")
    # Not silently the local disk, and not silently somebody's cloud either.
    if settings.s3_endpoint_url is None:
        return None
    return S3Uploads(
        endpoint_url=settings.s3_endpoint_url,
        bucket=settings.s3_bucket,
        limit_s=settings.s3_limit_s,
    )
