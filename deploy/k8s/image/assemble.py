"""Assemble the environment of an image, inside its build: the code, its commands, its bytecode.

Run as `python3 assemble.py SERVICE`, with the code in `/code`, the libraries in `/opt/gelar`, and
`pyproject.toml` in the working directory.
"""

import compileall
import json
import py_compile
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

CODE, HOME = Path("/code"), Path("/opt/gelar")
WITHOUT_USE = ("RECORD", "direct_url.json", "uv_cache.json", "INSTALLER", "REQUESTED")
SOURCES = ("*.pyi", "*.pyx", "*.pxd", "*.pxi", "*.c", "*.h", "*.hpp")
"""The files of libraries for those who compile or check against them."""
LEXERS = ("__init__", "_mapping", "python", "special", "text")
COMMANDS = {
    "gelar": "from gelar.main import app\napp()\n",
    "serve": "import runpy\nrunpy.run_module({module!r}, run_name='__main__')\n",
}


def main() -> None:
    """Assemble the environment of the service that the argument names."""
    (service,) = sys.argv[1:]
    (libraries,) = HOME.glob("lib/python3*/site-packages")
    for package in CODE.iterdir():
        shutil.copytree(package, libraries / package.name)
    _name_the_release(libraries)
    for path in (HOME / "bin").iterdir():
        if not path.name.startswith("python"):
            path.unlink()
    for command, lines in COMMANDS.items():
        path = HOME / "bin" / command
        module = f"services.{service}.app"
        path.write_text(f"#!{HOME}/bin/python3\n" + lines.format(module=module))
        path.chmod(0o755)
    for name in WITHOUT_USE:
        for path in libraries.glob(f"*.dist-info/{name}"):
            path.unlink()
    for path in set(_unused(libraries)):
        path.unlink()
    _same_each_time(HOME / "sbom.json")
    # Checked by hash and not by time: the files of an image have no times of their own.
    compileall.compile_dir(
        str(libraries),
        quiet=2,
        workers=0,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def _unused(libraries: Path) -> Iterator[Path]:
    """Yield the files of libraries that no service uses."""
    for pattern in SOURCES:
        yield from libraries.rglob(pattern)
    yield from (path for path in libraries.glob("*/tests/**/*") if path.is_file())
    # The tests of numpy's parts, what compiles Fortran, and archives to link against: 20 MB.
    for pattern in ("**/tests/**/*", "f2py/**/*", "**/*.a", "_core/_*tests*.so"):
        yield from (path for path in libraries.glob(f"numpy/{pattern}") if path.is_file())
    # /docs is Swagger's page; the scripts of the other one are not served: 1 MB.
    yield from libraries.glob("fastapi_offline/static/redoc*")
    # The same functions for processors with AVX2 beside those for every processor: 5 MB.
    yield from libraries.glob("rapidfuzz/**/*_avx2*.so")
    # The grammars of 500 languages; an error of the command line shows Python: 7 MB.
    for path in libraries.glob("pygments/lexers/*.py"):
        if path.stem not in LEXERS:
            yield path


def _name_the_release(libraries: Path) -> None:
    """Write what an installed project has: its name and its version, which a process reads."""
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    folder = libraries / f"{project['name']}-{project['version']}.dist-info"
    folder.mkdir()
    lines = ("Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project['version']}")
    (folder / "METADATA").write_text("\n".join(lines) + "\n")


def _same_each_time(bill: Path) -> None:
    """Take the time and the random number out of a bill of materials."""
    content = json.loads(bill.read_text())
    content.pop("serialNumber", None)
    content.get("metadata", {}).pop("timestamp", None)
    bill.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
