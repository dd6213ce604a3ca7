"""Extracts of policy facts: licences, magnet exports, obligations, stock and impact anchors, systems."""

from __future__ import annotations

from pathlib import Path

import reference_anchors as anchors
from reference_cells import frame_of, precision, read, slug
from reference_writer import Maker, Origin, Writer

# printed share → lowest, highest, how it was read
SHARES = {
    "about 25%": ("0.20", "0.30", "'about' read as five points either way"),
    "about 60%": ("0.55", "0.65", "'about' read as five points either way"),
    "13.5% (computed 19/141)": (f"{19 / 141:.6f}", f"{19 / 141:.6f}", "19 granted of 141 filed"),
    ">50%": ("0.50", "0.60", "'just over half' read as 50 to 60 per cent"),
    "3%": ("0.025", "0.035", "printed to the whole per cent; 5 of 180 is 2.8 per cent"),
}


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
        _licences,
        _magnets,
        anchors.obligations,
        anchors.stockpiles,
        anchors.impacts,
        anchors.systems,
    ):
        make(folder, writer)


MAKERS: dict[str, Maker] = {"policy": policy}
