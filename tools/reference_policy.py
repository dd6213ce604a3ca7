"""Extracts of policy facts: controls, licences, magnet exports, obligations, stock and impact anchors, systems."""

from __future__ import annotations

import re
from pathlib import Path

import reference_anchors as anchors
from reference_cells import frame_of, mark_of, precision, read, slug
from reference_writer import Maker, Origin, Writer

ISO3 = {"CN": "CHN", "CD": "COD", "ID": "IDN"}
# measure title begins with … → what the measure does
ACTIONS = (
    ("Export licence", "licence"),
    ("Ban to US", "ban"),
    ("Dual-use Export Control", "regulation"),
    ("Extraterritorial", "licence"),
    ("REE technology", "licence"),
    ("Suspension", "suspension"),
    ("First general", "general licence"),
    ("Dual-use ban", "ban"),
    ("State-trading", "exporter list"),
    ("Cobalt export ban", "ban"),
    ("Cobalt export quota", "quota"),
    ("Nickel ore export ban", "ban"),
)
# printed share → lowest, highest, how it was read
SHARES = {
    "about 25%": ("0.20", "0.30", "'about' read as five points either way"),
    "about 60%": ("0.55", "0.65", "'about' read as five points either way"),
    "13.5% (computed 19/141)": (f"{19 / 141:.6f}", f"{19 / 141:.6f}", "19 granted of 141 filed"),
    ">50%": ("0.50", "0.60", "'just over half' read as 50 to 60 per cent"),
    "3%": ("0.025", "0.035", "printed to the whole per cent; 5 of 180 is 2.8 per cent"),
}


def _measure_id(row: dict[str, str]) -> str:
    found = re.search(r"Ann\. (\d+)/(\d{4})", row["instrument"])
    if found and not row["measure"].startswith("Suspension"):
        return f"{row['issuer']}-{found[2]}-{int(found[1]):02d}"
    if found:
        return f"{row['issuer']}-{found[2]}-{int(found[1]):02d}"
    return f"{row['issuer']}-{row['effective'][:4]}-{slug(row['measure'])}"


def _end(row: dict[str, str], effective: dict[str, str]) -> dict[str, str]:
    text = row["end_or_suspended_until"]
    out = dict.fromkeys(("valid_until", "suspended_from", "suspended_until", "suspended_by", "suspended_part"), "")
    date = re.search(r"\d{4}-\d{2}-\d{2}", text)
    if date is None:
        return out
    if "suspended" not in text:
        return {**out, "valid_until": date[0]}
    by = re.search(r"Ann\. (\d+)/(\d{4})", text)
    name = f"{row['issuer']}-{by[2]}-{int(by[1]):02d}" if by else ""
    part = re.match(r"(Art\. \d+) suspended", text)
    return {
        **out,
        "suspended_from": effective.get(name, ""),
        "suspended_until": date[0],
        "suspended_by": name,
        "suspended_part": part[1] if part else "",
    }


def _materials(text: str) -> list[str]:
    if text.startswith("magnets ("):
        return ["magnets (JL Mag, Ningbo Yunsheng, Zhong Ke San Huan)"]
    return [part.strip() for part in text.split(";")]


def _codes(row: dict[str, str], measure: str) -> list[dict[str, str]]:
    text, out = row["hs_codes_seen"].removeprefix("CN10: "), []
    incomplete = "incomplete" in text or "not read" in row["note"]
    for part in [piece.strip() for piece in text.split(";") if piece.strip()]:
        covers = re.search(r"\(([^)]*)\)", part)
        label = covers[1].replace(", list incomplete", "") if covers else ""
        for code in re.findall(r"\d{4,10}", part.split("(")[0]):
            out.append(
                {
                    "measure_id": measure,
                    "code": code,
                    "code_system": "CN10" if len(code) == 10 else f"HS{len(code)}",
                    "hs6": code[:6] if len(code) >= 6 else "",
                    "covers_printed": label,
                    "list_status": "incomplete" if incomplete else "not stated",
                    "note": row["note"] if "not read" in row["note"] else "",
                }
            )
    return out


def _controls(folder: Path, writer: Writer) -> None:
    rows = read(folder, "export_controls_timeline")
    effective = {_measure_id(row): row["effective"] for row in rows}
    assert len(effective) == len(rows), "two measures share an identifier"
    measures, codes = [], []
    for row in rows:
        name = _measure_id(row)
        action = next(act for start, act in ACTIONS if row["measure"].startswith(start))
        for material in _materials(row["materials"]):
            measures.append(
                {
                    "measure_id": name,
                    "material_printed": material,
                    "issuer": ISO3[row["issuer"]],
                    "title": row["measure"],
                    "action": action,
                    "instrument": row["instrument"] or "not stated",
                    "announced": row["announced"],
                    "announced_precision": precision(row["announced"]),
                    "effective": row["effective"],
                    "effective_precision": precision(row["effective"]),
                    **_end(row, effective),
                    "until_printed": row["end_or_suspended_until"],
                    "note": row["note"],
                    "source": row["source"] or "not stated",
                    "confidence_printed": row["confidence"],
                    "mark": mark_of(row["confidence"]),
                }
            )
        codes += _codes(row, name)
    made = "one row for each measure and material; ends and suspensions told apart; dates as precise as known"
    notes = (
        "what applies after the last day of a suspension is not known until someone checks",
        "announcement 18 of 2025 covers SmCo magnets and NdFeB magnets with Tb or Dy, not every magnet",
    )
    writer.csv(
        frame_of(measures),
        "policy",
        "control_measure.csv",
        Origin("policy-control-measures", "Export-control measures 2019-2026", "2026-01", made, notes),
    )
    writer.csv(
        frame_of(codes),
        "policy",
        "control_code.csv",
        Origin(
            "policy-control-codes",
            "Product codes named in export-control measures",
            "2026-01",
            "one row for each code; whether the list that was read is complete stands in list_status",
        ),
    )


