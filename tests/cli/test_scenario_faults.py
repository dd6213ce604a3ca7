"""A scenario that cannot be right is refused with file, line, reason and the nearest valid value."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FLAGSHIP = "china-heavy-rare-earths-2025"
GOOD = Path(str(resources.files("lodestock"))).joinpath("reference/scenarios", f"{FLAGSHIP}.yml").read_text("utf-8")


def line_of(text: str, part: str) -> int:
    """The first line (from 1) that holds `part`."""
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def changed(old: str, new: str, key: str = "") -> tuple[str, str]:
    """The flagship with one thing changed, and the line of the key that is then wrong."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    return text, f"line {line_of(text, key or new)}"


FAULTS: dict[str, tuple[tuple[str, str], tuple[str, ...]]] = {
    "regimes by chance": (
        changed("horizon_months:", "regimes: {exporters: [CHN]}\nhorizon_months:", "regimes:"),
        ("regimes: stands in a what-if file", "example-magnet-regimes"),
    ),
    "unknown key": (changed("horizon_months:", "horizon_month:"), ("horizon_month: unknown key", "horizon_months")),
    "wrong unit": (
        changed("high: 4.0, unit: months", "high: 4.0, unit: kg", "commercial_stock:"),
        ("'kg'", "'months'"),
    ),
    "share above one": (
        changed("high: 0.80, unit", "high: 1.80, unit", "controlled_share:"),
        ("outside 0–1", "valid: 1"),
    ),
    "range the wrong way": (
        changed("value: 0.55, low: 0.30", "value: 0.25, low: 0.30", "controlled_share:"),
        ("low ≤ value ≤ high",),
    ),
    "no number": (changed("horizon_months: 12", "horizon_months: a year"), ("horizon_months", "'a year'")),
    "unknown material": (changed("[samarium, gado", "[samarum, gado"), ("samarum", "samarium")),
    "unknown country": (changed("issuer: CHN", "issuer: CHNN"), ("CHNN", "CHN")),
    "unknown mark": (changed("unit: share, mark: prior", "unit: share, mark: priot"), ("priot", "prior")),
    "unknown trade code": (changed('["850511"]', '["850599"]'), ("850599",)),
    "impossible date": (changed("starts: 2025-04-04", "starts: 2025-04-31"), ("starts",)),
    "key stands twice": (changed("issuer: CHN", "issuer: CHN\nissuer: CHN", "issuer:"), ("'issuer' stands twice",)),
    "too few draws": (changed("draws: 4096", "draws: 4"), ("draws", "64")),
    "not YAML": (changed("issuer: CHN", "issuer: [CHN"), ("not valid YAML",)),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_line(cli: Run, tmp_path: Path, case: str) -> None:
    (text, line), parts = FAULTS[case]
    file = tmp_path / "my.yml"
    file.write_text(text, encoding="utf-8")
    where = line if case not in ("key stands twice", "not YAML") else "line "
    cli("brief", "my.yml").refused("my.yml", where, *parts)
    assert not (tmp_path / "out").exists()


def test_all_faults_are_told_at_once(cli: Run, tmp_path: Path) -> None:
    text = (
        GOOD.replace("issuer: CHN", "issuer: CHM").replace("draws: 4096", "draws: 4").replace("mark: seen", "mark: sen")
    )
    (tmp_path / "my.yml").write_text(text, encoding="utf-8")
    done = cli("brief", "my.yml", "--json")
    assert done.code == 2
    why = done.json["error"]["why"]
    assert all(part in why for part in ("CHM", "draws", "'sen'"))


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("bytes.yml", b"id: \xff\xfe\x00", ("UTF-8", "byte 4")),
        ("utf16.yml", GOOD.encode("utf-16"), ("UTF-8",)),
        ("empty.yml", b"", ("not a scenario",)),
        ("list.yml", b"- one\n- two\n", ("not a scenario",)),
        ("page.yml", b"<!DOCTYPE html>\n<html><body>Log in: here</body></html>\n", ("page.yml", "line")),
    ],
    ids=["no UTF-8", "UTF-16", "empty", "a list", "web page"],
)
def test_not_a_scenario(cli: Run, tmp_path: Path, name: str, content: bytes, parts: tuple[str, ...]) -> None:
    (tmp_path / name).write_bytes(content)
    cli("brief", name).refused(name, *parts)


def test_no_such_scenario(cli: Run, tmp_path: Path) -> None:
    cli("brief", "china-heavy-rare-earth-2025").refused("unknown scenario", FLAGSHIP)
    cli("brief", "gone.yml").refused("gone.yml")
    (tmp_path / "folder.yml").mkdir()
    cli("brief", "folder.yml").refused("folder.yml")


def test_every_key_of_a_file_is_listed_by_a_command(cli: Run) -> None:
    for verb, schema in (("brief", "lodestock-scenario/1"), ("simulate", "lodestock-network/1")):
        done = cli(verb, "--keys")
        assert done.code == 0 and done.out.startswith("the file: ") and f"({schema})" in done.out, done.err
        blocks = {item["block"]: item["keys"] for item in cli(verb, "--keys", "--json").json["blocks"]}
        assert "](#" not in done.out + str(blocks) and all(key["meaning"] for key in blocks["file"])
        cli(verb).refused("give a scenario", f"lodestock {verb} --keys")
        assert "\n  horizon_months* (whole number; at least 1, at most 120): months that are simulated\n" in done.out
