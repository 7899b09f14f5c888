"""The parts of the lab that need no cluster: images, certificates, and the newer version."""

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from deploy.k8s.lab.archive import write_archive
from deploy.k8s.lab.cluster.certificates import Authority
from deploy.k8s.lab.newer import NEW_EVENT, copy_with_changes


def test_an_archive_has_the_layer_that_its_configuration_names(tmp_path: Path) -> None:
    program, archive = tmp_path / "pause", tmp_path / "pause.tar"
    program.write_bytes(b"a program")
    write_archive(program, "localhost/pause:lab", archive)
    first = archive.read_bytes()
    write_archive(program, "localhost/pause:lab", archive)
    assert archive.read_bytes() == first
    with tarfile.open(archive) as tar:
        content = {member.name: _read(tar, member) for member in tar.getmembers()}
    (entry,) = json.loads(content["manifest.json"])
    (layer,) = entry["Layers"]
    configuration = json.loads(content[entry["Config"]])
    digest = hashlib.sha256(content[layer]).hexdigest()
    assert configuration["rootfs"]["diff_ids"] == [f"sha256:{digest}"]
    assert configuration["config"] == {"Entrypoint": ["/pause"], "User": "10001:10001"}
    assert entry["RepoTags"] == ["localhost/pause:lab"]


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    assert stream is not None
    return stream.read()


def test_a_certificate_names_its_user_and_is_signed_by_the_authority(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "https://198.51.100.10:6443")
    authority.issue(
        "n1", user="system:node:n1", group="system:nodes", hosts=("198.51.100.11", "n1")
    )
    signer = x509.load_pem_x509_certificate(authority.path.read_bytes())
    certificate = x509.load_pem_x509_certificate(authority.file("n1.crt").read_bytes())
    certificate.verify_directly_issued_by(signer)
    names = {part.oid: part.value for part in certificate.subject}
    assert names == {
        NameOID.COMMON_NAME: "system:node:n1",
        NameOID.ORGANIZATION_NAME: "system:nodes",
    }
    hosts = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert hosts.get_values_for_type(x509.DNSName) == ["n1"]
    assert authority.file("n1.key").stat().st_mode & 0o077 == 0


def test_the_newer_version_has_an_event_that_this_version_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "newer"
    copy_with_changes(folder)
    ask = (
        "from services.registration.app import service; "
        "from shared.contracts.registration import enterprise; "
        f"print(enterprise.{NEW_EVENT}.__name__, enterprise.__file__)"
    )
    answered = subprocess.run([sys.executable, "-c", ask], cwd=folder, capture_output=True)
    assert answered.stdout.decode().split() == [
        NEW_EVENT,
        str(folder / "shared/contracts/registration/enterprise.py"),
    ]