def _whole(text: str) -> str:
    return text if text.isdigit() else ""


def _licences(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "licence_statistics"):
        low, high, reading = SHARES.get(row["share_granted"], ("", "", ""))
        assert bool(row["share_granted"]) == bool(reading), row
        out.append(
            {
                "statistic_id": f"{row['date']}-{slug(row['population'])}",
                "date": row["date"],
                "date_precision": precision(row["date"]),
                "population": row["population"],
                "filed": _whole(row["filed"]),
                "filed_printed": row["filed"],
                "granted": _whole(row["granted"]),
                "granted_printed": row["granted"],
                "pending": _whole(row["pending"]),
                "rejected": _whole(row["rejected"]),
                "share_printed": row["share_granted"],
                "share_low": low,
                "share_high": high,
                "reading": reading,
                "lead_time_printed": row["lead_time_info"],
                "other_printed": row["other"],
                "source": row["source"],
                "mark": "seen" if row["source"].startswith("clepa.eu") else "press",
            }
        )
    writer.csv(
        frame_of(out),
        "policy",
        "licence_statistic.csv",
        Origin(
            "policy-licence-statistics",
            "Export licences filed and granted, 2025",
            "2025-11",
            "printed shares read as a lowest and a highest value; the reading stands beside them",
            ("statements and press figures about different populations; not to be added up",),
        ),
    )


_GOODS = {
    "World (all rare earths, not magnets)": ("all rare earths", "WLD"),
    "World Dy (kg, not t)": ("dysprosium", "WLD"),
    "World Tb (kg, not t)": ("terbium", "WLD"),
    "World": ("rare-earth magnets", "WLD"),
    "EU": ("rare-earth magnets", "EU27"),
    "Germany": ("rare-earth magnets", "DEU"),
    "US": ("rare-earth magnets", "USA"),
    "South Korea": ("rare-earth magnets", "KOR"),
    "Vietnam": ("rare-earth magnets", "VNM"),
    "Japan": ("rare-earth magnets", "JPN"),
}


def _months(period: str) -> tuple[str, str]:
    """First and last month of `2025`, `2025-07`, `2025-H1` or `2025-01..07`."""
    year = period[:4]
    if len(period) == 4:
        return f"{year}-01", f"{year}-12"
    if period.endswith("H1"):
        return f"{year}-01", f"{year}-06"
    if ".." in period:
        return period[:7], f"{year}-{period[-2:]}"
    return period, period


def _fraction(text: str) -> str:
    return f"{float(text) / 100:.6g}" if text else ""


def _magnets(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "magnet_exports_monthly"):
        goods, destination = _GOODS[row["destination"]]
        start, end = _months(row["period"])
        in_kg = row["derived"] == "unit kg"
        derived = "" if in_kg else row["derived"]
        out.append(
            {
                "goods": goods,
                "period": row["period"],
                "destination": destination,
                "period_start": start,
                "period_end": end,
                "quantity_t": f"{float(row['tonnes']) / (1000 if in_kg else 1):.6g}",
                "quantity_status": "estimated" if derived else "reported",
                "change_year": _fraction(row["yoy_pct"]),
                "change_month": _fraction(row["mom_pct"]),
                "value_kusd": f"{float(row['value_usd']) / 1000:.6g}" if row["value_usd"] else "",
                "derived": derived,
                "source": row["source"],
                "mark": "press",
                "flags": "press, to be re-sourced",
            }
        )
    writer.csv(
        frame_of(out),
        "policy",
        "magnet_export.csv",
        Origin(
            "policy-magnet-exports",
            "China's magnet and rare-earth exports by month, press figures",
            "2026-01",
            "periods as first and last month; dysprosium and terbium turned from kilograms into tonnes",
            ("press figures of Chinese customs data without an address: to be re-sourced",),
        ),
    )


def policy(folder: Path, writer: Writer) -> None:
    """All policy tables."""
    for make in (
        _controls,
        _licences,
        _magnets,
        anchors.obligations,
        anchors.stockpiles,
        anchors.impacts,
        anchors.systems,
    ):
        make(folder, writer)


MAKERS: dict[str, Maker] = {"policy": policy}
