from datetime import datetime
from typing import IO, Any

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.sync import formats, uploads
from commerce.sync.models import ImportRun


def upload_file(
    *, file: IO[bytes], name: str, size: int, file_format: str, options: dict[str, Any], person: User, at: datetime
) -> ImportRun:
    """Keep a file of `size` bytes and have it checked by a worker; nothing of it is imported before somebody says so.

    `options` as in `import_file`. Raises `NotAllowed` and `InvalidInput` before anything is kept.
    """
    require(person, "import.run")
    if file_format not in formats.all_formats():
        raise InvalidInput({"file_format": [file_format]})
    judged = {**options, "person": person}
    for entity in formats.entities_of(file_format):
        entity.prepare(judged)
    values = {
        "file_name": name[-255:],
        "path": uploads.keep(file, name, size),
        "format": file_format,
        "options": {word: value for word, value in options.items() if value},
        "actor": person,
    }
    return _accept(values, at=at)


@action
def _accept(values: dict[str, Any], *, at: datetime) -> ImportRun:
    return uploads.accept(values, at=at)
