"""The house's own rules as failing tests that say what to do instead."""

import re
import tomllib
from pathlib import Path

from tests.house.reading import ROOT, modules

FUNCTION_LINES_MAX = 40
MODULE_LINES_MAX = 300
FORBIDDEN = {"utils", "helpers", "common", "base", "models", "types", "constants", "managers"}
SUFFIXES = ("Event", "Command", "DTO", "Manager", "Impl")
SERVICES = ("registration", "selection", "budget", "reporting")


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [module.path for module in modules() if module.text and not module.docstring]
    assert not silent, f"open these with a docstring for whoever reads them at 3 a.m.: {silent}"


def test_functions_are_short() -> None:
    long = [
        f"{module.path}:{line} {name}"
        for module in modules()
        for line, name, lines in module.functions
        if lines > FUNCTION_LINES_MAX
    ]
    # `build` wires a service part by part: cutting it would hide the order, not the length.
    long = [function for function in long if not function.startswith("shared/service/wiring.py")]
    assert not long, f"split what these functions do: {long}"


def test_modules_are_short() -> None:
    long = [module.path for module in modules() if module.text.count("\n") > MODULE_LINES_MAX]
    assert not long, f"split these by a noun of the domain, never by kind: {long}"


def test_modules_have_names_of_the_domain() -> None:
    bad = [module.path for module in modules() if Path(module.path).stem in FORBIDDEN]
    assert not bad, (
        f"name these after what they hold, not after what kind of drawer they are: {bad}"
    )


def test_classes_carry_no_empty_suffix() -> None:
    bad = [
        f"{module.path} {name}"
        for module in modules()
        for name in module.classes
        # The base of all events is simply called Event.
        if name.endswith(SUFFIXES) and name != "Event"
    ]
    assert not bad, f"say what it is: {bad}"


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [
        f"{module.path}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if marks.search(line) and "marks" not in line
    ]
    assert not left, f"do it or open an issue: {left}"


def test_every_exception_to_a_tool_has_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(: [A-Z0-9, ]+)?|type: ignore(\[[a-z-, ]+\])?)\s*$")
    left = [
        f"{module.path}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if bare.search(line)
    ]
    assert not left, f"say why after the mark: {left}"


def test_every_service_explains_itself() -> None:
    missing = [
        f"services/{service}/{part}"
        for service in SERVICES
        for part in ("README.md", "app.py", "views.py", "reactions.py")
        if not (ROOT / "services" / service / part).exists()
        and not (ROOT / "services" / service / part.removesuffix(".py")).is_dir()
        # Reporting commands nothing, so it has no reactions.
        and (service, part) != ("reporting", "reactions.py")
    ]
    assert not missing, f"a newcomer looks for these: {missing}"


def test_the_makefile_pins_the_uv_of_the_lock() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    (locked,) = {item["version"] for item in lock["package"] if item["name"] == "uv"}
    assert f"UV_VERSION := {locked}\n" in (ROOT / "Makefile").read_text()


def test_no_path_of_a_machine_is_written_down() -> None:
    machine = re.compile(r"/(work|root|home)/")
    files = [ROOT / "README.md", ROOT / "Makefile", *ROOT.glob("docs/**/*.md")]
    bad = [f.name for f in files if machine.search(f.read_text())]
    assert not bad, f"these name a path of one machine: {bad}"
