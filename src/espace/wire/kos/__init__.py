"""DICOM manifests of examinations (key object selections): bytes to the values that an entry must agree with."""

from espace.wire.kos.part10 import BEGINNING
from espace.wire.kos.reading import MEDIA_TYPE, KeyObjects, KosResult, read

__all__ = ["BEGINNING", "MEDIA_TYPE", "KeyObjects", "KosResult", "read"]
