from pathlib import Path

import pytest

from blackstart.targets.reference.guardrails import object_storage
from blackstart.targets.reference.storage.local import LocalUploads
from blackstart.targets.reference.storage.s3 import S3Uploads

from .making import settings

pytestmark = pytest.mark.anyio


async def test_the_local_disk_gives_back_what_it_was_given(tmp_path: Path) -> None:
    store = LocalUploads(tmp_path / "uploads")
    await store.put("a", b"one")
    await store.put("a", b"two")
    assert await store.get("a") == b"two"
    assert await store.get("b") is None
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["a"]


def test_uploads_go_to_the_object_store_unless_it_is_off(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    on = object_storage.build(settings(S3_ENDPOINT_URL=url))
    off = object_storage.build(
        settings(S3_ENDPOINT_URL=url, GUARDRAILS_OFF="object-storage", DATA_DIR=str(tmp_path))
    )
    assert isinstance(on, S3Uploads)
    assert isinstance(off, LocalUploads)


def test_no_store_configured_is_no_store_and_not_the_disk() -> None:
    assert object_storage.build(settings()) is None


async def test_an_object_store_that_is_not_there_is_not_reachable() -> None:
    store = S3Uploads(endpoint_url="http://127.0.0.1:1", bucket="b", limit_s=1)
    assert not await store.is_reachable()
