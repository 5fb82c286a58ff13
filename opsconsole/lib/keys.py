"""The console's own secret key: made once, kept in the data folder, readable by its owner only."""

import secrets
from pathlib import Path


def secret_key_of(folder: Path) -> str:
    """The key in `folder`/secret.key, made when absent. Two processes starting at once agree on one.

    Raises OSError when the folder cannot be written.
    """
    path = folder / "secret.key"
    if path.exists():
        return path.read_text().strip()
    # Whoever reads the database reads the sessions in it.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".secret.{secrets.token_hex(4)}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50))
    try:
        path.hardlink_to(draft)  # fails when another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
