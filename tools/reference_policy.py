"""Extracts of policy facts: controls, licences, magnet exports, obligations, stock and impact anchors, systems."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from reference_writer import Maker, Origin, Writer

ISO3 = {"CN": "CHN", "CD": "COD", "ID": "IDN"}
MARKS = {"seen": "seen", "seen (trade site)": "press", "seen, low": "press", "secondary": "press"}
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


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """All rows of a compiled table, every cell as text, blanks as empty text."""
    frame = pl.read_csv(folder / "policy" / f"{name}.csv", infer_schema=False)
    return frame.with_columns(pl.all().fill_null("")).to_dicts()


def precision(date: str) -> str:
    """Day, month or year: how precise an ISO date is; empty for no date."""
    return {10: "day", 7: "month", 4: "year"}.get(len(date), "")


def mark_of(confidence: str) -> str:
    """The evidence mark of a printed confidence; anything that is not seen or press is a prior."""
    return MARKS.get(confidence, "prior")


def frame_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    """Rows of text as a frame in which empty cells are null."""
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.select(pl.all().replace("", None))


def slug(text: str, words: int = 3) -> str:
    """The first words of a text in lower case joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:words])


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


def _obligations(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "crma_obligations"):
        date = re.search(r"\b20\d{2}-\d{2}-\d{2}\b|^20\d{2}$", row["deadline_or_clock"])
        proposal = "proposal" in row["article"]
        out.append(
            {
                "article": row["article"],
                "bound_party": row["who"],
                "obligation": row["obligation"],
                "clock_printed": row["deadline_or_clock"],
                "deadline": date[0] if date else "",
                "deadline_precision": precision(date[0]) if date else "",
                "fields_printed": row["fields_or_rules_for_software"],
                "legal_status": "proposal" if proposal else "in force",
                "source": row["source"],
                "mark": "seen",
            }
        )
    writer.csv(
        frame_of(out),
        "policy",
        "crma_obligation.csv",
        Origin(
            "policy-crma-obligations",
            "Obligations and clocks of Regulation (EU) 2024/1252",
            "2024-05-03",
            "first date of each clock taken out as deadline; the clock as printed stands beside it",
            ("a digest for software, not the legal text",),
        ),
    )


_TONNES = {"short tons": 0.90718474, "t": 1.0, "kg": 0.001, "lb": 0.00045359237}


def _stockpiles(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "stockpile_anchors"):
        mass = re.match(r"([\d.]+)(m?) (short tons|t|kg|lb)\b", row["value"])
        money = re.search(r"= ([\d.]+)m$", row["value"])
        days = {"Japan JOGMEC": ("60", "180"), "South Korea": ("60", "100")}.get(row["system"], ("", ""))
        tonnes = float(mass[1]) * (1e6 if mass[2] else 1) * _TONNES[mass[3]] if mass else None
        out.append(
            {
                "system": row["system"],
                "item": row["item"],
                "value_printed": row["value"],
                "unit_printed": row["unit"],
                "quantity_t": f"{tonnes:.6g}" if tonnes is not None else "",
                "value_musd_central": money[1] if money else "",
                "days_low": days[0],
                "days_high": days[1],
                "source": row["source"] or "not stated",
                "confidence_printed": row["confidence"],
                "mark": mark_of(row["confidence"]),
            }
        )
    for row, before in zip(out[1:], out[:-1], strict=True):
        if row["source"] == "idem":
            row["source"] = before["source"]
    writer.csv(
        frame_of(out),
        "policy",
        "stockpile_anchor.csv",
        Origin(
            "policy-stockpile-anchors",
            "Stocks and stock norms of other countries",
            "2026-01",
            "masses turned into tonnes and amounts into million dollars where the text prints one",
        ),
    )


def _impacts(folder: Path, writer: Writer) -> None:
    out = []
    for row in read(folder, "impact_anchors"):
        bounds = re.match(r"-([\d.]+)bn \(([\d.]+)-([\d.]+)\)", row["value"])
        low, mid, high = (str(-1000 * float(bounds[i])) for i in (3, 1, 2)) if bounds else ("", "", "")
        if row["item"] == "result range (probability weighted)":
            low, high = "-4500", "33"
        out.append(
            {
                "study": row["study"],
                "item": row["item"],
                "value_printed": row["value"],
                "unit_printed": row["unit"],
                "value_musd_low": low,
                "value_musd_central": mid,
                "value_musd_high": high,
                "source": row["source"],
                "confidence_printed": row["confidence"],
                "mark": mark_of(row["confidence"]),
            }
        )
    for row, before in zip(out[1:], out[:-1], strict=True):
        if row["source"] == "idem":
            row["source"] = before["source"]
    writer.csv(
        frame_of(out),
        "policy",
        "impact_anchor.csv",
        Origin(
            "policy-impact-anchors",
            "Published estimates of economic impact",
            "2025-12",
            "losses as negative million dollars where the text prints a central value with a range",
        ),
    )


_ANSWERS = {"y": "yes", "not seen": "not seen", "?": "unknown", "-": "not applicable", "partial": "partial"}


def _systems(folder: Path, writer: Writer) -> None:
    features = (
        "criticality_score",
        "supply_chain_map",
        "trade_monitor",
        "price_monitor",
        "company_level_entry",
        "alerts_or_rapid_response",
        "licence_case_tracking",
        "stock_sizing",
        "scenario_or_stress_test",
        "policy_db",
    )
    out = []
    for row in read(folder, "existing_systems_features"):
        for feature in features:
            printed = row[feature]
            answer = _ANSWERS.get(printed) or ("partial" if "foresight" in printed else "yes")
            out.append(
                {
                    "system": row["system"],
                    "feature": feature.replace("_", " "),
                    "answer": answer,
                    "answer_printed": printed,
                    "detail": row["known_feature_detail"],
                    "source": row["source"],
                    "caveat": row["caveat"],
                }
            )
    writer.csv(
        frame_of(out),
        "policy",
        "system_feature.csv",
        Origin(
            "policy-system-features",
            "Features of nineteen existing systems",
            "2026-01",
            "one row for each system and feature",
            ("'not seen' is not proof of absence",),
        ),
    )


def policy(folder: Path, writer: Writer) -> None:
    """All policy tables."""
    for make in (_controls, _licences, _magnets, _obligations, _stockpiles, _impacts, _systems):
        make(folder, writer)


MAKERS: dict[str, Maker] = {"policy": policy}
