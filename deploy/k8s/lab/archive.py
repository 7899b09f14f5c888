"""Write an image of a single program as an archive (docker-archive), without a builder."""

import hashlib
import io
import json
import platform
import tarfile
from pathlib import Path

USER = "10001:10001"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def write_archive(program: Path, name: str, target: Path) -> None:
    """Write the image `name` that runs a statically linked program as a user without rights."""
    layer = _tar({program.name: program.read_bytes()}, mode=0o755)
    digest = hashlib.sha256(layer).hexdigest()
    configuration = _json(
        {
            "architecture": MACHINES.get(platform.machine(), platform.machine()),
            "os": "linux",
            "config": {"Entrypoint": [f"/{program.name}"], "User": USER},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        }
    )
    file = f"{hashlib.sha256(configuration).hexdigest()}.json"
    entry = {"Config": file, "RepoTags": [name], "Layers": [f"{digest}.tar"]}
    content = {file: configuration, f"{digest}.tar": layer, "manifest.json": _json([entry])}
    target.write_bytes(_tar(content, mode=0o644))


def _tar(files: dict[str, bytes], *, mode: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def _json(content: object) -> bytes:
    return json.dumps(content, sort_keys=True).encode()
